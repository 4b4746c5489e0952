from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestCommission(OrderToCashCommon):
    """Covers: SAL-08"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.crm_b2b_quotation_approval = False
        cls.agent = cls.env["res.partner"].create(
            {"name": "Agent", "agent": True, "agent_type": "agent"}
        )
        cls.customer.commission_agent_ids = cls.agent
        cls.next_quarter = fields.Date.today() + timedelta(days=100)

    def _commission(self, **values):
        self.agent.commission_id = self.env["commission"].create(
            {"name": "Ten percent", "fix_qty": 10.0, **values}
        )
        return self.agent.commission_id

    def _settle(self, kind):
        self.env["commission.make.settle"].create(
            {
                "settlement_type": kind,
                "agent_ids": self.agent.ids,
                "date_to": self.next_quarter,
            }
        ).action_settle()
        return self.env["commission.settlement"].search(
            [("agent_id", "=", self.agent.id)]
        )

    def _refund(self, move):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id})
        )
        refund = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        refund.invoice_date = fields.Date.today()
        refund.action_post()
        return refund

    def test_a_refund_takes_the_commission_of_its_invoice_back(self):
        self._commission()
        move = self.invoice(self.quote())
        settlement = self._settle("sale_invoice")
        self.assertAlmostEqual(settlement.total, 100.0)
        self._refund(move)
        self.assertAlmostEqual(sum(self._settle("sale_invoice").mapped("total")), 0.0)

    def test_commission_by_payment_is_earned_when_the_invoice_is_paid(self):
        self._commission(invoice_state="paid")
        move = self.invoice(self.quote())
        self.assertFalse(self._settle("sale_invoice").line_ids)
        self.pay(move)
        self.assertAlmostEqual(sum(self._settle("sale_invoice").mapped("total")), 100.0)

    def test_commission_by_order_is_earned_once_and_not_again_by_the_invoice(self):
        self._commission(settlement_type="sale_order")
        order = self.quote()
        self.assertAlmostEqual(self._settle("sale_order").total, 100.0)
        move = self.invoice(order)
        self.assertFalse(move.invoice_line_ids.agent_ids)
        self.assertAlmostEqual(sum(self._settle("sale_order").mapped("total")), 100.0)

    def test_a_quotation_earns_nothing(self):
        self._commission(settlement_type="sale_order")
        self.quote(confirm=False)
        self.assertFalse(self._settle("sale_order"))

    def test_a_cancelled_order_gives_its_commission_back(self):
        self._commission(settlement_type="sale_order")
        order = self.quote()
        self.assertAlmostEqual(self._settle("sale_order").total, 100.0)
        order._action_cancel()
        self.assertAlmostEqual(sum(self._settle("sale_order").mapped("total")), 0.0)

    def test_a_refund_takes_back_what_the_order_had_earned(self):
        self._commission(settlement_type="sale_order")
        order = self.quote()
        self.assertAlmostEqual(self._settle("sale_order").total, 100.0)
        self._refund(self.invoice(order))
        self.assertAlmostEqual(sum(self._settle("sale_order").mapped("total")), 0.0)

    def test_commission_on_margin_counts_the_unit_and_the_currency_of_the_line(self):
        self._commission(amount_base_type="net_amount")
        company = self.env.company
        dozen = self.env.ref("uom.product_uom_dozen")
        self.resin.standard_price = 5.0
        foreign = self.env["res.currency"].create({"name": "XKV", "symbol": "x"})
        self.env["res.currency.rate"].create(
            {
                "currency_id": foreign.id,
                "company_id": company.id,
                "name": "2020-01-01",
                "rate": 2.0,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        order = self.quote(quantity=1, price=200.0, confirm=False)
        order.pricelist_id = pricelist
        order.order_line.write({"product_uom_id": dozen.id, "price_unit": 200.0})
        # 12 pieces cost 60 in our currency, 120 in theirs: margin 80
        self.assertAlmostEqual(order.order_line.agent_ids.amount, 8.0)

    def test_tiers_pay_the_rate_of_the_interval(self):
        self._commission(
            commission_type="section",
            section_ids=[
                Command.create({"amount_from": 0, "amount_to": 500, "percent": 2}),
                Command.create({"amount_from": 500.01, "amount_to": 1e6, "percent": 5}),
            ],
        )
        self.assertAlmostEqual(self.quote(quantity=4).order_line.agent_ids.amount, 8.0)
        self.assertAlmostEqual(
            self.quote(quantity=10).order_line.agent_ids.amount, 50.0
        )

    def test_nothing_is_paid_before_the_statement_is_approved(self):
        self._commission()
        self.invoice(self.quote())
        settlement = self._settle("sale_invoice")
        journal = self.company_data["default_journal_purchase"]
        with self.assertRaisesRegex(UserError, "Approve these statements first"):
            settlement.make_invoices(journal, self.resin)
        settlement.action_approve()
        bill = settlement.make_invoices(journal, self.resin)
        self.assertEqual((bill.move_type, bill.partner_id), ("in_invoice", self.agent))
        self.assertEqual(settlement.state, "invoiced")

    def test_payroll_takes_approved_statements_of_own_salespeople_only(self):
        self._commission()
        self.invoice(self.quote())
        settlement = self._settle("sale_invoice")
        settlement.action_approve()
        with self.assertRaisesRegex(UserError, "own salespeople"):
            settlement.action_hand_to_payroll()
        self.agent.agent_type = "salesperson"
        settlement.action_hand_to_payroll()
        self.assertEqual(settlement.state, "payroll")

    def test_nobody_approves_the_own_statement(self):
        self._commission()
        self.invoice(self.quote())
        settlement = self._settle("sale_invoice")
        self.seller.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.agent = self.seller.partner_id
        settlement.agent_id = self.agent
        with self.assertRaisesRegex(UserError, "your own statement"):
            settlement.with_user(self.seller).action_approve()

    def test_a_salesperson_reads_own_statements_and_approves_none(self):
        self._commission()
        self.invoice(self.quote())
        settlement = self._settle("sale_invoice")
        Settlement = self.env["commission.settlement"].with_user(self.seller)
        self.assertFalse(Settlement.search([("id", "=", settlement.id)]))
        settlement.agent_id = self.seller.partner_id
        self.assertTrue(Settlement.search([("id", "=", settlement.id)]))
        with self.assertRaises(AccessError):
            settlement.with_user(self.seller).write({"approved_by_id": self.seller.id})

    def test_no_reused_addon_shows_an_app_of_its_own(self):
        """Covers: SAL-08, SAL-12, SAL-13"""
        menu = self.env.ref("commission_oca.menu_commission")
        self.assertEqual(menu.parent_id, self.env.ref("crm.crm_menu_root"))
