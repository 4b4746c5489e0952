from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCreditGateOnOrders(TransactionCase):
    """Covers: SAL-19"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.credit_over_limit = "block"
        cls.seller = new_test_user(
            cls.env,
            "credit_seller",
            groups="sales_team.group_sale_salesman_all_leads,stock.group_stock_user",
        )
        cls.finance = new_test_user(
            cls.env,
            "credit_finance",
            groups="sales_team.group_sale_salesman_all_leads,"
            "account.group_account_invoice,crm_credit.group_credit_release",
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Resin", "type": "consu", "list_price": 100, "taxes_id": False}
        )
        cls.poor, cls.rich = cls.env["res.partner"].create(
            [
                {"name": "Poor Ltd", "is_company": True, "credit_limit": 500.0},
                {"name": "Rich Ltd", "is_company": True, "credit_limit": 50000.0},
            ]
        )

    def _order(self, partner, quantity, user=None):
        return (
            self.env["sale.order"]
            .with_user(user or self.seller)
            .create(
                {
                    "partner_id": partner.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": quantity,
                                "price_unit": 100,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
            )
        )

    def test_an_order_within_the_limit_is_confirmed_and_counts_from_then_on(self):
        first = self._order(self.poor, 3)
        first.action_confirm()
        self.assertEqual(first.state, "sale")
        second = self._order(self.poor, 3)
        action = second.action_confirm()
        self.assertEqual(second.state, "draft")
        self.assertEqual(action["res_model"], "crm.credit.hold")

    def test_a_batch_confirms_the_others(self):
        stopped, fine = self._order(self.poor, 6), self._order(self.rich, 6)
        (stopped | fine).action_confirm()
        self.assertEqual([stopped.state, fine.state], ["draft", "sale"])

    def test_finance_releases_with_a_reason_and_the_order_goes_on(self):
        order = self._order(self.poor, 6)
        action = order.with_user(self.finance).action_confirm()
        wizard = (
            self.env["crm.credit.hold"].with_user(self.finance).browse(action["res_id"])
        )
        wizard.reason = "Letter of credit received"
        wizard.action_release()
        self.assertEqual(order.state, "sale")
        release = self.poor.credit_release_ids
        self.assertRecordValues(
            release, [{"state": "used", "create_uid": self.finance.id}]
        )

    def test_a_seller_asks_finance_by_an_activity(self):
        order = self._order(self.poor, 6)
        action = order.action_confirm()
        self.env["crm.credit.hold"].with_user(self.seller).browse(
            action["res_id"]
        ).action_ask_release()
        self.assertTrue(
            self.poor.activity_ids.filtered(lambda a: order.name in (a.summary or ""))
        )

    def test_a_seller_cannot_talk_the_gate_away_by_the_context(self):
        order = self._order(self.poor, 6)
        order.with_context(bypass_risk=True).action_confirm()
        self.assertEqual(order.state, "draft")

    def test_a_delivery_stops_while_the_customer_is_on_hold(self):
        order = self._order(self.rich, 1)
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        self.rich.credit_hold = True
        picking.button_validate()
        self.assertNotEqual(picking.state, "done")
        self.rich.credit_hold = False
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_an_order_in_another_currency_counts_in_the_companys(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TGX",
                "symbol": "T",
                "rate_ids": [Command.create({"rate": 10.0, "name": "2020-01-01"})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "TGX", "currency_id": currency.id}
        )
        order = self._order(self.poor, 40)
        order.pricelist_id = pricelist
        order.order_line.price_unit = 100
        self.assertEqual(order.currency_id, currency)
        self.assertEqual(order._get_credit_amount(), 400.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
