from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestQuota(TransactionCase):
    """Targets in March 2001, when nobody else traded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "quota_seller", groups="sales_team.group_sale_salesman"
        )
        cls.other = new_test_user(
            cls.env, "quota_other", groups="sales_team.group_sale_salesman"
        )
        cls.team = cls.env["crm.team"].create({"name": "Quota team"})
        cls.family = cls.env["product.category"].create({"name": "Quota family"})
        child = cls.family.create({"name": "Child", "parent_id": cls.family.id})
        cls.product = cls.env["product.product"].create(
            {"name": "Sold", "type": "service", "categ_id": child.id}
        )
        cls.tax = cls.env["account.tax"].create({"name": "Quota 10 %", "amount": 10})
        cls.customer = cls.env["res.partner"].create(
            {"name": "Quota customer", "is_company": True}
        )

    def quota(self, kind="person", basis="invoiced", target=1000, **values):
        subject = {
            "person": {"user_id": self.seller.id},
            "team": {"team_id": self.team.id},
            "family": {"categ_id": self.family.id},
            "customer": {"partner_id": self.customer.id},
        }[kind]
        return self.env["crm.quota"].create(
            {
                "kind": kind,
                "basis": basis,
                "target": target,
                "date_start": date(2001, 3, 1),
                "date_end": date(2001, 3, 31),
                **subject,
                **values,
            }
        )

    def invoice(self, amount, day="2001-03-31", move_type="out_invoice"):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_user_id": self.seller.id,
                "team_id": self.team.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": amount,
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def pay(self, invoice, amount, day):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create(
            {"amount": amount, "payment_date": day}
        ).action_create_payments()

    def test_invoices_less_refunds_count_without_tax_for_every_kind(self):
        """Covers: SAL-07"""
        quotas = self.env["crm.quota"].concat(
            *(self.quota(kind) for kind in ("person", "team", "family", "customer"))
        )
        self.invoice(500)
        self.invoice(100, move_type="out_refund")
        self.invoice(9999, day="2001-04-01")
        for quota in quotas:
            self.assertEqual((quota.attained, quota.attainment), (400, 40))

    def test_money_received_counts_without_its_share_of_tax(self):
        """Covers: SAL-07"""
        quota = self.quota(basis="paid")
        self.pay(self.invoice(1000), 550, "2001-03-31")
        self.assertAlmostEqual(quota.attained, 500)

    def test_a_credit_note_set_against_an_invoice_is_no_money(self):
        quota = self.quota(basis="paid")
        moves = self.invoice(100) + self.invoice(100, move_type="out_refund")
        lines = moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(quota.attained, 0)

    def test_confirmed_orders_count_at_the_rate_of_the_order(self):
        """Covers: SAL-07"""
        quota = self.quota(basis="ordered")
        currency = self.env.ref("base.EUR")
        if currency == self.env.company.currency_id:
            currency = self.env.ref("base.USD")
        currency.active = True
        currency.rate_ids.unlink()
        currency.rate_ids = [Command.create({"name": "2000-01-01", "rate": 2.0})]
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.seller.id,
                "team_id": self.team.id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 600})
                ],
            }
        )
        self.assertEqual(quota.attained, 0)
        order.action_confirm()
        order.date_order = "2001-03-10 08:00:00"
        quota.invalidate_recordset()
        self.assertAlmostEqual(quota.attained, 300)

    def test_the_best_attainment_ranks_first(self):
        """Covers: SAL-07"""
        first = self.quota(target=400)
        second = self.quota(target=100, user_id=self.other.id)
        self.invoice(200)
        self.env.flush_all()
        rows = self.env["crm.quota.report"].search(
            [("quota_id", "in", (first + second).ids)], order="rank"
        )
        self.assertEqual(rows.quota_id[:1], first)
        self.assertEqual(rows.mapped("rank")[0], 1)

    def test_80_targets_cost_as_many_queries_as_one(self):
        quotas = self.env["crm.quota"].concat(*(self.quota() for _n in range(80)))
        counts = []
        for some in (quotas[:1], quotas):
            self.env.invalidate_all()
            some.mapped("target")
            before = self.cr.sql_log_count
            some.mapped("attained")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_a_target_needs_its_subject(self):
        with self.assertRaises(ValidationError), mute_logger("odoo.sql_db"):
            self.quota("team", team_id=False)

    def test_a_seller_sees_own_targets_and_cannot_change_them(self):
        mine, other = self.quota(), self.quota(user_id=self.other.id)
        Quota = self.env["crm.quota"].with_user(self.seller)
        found = Quota.search([("id", "in", (mine + other).ids)])
        self.assertEqual(found, mine)
        with self.assertRaisesRegex(Exception, "allowed|access"):
            found.target = 1
