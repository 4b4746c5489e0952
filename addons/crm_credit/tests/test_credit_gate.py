from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import format_date


@tagged("post_install", "-at_install")
class TestCreditGate(TransactionCase):
    """Covers: SAL-19, SRV-05"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write(
            {
                "credit_warn_percent": 80,
                "credit_over_limit": "block",
                "credit_overdue_days": 30,
                "credit_overdue": "block",
            }
        )
        cls.seller = new_test_user(cls.env, "gate_seller", groups="base.group_user")
        cls.finance = new_test_user(
            cls.env,
            "gate_finance",
            groups="account.group_account_invoice,crm_credit.group_credit_release",
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Gate Ltd", "is_company": True, "credit_limit": 1000.0}
        )
        cls.today = fields.Date.context_today(cls.customer)

    def _invoice(self, amount, due_days_ago=-30, partner=None):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.customer).id,
                "invoice_date": self.today - timedelta(days=max(due_days_ago, 0)),
                "invoice_date_due": self.today - timedelta(days=due_days_ago),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Primer", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _check(self, amount=100.0, stage="order", user=None):
        """What the gate says about a new document (a contact stands in for it)."""
        document = self.env["res.partner"].create(
            {"name": "Document", "parent_id": self.customer.id}
        )
        document = document.with_user(user or self.seller)
        return document._credit_gate(stage, {document: (document, amount)})[document]

    def test_a_customer_within_the_limit_passes(self):
        self._invoice(500)
        check = self._check(100)
        self.assertRecordValues(
            check.sudo(), [{"result": "allow", "exposure": 500.0, "limit": 1000.0}]
        )

    def test_near_the_limit_the_gate_warns_and_lets_pass(self):
        self._invoice(750)
        check = self._check(100).sudo()
        self.assertEqual(check.result, "warn")
        self.assertIn("near the limit", check.reason)

    def test_above_the_limit_business_stops_and_the_reason_has_the_figures(self):
        self._invoice(950)
        check = self._check(100).sudo()
        self.assertEqual(check.result, "block")
        self.assertIn("1,050.00", check.reason)
        self.assertIn("1,000.00", check.reason)

    def test_a_long_overdue_invoice_stops_business_and_is_named(self):
        late = self._invoice(10, due_days_ago=31)
        self._invoice(10, due_days_ago=5)
        check = self._check(1).sudo()
        self.assertEqual(check.result, "block")
        self.assertIn(late, check.move_ids)
        self.assertEqual(check.overdue_days, 31)

    def test_a_customer_without_limit_is_not_stopped_by_amount(self):
        self.customer.credit_limit = 0
        self._invoice(5000)
        self.assertEqual(self._check(9000).sudo().result, "allow")

    def test_a_refund_brings_the_exposure_down(self):
        invoice = self._invoice(950)
        invoice._reverse_moves([{"date": self.today}], cancel=True)
        self.assertEqual(self._check(100).sudo().result, "allow")

    def test_a_seller_who_sees_no_invoices_meets_the_same_gate(self):
        self._invoice(950)
        self.assertFalse(
            self.env["account.move"].with_user(self.seller).has_access("read")
        )
        self.assertEqual(self._check(100, user=self.seller).sudo().result, "block")

    def test_a_release_lets_pass_once_and_is_used_up(self):
        self._invoice(950)
        release = (
            self.env["crm.credit.release"]
            .with_user(self.finance)
            .create({"partner_id": self.customer.id, "reason": "Paid by Friday"})
        )
        check = self._check(100).sudo()
        self.assertRecordValues(check, [{"result": "warn", "release_id": release.id}])
        self.assertEqual(release.state, "used")
        self.assertEqual(self._check(100).sudo().result, "block")

    def test_a_release_until_a_day_serves_until_then_up_to_its_amount(self):
        self._invoice(950)
        release = (
            self.env["crm.credit.release"]
            .with_user(self.finance)
            .create(
                {
                    "partner_id": self.customer.id,
                    "reason": "Insured",
                    "amount": 200,
                    "single_use": False,
                    "date_end": self.today + timedelta(days=1),
                }
            )
        )
        self.assertEqual(self._check(200).sudo().result, "warn")
        self.assertEqual(self._check(201).sudo().result, "block")
        self.assertEqual(self._check(150).sudo().result, "warn")
        release.date_end = self.today - timedelta(days=1)
        self.assertEqual(self._check(150).sudo().result, "block")

    def test_a_release_without_any_end_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "end date"):
            self.env["crm.credit.release"].create(
                {
                    "partner_id": self.customer.id,
                    "reason": "for ever",
                    "single_use": False,
                }
            )

    def test_a_document_that_passed_today_is_not_asked_again(self):
        document = self.env["res.partner"].create(
            {"name": "Order", "parent_id": self.customer.id}
        )
        first = self.customer._credit_gate("order", {document: (document, 100)})
        self.customer.credit_hold = True
        again = self.customer._credit_gate("order", {document: (document, 100)})
        more = self.customer._credit_gate("order", {document: (document, 101)})
        self.assertEqual(again, first)
        self.assertEqual(more[document].result, "block")

    def test_two_orders_in_one_batch_see_each_other(self):
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.customer.id}
                for name in ("First", "Second")
            ]
        )
        checks = self.customer._credit_gate(
            "order", {contact: (contact, 600.0) for contact in contacts}
        )
        self.assertEqual(
            [check.result for check in checks.values()], ["allow", "block"]
        )

    def test_a_hold_by_hand_stops_everything(self):
        self.customer.credit_hold = True
        self.assertEqual(self._check(0).sudo().result, "block")
        self.assertEqual(self.customer.credit_state, "block")

    def test_the_account_says_beside_its_name_until_when_it_is_released(self):
        self.assertFalse(self.customer.credit_badge)
        self.customer.credit_hold = True
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.credit_badge, "On credit hold")
        release = (
            self.env["crm.credit.release"]
            .with_user(self.finance)
            .create({"partner_id": self.customer.id, "reason": "Paid by phone"})
        )
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.credit_badge, "On credit hold - released once")
        self.assertIn("Released by finance once.", self.customer.credit_state_reason)
        release.write({"single_use": False, "date_end": self.today})
        self.customer.invalidate_recordset()
        until = format_date(self.env, self.today)
        self.assertEqual(
            self.customer.credit_badge, f"On credit hold - released until {until}"
        )
        self.assertIn(f"until {until}.", self.customer.credit_state_reason)
        release.with_user(self.finance).action_revoke()
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.credit_badge, "On credit hold")

    def test_posting_invoices_is_never_stopped_by_one_customer(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self._invoice(5000)
        drafts = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_line_ids": [
                        Command.create({"name": "X", "price_unit": 100})
                    ],
                }
                for partner in (self.customer, other)
            ]
        )
        drafts.action_post()
        self.assertEqual(set(drafts.mapped("state")), {"posted"})

    def test_a_decision_can_be_neither_changed_nor_deleted(self):
        check = self._check(100).sudo()
        with self.assertRaises(UserError):
            check.result = "allow"
        with self.assertRaises(UserError):
            check.unlink()

    def test_a_seller_can_neither_write_decisions_nor_release(self):
        with self.assertRaises(AccessError):
            self.env["crm.credit.check"].with_user(self.seller).create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "stage": "order",
                    "result": "allow",
                }
            )
        with self.assertRaises(AccessError):
            self.env["crm.credit.release"].with_user(self.seller).create(
                {"partner_id": self.customer.id, "reason": "me"}
            )

    def test_another_companys_invoices_and_releases_do_not_count(self):
        other = self.env["res.company"].create({"name": "Gate Other Co"})
        self._invoice(950)
        self.env["crm.credit.release"].create(
            {"partner_id": self.customer.id, "reason": "x", "company_id": other.id}
        )
        self.assertEqual(self._check(100).sudo().result, "block")
        elsewhere = self.customer.with_company(other).with_context(
            allowed_company_ids=other.ids
        )
        facts = elsewhere._get_credit_inputs()[self.customer.id].facts
        self.assertEqual((facts.exposure, facts.overdue_amount), (0.0, 0))

    def test_the_number_of_queries_does_not_grow_with_the_customers(self):
        def cost(count):
            partners = self.env["res.partner"].create(
                [{"name": f"Q{i}", "is_company": True} for i in range(count)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            # the reader's time zone: read when the environment of an earlier call is
            # gone, and remembered while it lives
            self.env.user.tz  # noqa: B018
            before = self.env.cr.sql_log_count
            partners.mapped("credit_state")
            return self.env.cr.sql_log_count - before

        cost(2)  # what is remembered for all customers
        self.assertEqual(cost(60), cost(3))
