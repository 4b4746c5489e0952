from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import OrderToCashCommon


class ReportCommon(OrderToCashCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.family = cls.env["product.category"].create({"name": "Report resins"})
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Drum",
                "type": "consu",
                "list_price": 100.0,
                "categ_id": cls.family.id,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def order(cls, quantity=10, confirm=True, promise=0, line=None, **values):
        """An order of goods, promised in so many days."""
        vals = {"product_id": cls.goods.id, "product_uom_qty": quantity} | (line or {})
        return cls.quote(
            confirm=confirm,
            order_line=[Command.create(vals)],
            commitment_date=fields.Datetime.now() + timedelta(days=promise),
            user_id=cls.seller.id,
            **values,
        )

    @classmethod
    def deliver(cls, order, quantity, days=0):
        """Deliver so many days from today; the rest stays in a backorder."""
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        move = picking.move_ids
        move.quantity = quantity
        move.picked = True
        picking._action_done()
        move.date = fields.Datetime.now() + timedelta(days=days)
        return move

    def rows(self, model, order):
        self.env.flush_all()
        return self.env[model].search([("order_id", "=", order.id)])


@tagged("post_install", "-at_install")
class TestOtifReport(ReportCommon):
    def assert_result(self, order, state, days_late=None, **values):
        (row,) = self.rows("crm.otif.report", order)
        self.assertEqual(row.state, state)
        if days_late is not None:
            self.assertEqual(row.days_late, days_late)
        for name, value in values.items():
            self.assertEqual(row[name], value, name)

    def test_delivered_whole_by_the_promised_day(self):
        """Covers: SAL-16"""
        order = self.order(promise=-3)
        self.deliver(order, 10, -3)
        self.assert_result(
            order, "otif", 0, otif_rate=100, on_time_rate=100, in_full_rate=100
        )

    def test_two_deliveries_in_time_are_in_full(self):
        """Covers: SAL-16"""
        order = self.order(promise=-3)
        self.deliver(order, 4, -6)
        self.deliver(order, 6, -4)
        self.assert_result(order, "otif", 0, delivered_in_time=10)

    def test_the_rest_came_late(self):
        """Covers: SAL-16"""
        order = self.order(promise=-5)
        self.deliver(order, 4, -6)
        self.deliver(order, 6, -3)
        self.assert_result(
            order, "late", 2, otif_rate=0, on_time_rate=0, in_full_rate=100
        )

    def test_a_part_is_still_missing_after_the_day(self):
        """Covers: SAL-16"""
        order = self.order(promise=-5)
        self.deliver(order, 9, -6)
        self.assert_result(
            order, "short", 5, otif_rate=0, on_time_rate=100, in_full_rate=0
        )

    def test_what_is_not_due_is_not_measured(self):
        """Covers: SAL-16"""
        due = self.order(promise=-2)
        self.deliver(due, 10, -2)
        later = self.order(promise=9)
        self.deliver(later, 3, -1)
        self.assert_result(later, "open")
        ((rate,),) = self.env["crm.otif.report"]._read_group(
            [("order_id", "in", (due + later).ids)], [], ["otif_rate:avg"]
        )
        self.assertEqual(rate, 100)

    def test_delivered_before_the_day_counts_at_once(self):
        """Covers: SAL-16"""
        order = self.order(promise=9)
        self.deliver(order, 10)
        self.assert_result(order, "otif", 0)

    def test_other_units_and_returns_do_not_mislead(self):
        """Covers: SAL-16"""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.order(2, promise=-1, line={"product_uom_id": dozen.id})
        move = self.deliver(order, order.picking_ids.move_ids.product_uom_qty, -1)
        self.assert_result(order, "otif", ordered=24, delivered=24)
        back = move.copy(
            {
                "location_id": move.location_dest_id.id,
                "location_dest_id": move.location_id.id,
                "origin_returned_move_id": move.id,
                "sale_line_id": order.order_line.id,
            }
        )
        back.write({"state": "done", "quantity": back.product_uom_qty})
        self.assert_result(order, "otif", delivered=24)

    def test_without_a_date_the_lead_time_is_the_promise(self):
        """Covers: SAL-16"""
        order = self.order(promise=0)
        order.write(
            {
                "commitment_date": False,
                "date_order": fields.Datetime.now() - timedelta(days=10),
            }
        )
        order.order_line.customer_lead = 4
        (row,) = self.rows("crm.otif.report", order)
        self.assertEqual(
            row.promised_date, fields.Date.context_today(row) - timedelta(days=6)
        )

    def test_services_and_quotations_are_not_in_it(self):
        """Covers: SAL-16"""
        self.assertFalse(self.rows("crm.otif.report", self.quote()))
        self.assertFalse(self.rows("crm.otif.report", self.order(confirm=False)))

    def test_a_row_opens_its_order(self):
        """Covers: SAL-16"""
        order = self.order()
        action = self.rows("crm.otif.report", order).action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", order.id)
        )


