from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestTelesales(OrderToCashCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.user_id = cls.seller
        cls.api = cls.env["crm.telesales"].with_user(cls.seller)
        cls.resin.name = "Telesales Resin"
        cls.thinner = cls.make_product("Telesales Thinner", 10)
        cls.newcomer = cls.make_product("Telesales Newcomer", 5, default_code="TS-NEW")
        # resin every ten days and due, thinner once
        for days, quantity in ((30, 8), (20, 9), (10, 10)):
            cls.sold(cls.resin, quantity, days)
        cls.sold(cls.thinner, 40, 15, price=12)

    @classmethod
    def make_product(cls, name, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "list_price": price,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def sold(cls, product, quantity, days, price=100.0):
        line = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": price,
            "tax_ids": [Command.clear()],
        }
        order = cls.quote(order_line=[Command.create(line)], user_id=cls.seller.id)
        order.date_order = fields.Datetime.now() - timedelta(days=days)
        return order

    def sheet(self):
        return self.api.get_sheet(self.contact.id)

    def line(self, product, lines=None):
        lines = self.sheet()["lines"] if lines is None else lines
        return next(line for line in lines if line["product_id"] == product.id)

    def test_the_usual_basket_knows_rhythm_last_quantity_and_prices(self):
        """Covers: SAL-15"""
        line = self.line(self.resin)
        self.assertEqual(line["orders"], 3)
        self.assertEqual(line["interval"], 10)
        self.assertEqual(line["state"], "due")
        self.assertEqual(line["last_quantity"], 10)
        self.assertEqual(line["usual_quantity"], 9)
        self.assertEqual(line["price"], 100)
        thinner = self.line(self.thinner)
        self.assertEqual((thinner["last_price"], thinner["price"]), (12, 10))
        self.assertEqual(thinner["state"], "once")

    def test_what_is_due_comes_first_and_old_purchases_are_left_out(self):
        """Covers: SAL-15"""
        self.sold(self.newcomer, 1, 500)
        lines = self.sheet()["lines"]
        self.assertEqual(
            [line["product_id"] for line in lines], [self.resin.id, self.thinner.id]
        )

    def test_another_unit_is_counted_in_the_unit_of_the_product(self):
        """Covers: SAL-15"""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.sold(self.newcomer, 2, 5, price=60)
        order.order_line.product_uom_id = dozen
        order.order_line.price_unit = 60
        line = self.line(self.newcomer)
        self.assertEqual(line["last_quantity"], 24)
        self.assertAlmostEqual(line["last_price"], 5)

    def test_prices_follow_the_quantity_typed(self):
        """Covers: SAL-15 SAL-14"""
        self.env["res.config.settings"].create(
            {"group_product_pricelist": True}
        ).set_values()
        rule = {
            "applied_on": "0_product_variant",
            "product_id": self.resin.id,
            "compute_price": "fixed",
        }
        self.customer.specific_property_product_pricelist = self.env[
            "product.pricelist"
        ].create(
            {
                "name": "Steps",
                "item_ids": [
                    Command.create(rule | {"fixed_price": 90, "min_quantity": 5}),
                    Command.create(rule | {"fixed_price": 80, "min_quantity": 50}),
                ],
            }
        )
        self.assertEqual(self.line(self.resin)["price"], 90)
        prices = self.api.get_update(
            self.contact.id, [[self.resin.id, 60], [self.thinner.id, 1]]
        )["prices"]
        self.assertEqual(
            prices, [[self.resin.id, 80, False], [self.thinner.id, 10, False]]
        )

    def test_a_frame_agreement_goes_before_the_price_list(self):
        """Covers: SAL-15 SAL-14"""
        today = fields.Date.today()
        frame = self.env["sale.blanket.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.env["product.pricelist"].create({"name": "F"}).id,
                "validity_start_date": today,
                "validity_date": today + timedelta(days=90),
                "payment_term_id": self.env.ref(
                    "account.account_payment_term_immediate"
                ).id,
                "user_id": self.seller.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.resin.id,
                            "product_uom": self.resin.uom_id.id,
                            "original_uom_qty": 50,
                            "price_unit": 71.25,
                        }
                    )
                ],
            }
        )
        frame.action_confirm()
        line = self.line(self.resin)
        self.assertEqual((line["price"], line["frame"]), (71.25, True))
        prices = self.api.get_update(self.contact.id, [[self.resin.id, 60]])["prices"]
        self.assertEqual(prices, [[self.resin.id, 100, False]])
        (action,) = self.api.create_order(self.contact.id, [[self.resin.id, 5]])
        sold = self.env["sale.order"].browse(action["res_id"]).order_line
        self.assertEqual((sold.price_unit, sold.price_source), (71.25, "frame"))

    def test_the_number_of_queries_does_not_grow_with_the_basket(self):
        """Covers: SAL-15"""

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.sheet()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(30):
            self.sold(self.make_product(f"More {number}", 3), 2, 7)
        count()  # creating products emptied the caches
        self.assertLessEqual(count(), few + 3)

    def test_search_finds_by_name_and_reference(self):
        """Covers: SAL-15"""
        found = self.api.search_products(self.contact.id, "ts-new telesales")
        self.assertEqual(self.line(self.newcomer, found)["price"], 5)

    def test_an_order_is_made_at_the_price_of_today(self):
        """Covers: SAL-15"""
        (action,) = self.api.create_order(
            self.contact.id, [[self.thinner.id, 4], [self.resin.id, 0]], False, "tel"
        )
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertRecordValues(
            order, [{"state": "draft", "client_order_ref": "tel", "amount_untaxed": 40}]
        )

    def test_confirming_passes_the_credit_gate(self):
        """Covers: SAL-15 SAL-19"""
        order, *rest = self.api.create_order(
            self.contact.id, [[self.thinner.id, 4]], True
        )
        self.assertFalse(rest)
        self.assertEqual(self.env["sale.order"].browse(order["res_id"]).state, "sale")
        self.customer.credit_hold = True
        order, gate = self.api.create_order(
            self.contact.id, [[self.thinner.id, 4]], True
        )
        self.assertEqual(self.env["sale.order"].browse(order["res_id"]).state, "draft")
        self.assertEqual(gate["res_model"], "crm.credit.hold")

    def test_advice_of_other_addons_has_its_place(self):
        """Covers: SAL-15"""
        newcomer = self.newcomer
        self.patch(
            self.env.registry["crm.telesales"],
            "_get_cross_sell_advice",
            lambda self, partner, products: [
                (newcomer.with_env(self.env), "goes with resin")
            ],
        )
        (advice,) = self.sheet()["advice"]
        self.assertEqual(advice["reason"], "goes with resin")
        self.assertEqual(advice["line"]["price"], 5)

    def test_an_empty_order_is_refused(self):
        """Covers: SAL-15"""
        with self.assertRaises(UserError):
            self.api.create_order(self.contact.id, [[self.resin.id, 0]])

    def test_only_sellers_may_enter_orders(self):
        """Covers: SAL-15"""
        clerk = new_test_user(self.env, "telesales_clerk", "base.group_user")
        for method in ("get_sheet", "search_products"):
            with self.assertRaises(AccessError):
                args = [self.contact.id] + (["x"] if method != "get_sheet" else [])
                getattr(self.env["crm.telesales"].with_user(clerk), method)(*args)

    def test_orders_of_another_company_are_not_in_the_basket(self):
        """Covers: SAL-15"""
        other = self.env["res.company"].create({"name": "Other seller"})
        order = self.sold(self.newcomer, 3, 4)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s", (other.id, order.id)
        )
        self.env.invalidate_all()
        ids = [line["product_id"] for line in self.sheet()["lines"]]
        self.assertNotIn(self.newcomer.id, ids)

    def test_a_repeated_line_takes_less_than_ten_keys(self):
        """Covers: SAL-15"""
        action = self.contact.action_open_telesales()
        self.start_tour(
            f"/odoo/{self.contact.id}/{action['path']}",
            "crm_b2b_telesales",
            login="otc_seller",
        )
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.contact.id)], order="id desc", limit=1
        )
        self.assertEqual(
            {line.product_id: line.product_uom_qty for line in order.order_line},
            {self.resin: 10, self.thinner: 25, self.newcomer: 3},
        )
