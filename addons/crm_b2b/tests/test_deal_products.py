from datetime import timedelta

from odoo import Command, fields
from odoo.tests import Form, tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestDealProducts(OrderToCashCommon):
    """Covers: SAL-12, SAL-17"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resins, cls.hardeners = cls.env["product.category"].create(
            [{"name": "Resins"}, {"name": "Hardeners"}]
        )
        cls.resin.categ_id = cls.resins
        cls.resin.standard_price = 60

    def line(self, **values):
        return Command.create({"product_id": self.resin.id, "quantity": 3, **values})

    def test_expected_revenue_is_the_sum_of_the_lines(self):
        deal = self.deal(expected_revenue=7)
        self.assertEqual(deal.expected_revenue, 7)
        deal.line_ids = [self.line(), self.line(quantity=1, price_unit=50)]
        self.assertEqual(deal.expected_revenue, 350)
        self.assertEqual(deal.lines_margin, 350 - 4 * 60)
        deal.expected_revenue = 1  # an amount beside the lines does not stand
        self.assertEqual(deal.expected_revenue, 350)
        deal.line_ids.unlink()
        deal.expected_revenue = 9
        self.assertEqual(deal.expected_revenue, 9)

    def test_lines_given_at_creation_give_the_revenue(self):
        deal = self.deal(line_ids=[self.line()], expected_revenue=1)
        self.assertEqual(deal.expected_revenue, 300)

    def test_a_family_is_enough(self):
        deal = self.deal(
            line_ids=[
                Command.create(
                    {"categ_id": self.hardeners.id, "quantity": 2, "price_unit": 5}
                )
            ]
        )
        self.assertEqual(deal.expected_revenue, 10)

    def test_the_customers_price_list_gives_the_price(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Ten off",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 10})
                ],
            }
        )
        self.customer.property_product_pricelist = pricelist
        deal = self.deal(line_ids=[self.line()])
        self.assertEqual(deal.line_ids.price_unit, 90)

    def test_new_quotation_takes_the_lines_over(self):
        deal = self.deal(
            line_ids=[
                self.line(price_unit=80),
                Command.create({"categ_id": self.hardeners.id, "quantity": 2}),
            ]
        )
        action = deal.action_new_quotation()
        context = action["context"]
        form = Form(self.env["sale.order"].with_context(**context))
        order = form.save()
        self.assertEqual(order.opportunity_id, deal)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.resin.id,
                    "product_uom_qty": 3,
                    "price_unit": 80,
                    "display_type": False,
                },
                {
                    "product_id": False,
                    "product_uom_qty": 0,
                    "price_unit": 0,
                    "display_type": "line_note",
                },
            ],
        )

    def order_before(self):
        order = self.quote()
        order.date_order = fields.Datetime.now() - timedelta(days=30)

    def test_without_an_earlier_order_it_is_a_new_customer(self):
        deal = self.deal()
        self.assertEqual(deal.business_kind, "new_customer")
        self.quote(opportunity_id=deal.id)  # its own order does not change it
        deal.line_ids = [self.line()]
        self.assertEqual(deal.business_kind, "new_customer")

    def test_the_same_family_again_is_repeat_business(self):
        self.order_before()
        self.assertEqual(self.deal(line_ids=[self.line()]).business_kind, "repeat")
        self.assertEqual(self.deal().business_kind, "repeat")

    def test_a_family_never_ordered_is_a_new_product(self):
        self.order_before()
        deal = self.deal(
            line_ids=[
                self.line(),
                Command.create({"categ_id": self.hardeners.id}),
            ]
        )
        self.assertEqual(deal.business_kind, "new_product")

    def test_pipeline_report_splits_by_kind_and_opens_the_deal(self):
        self.order_before()
        repeat, stranger = (
            self.deal(expected_revenue=10),
            self.deal(
                expected_revenue=5,
                partner_id=self.env["res.partner"].create({"name": "New"}).id,
            ),
        )
        self.env.flush_all()
        deals = repeat + stranger
        rows = self.env["crm.pipeline.report"]._read_group(
            [("lead_id", "in", deals.ids)],
            ["business_kind", "age_class"],
            ["expected_revenue:sum"],
        )
        self.assertCountEqual(rows, [("repeat", "1", 10), ("new_customer", "1", 5)])
        row = self.env["crm.pipeline.report"].browse(repeat.id)
        self.assertEqual(row.action_open_lead()["res_id"], repeat.id)
        stranger.action_set_lost()
        self.env.flush_all()
        self.assertFalse(
            self.env["crm.pipeline.report"].search([("lead_id", "=", stranger.id)])
        )

    def test_a_seller_sees_own_pipeline_rows_only(self):
        mine, theirs = (
            self.deal(user_id=self.seller.id),
            self.deal(user_id=self.env.uid),
        )
        self.env.flush_all()
        seen = (
            self.env["crm.pipeline.report"]
            .with_user(self.seller)
            .search([("lead_id", "in", (mine + theirs).ids)])
        )
        self.assertEqual(seen.lead_id.ids, mine.ids)