@tagged("post_install", "-at_install")
class TestPriceSource(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Key accounts",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "2_product_category",
                            "categ_id": cls.family.id,
                            "compute_price": "percentage",
                            "percent_price": 12,
                        }
                    )
                ],
            }
        )

    def line(self, pricelist=True, **line):
        values = {"pricelist_id": self.pricelist.id if pricelist else False}
        return self.order(line=line, **values).order_line

    def test_a_rule_of_the_price_list_is_named(self):
        """Covers: SAL-14"""
        line = self.line()
        self.assertEqual(line.price_source, "pricelist")
        self.assertEqual(line.price_rule_id, self.pricelist.item_ids)
        self.assertIn("Key accounts", line.price_source_text)
        self.assertEqual((line.list_price_unit, line.agreed_price_unit), (100, 88))

    def test_without_a_rule_it_is_the_list_price(self):
        """Covers: SAL-14"""
        line = self.line(pricelist=False)
        self.assertEqual((line.price_source, line.list_price_unit), ("list", 100))

    def test_a_price_or_discount_entered_by_hand_is_told(self):
        """Covers: SAL-14"""
        self.assertEqual(self.line(price_unit=95).price_source, "manual")
        line = self.line()
        line.discount = 20
        self.assertEqual(line.price_source, "manual")
        self.assertIn("88.00", line.price_source_text)

    def test_the_price_of_the_list_typed_by_hand_is_no_exception(self):
        """Covers: SAL-14"""
        line = self.line(price_unit=100, discount=12)
        self.assertEqual(line.price_source, "pricelist")

    def test_a_later_list_price_does_not_change_history(self):
        """Covers: SAL-14"""
        line = self.line()
        self.env.flush_all()
        self.goods.list_price = 150
        self.pricelist.item_ids.percent_price = 50
        self.env.flush_all()
        line.invalidate_recordset()
        self.assertEqual((line.list_price_unit, line.agreed_price_unit), (100, 88))
        self.assertEqual(line.price_source, "pricelist")

    def test_realisation_of_a_group_is_weighted_by_its_amounts(self):
        """Covers: SAL-14"""
        small = self.line(price_unit=50, product_uom_qty=1)
        large = self.line(price_unit=100, product_uom_qty=9)
        self.env.flush_all()
        ((listed, net, given, rate),) = self.env["crm.price.report"]._read_group(
            [("line_id", "in", (small + large).ids)],
            [],
            [
                "list_amount:sum",
                "net_amount:sum",
                "reduction_amount:sum",
                "realisation:avg",
            ],
        )
        self.assertEqual((listed, net, given), (1000, 950, 50))
        self.assertAlmostEqual(rate, 95)

    def test_another_currency_is_reported_in_that_of_the_company(self):
        """Covers: SAL-14"""
        foreign = self.setup_other_currency("HRK", rates=[("2016-01-01", 4.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        order = self.order(1, pricelist_id=pricelist.id, line={"price_unit": 380})
        self.assertEqual(order.order_line.list_price_unit, 400)
        (row,) = self.rows("crm.price.report", order)
        self.assertEqual((row.list_amount, row.net_amount), (100, 95))
        self.assertAlmostEqual(row.realisation, 95)

    def test_taxes_in_the_price_do_not_inflate_it(self):
        """Covers: SAL-14"""
        tax = self.env["account.tax"].create(
            {
                "name": "Included 25",
                "amount": 25,
                "price_include_override": "tax_included",
            }
        )
        order = self.order(
            1, line={"price_unit": 90, "tax_ids": [Command.set(tax.ids)]}
        )
        (row,) = self.rows("crm.price.report", order)
        self.assertAlmostEqual(row.list_amount, 80)
        self.assertAlmostEqual(row.net_amount, 72)

    def test_the_sources_of_many_lines_are_found_together(self):
        """Covers: SAL-14"""

        def count(lines):
            order = self.order(
                confirm=False,
                pricelist_id=self.pricelist.id,
            )
            order.order_line = [Command.clear()] + [
                Command.create(
                    {
                        "product_id": self.goods.id,
                        "product_uom_qty": n + 1,
                        "price_unit": 9,
                    }
                )
                for n in range(lines)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.order_line._compute_price_source()
            return self.env.cr.sql_log_count - before

        count(2)  # fills the caches
        few = count(2)
        self.assertLessEqual(count(20), few)


@tagged("post_install", "-at_install")
class TestOpenBusiness(ReportCommon):
    def stages(self):
        self.env.flush_all()
        return dict(
            self.env["crm.open.business.report"]._read_group(
                [("partner_id", "=", self.customer.id)], ["stage"], ["amount:sum"]
            )
        )

    def test_each_document_is_in_the_stage_where_its_money_is(self):
        """Covers: SAL-16"""
        self.order(2, confirm=False)
        order = self.order(10)
        self.assertEqual(self.stages(), {"1_quoted": 200, "2_to_deliver": 1000})
        self.deliver(order, 4)
        self.assertEqual(
            self.stages(), {"1_quoted": 200, "2_to_deliver": 600, "3_to_invoice": 400}
        )
        move = self.invoice(order, due=fields.Date.today() + timedelta(days=9))
        self.assertEqual(
            self.stages(), {"1_quoted": 200, "2_to_deliver": 600, "4_to_pay": 400}
        )
        self.pay(move, 150)
        move.line_ids.filtered("date_maturity").date_maturity = (
            fields.Date.today() - timedelta(days=9)
        )
        self.assertEqual(
            self.stages(), {"1_quoted": 200, "2_to_deliver": 600, "5_overdue": 250}
        )

    def test_rows_open_the_order_or_the_invoice(self):
        """Covers: SAL-16"""
        order = self.order(10)
        self.deliver(order, 4)
        move = self.invoice(order)
        self.env.flush_all()
        rows = self.env["crm.open.business.report"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(
            {
                (action["res_model"], action["res_id"])
                for action in (row.action_open_document() for row in rows)
            },
            {("sale.order", order.id), ("account.move", move.id)},
        )


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCommon):
    MODELS = ("crm.otif.report", "crm.price.report", "crm.open.business.report")

    def test_a_seller_sees_own_rows_and_a_colleague_none(self):
        """Covers: SAL-16"""
        order = self.order(10)
        colleague = new_test_user(
            self.env,
            "report_colleague",
            "sales_team.group_sale_salesman",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        self.env.flush_all()
        domain = [("order_id", "=", order.id)]
        for model in self.MODELS:
            report = self.env[model]
            self.assertTrue(report.with_user(self.seller).search(domain), model)
            self.assertFalse(report.with_user(colleague).search(domain), model)

    def test_another_company_and_other_users_see_nothing(self):
        """Covers: SAL-16"""
        order = self.order(10)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        manager = new_test_user(
            self.env,
            "report_elsewhere",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        clerk = new_test_user(self.env, "report_clerk", "base.group_user")
        self.env.flush_all()
        for model in self.MODELS:
            rows = self.env[model].with_user(manager).search([])
            self.assertNotIn(order, rows.order_id, model)
            with self.assertRaises(AccessError):
                self.env[model].with_user(clerk).search([])
