from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .visit_common import VisitCase


@tagged("post_install", "-at_install")
class TestServiceWorkLine(VisitCase):
    def test_hours_take_what_is_left_and_the_rest_is_billed(self):
        """Covers: SRV-08"""
        entitlement = self.entitlement(kind="hours", quantity=120.0)
        entitlement._consume(entitlement.remaining - 1.5)
        ticket = self.ticket()
        line = self.work(ticket, quantity=4.0)
        self.assertEqual(line.coverage, "covered")
        line.action_confirm()
        self.assertRecordValues(
            ticket.work_line_ids.sorted("id"),
            [
                {
                    "quantity": 1.5,
                    "coverage": "covered",
                    "entitlement_id": entitlement.id,
                    "amount": 0.0,
                    "invoice_status": "no",
                },
                {
                    "quantity": 2.5,
                    "coverage": "billable",
                    "entitlement_id": False,
                    "amount": 250.0,
                    "invoice_status": "to_invoice",
                },
            ],
        )
        self.assertEqual(entitlement.remaining, 0.0)

    def test_warranty_covers_hours_and_parts(self):
        """Covers: SRV-08"""
        asset = self.asset(delivery_date=self.today)
        ticket = self.ticket(asset_id=asset.id)
        lines = self.work(ticket) | self.work(
            ticket, kind="part", product_id=self.part.id
        )
        lines.action_confirm()
        self.assertEqual(set(lines.mapped("coverage")), {"covered"})

    def test_goodwill_is_not_billed_and_uses_up_nothing(self):
        """Covers: SRV-08"""
        entitlement = self.entitlement(kind="hours", quantity=12.0)
        left = entitlement.remaining
        line = self.work(self.ticket(), goodwill=True)
        line.action_confirm()
        self.assertEqual(line.coverage, "goodwill")
        self.assertEqual(entitlement.remaining, left)
        self.assertEqual(line.invoice_status, "no")

    def test_an_override_by_the_manager_decides_the_work_too(self):
        """Covers: SRV-03, SRV-08"""
        ticket = self.ticket()
        line = self.work(ticket)
        self.assertEqual(line.coverage, "billable")
        ticket.with_user(self.leader)._override_decision("covered", "Our mistake")
        self.assertEqual(line.coverage, "covered")

    def test_one_draft_invoice_a_customer_and_each_line_once(self):
        """Covers: SRV-08"""
        self.need_accounts()
        first, second = self.ticket(), self.ticket()
        other = self.ticket(partner_id=self.customer("Somebody else").id)
        lines = self.work(first) | self.work(second, quantity=2) | self.work(other)
        lines.action_confirm()
        moves = lines._create_invoices()
        self.assertEqual(len(moves), 2)
        mine = moves.filtered(lambda m: m.partner_id == self.partner)
        self.assertRecordValues(mine, [{"state": "draft", "amount_untaxed": 300.0}])
        self.assertIn(first.number, mine.invoice_origin)
        self.assertFalse(lines._create_invoices())
        late = self.work(first)
        late.action_confirm()
        self.assertEqual(late._create_invoices(), mine)
        self.assertEqual(mine.amount_untaxed, 400.0)

    def test_work_of_a_deleted_or_cancelled_invoice_is_billed_again(self):
        """Covers: SRV-08"""
        self.need_accounts()
        line = self.work(self.ticket())
        line.action_confirm()
        line._create_invoices().unlink()
        self.assertEqual(line.invoice_status, "to_invoice")
        move = line._create_invoices()
        move.button_cancel()
        self.assertEqual(line.invoice_status, "to_invoice")

    def test_an_agent_without_accounting_rights_prepares_the_invoice(self):
        """Covers: SRV-08"""
        self.need_accounts()
        line = self.work(self.ticket()).with_user(self.agent)
        line.action_confirm()
        line.action_create_invoices()
        self.assertEqual(line.invoice_status, "invoiced")

    def test_confirmed_work_stands_and_is_given_back_when_cancelled(self):
        entitlement = self.entitlement(kind="hours", quantity=12.0)
        left = entitlement.remaining
        line = self.work(self.ticket(), quantity=0.5)
        line.action_confirm()
        with self.assertRaises(UserError):
            line.quantity = 3
        with self.assertRaises(UserError):
            line.unlink()
        line.action_cancel()
        self.assertEqual(entitlement.remaining, left)
        self.assertEqual(line.cost, 0.0)

    def test_the_cost_of_covered_work_lowers_the_profit_of_its_contract(self):
        """Covers: SRV-02, SRV-15"""
        entitlement = self.entitlement(kind="hours", quantity=120.0)
        contract = entitlement.contract_id
        line = self.work(self.ticket(), quantity=2)
        line.action_confirm()
        contract.invalidate_recordset()
        self.assertEqual(contract.service_cost, 80.0)
        self.assertEqual(contract.profit_amount, -80.0)
        self.env.flush_all()
        rows = self.env["service.contract.report"]._read_group(
            [("contract_id", "=", contract.id)], [], ["cost:sum"]
        )
        self.assertEqual(rows, [(80.0,)])

    def test_the_discount_of_the_contract_is_given_on_what_is_billed(self):
        """Covers: SRV-08"""
        entitlement = self.entitlement(kind="hours", quantity=12.0)
        entitlement._consume(entitlement.remaining)
        self.env["service.entitlement"].create(
            {
                "name": "Rebate",
                "contract_line_id": entitlement.contract_line_id.id,
                "kind": "discount",
                "quantity": 10,
            }
        )
        ticket = self.ticket()
        self.assertEqual(ticket.decision_id.outcome, "exhausted")
        line = self.work(ticket)
        self.assertEqual((line.coverage, line.amount), ("billable", 90.0))

    def test_a_technician_sees_his_own_work_and_no_cost(self):
        """Covers: SRV-07"""
        own = self.work(self.ticket(), employee_id=self.ann.id)
        other = self.work(self.ticket(), employee_id=self.bob.id)
        lines = self.env["service.work.line"].with_user(self.ann_user)
        found = lines.search([("id", "in", (own | other).ids)])
        self.assertEqual(found, own)
        self.assertNotIn("cost", lines.fields_get())
        with self.assertRaises(AccessError):
            other.with_user(self.ann_user).read(["name"])

    def test_the_work_of_another_company_is_not_seen(self):
        line = self.work(self.ticket())
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "work_elsewhere",
            groups="crm_service.group_service_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        lines = self.env["service.work.line"].with_user(user)
        self.assertFalse(lines.search([("id", "=", line.id)]))
