"""The first story: a deal is quoted, ordered, invoiced, paid, and becomes value."""

import io

import openpyxl

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

SHEET_NAME = "Customers"


@tagged("post_install", "-at_install")
class TestOrderToInsight(HttpCase):
    """Covers: SAL-01, ANA-01, ANA-04, ANA-13, FRM-01"""

    browser_size = "1920x1080"  # all menus of an app in a row

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "story_seller",
            groups="sales_team.group_sale_salesman",
        )
        cls.finance = new_test_user(
            cls.env,
            "story_finance",
            groups="account.group_account_invoice,crm_analytics.group_analyst,"
            "sales_team.group_sale_salesman_all_leads",
        )
        cls.team = cls.env["crm.team"].create(
            {"name": "Story team", "member_ids": [Command.link(cls.seller.id)]}
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Story Coatings Ltd", "is_company": True, "user_id": cls.seller.id}
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Story Primer",
                "type": "consu",
                "invoice_policy": "order",
                "list_price": 1000.0,
                "standard_price": 600.0,
                "taxes_id": [],
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Primer for the new line",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "user_id": cls.seller.id,
                "team_id": cls.team.id,
                "expected_revenue": 1000.0,
            }
        )

    def test_a_deal_becomes_a_paid_invoice_and_a_value_class(self):
        self.start_tour("/odoo", "crm_analytics_deal_to_order", login="story_seller")
        order = self.lead.order_ids
        self.assertRecordValues(order, [{"state": "sale", "amount_untaxed": 1000.0}])

        self.start_tour(
            f"/odoo/sales/{order.id}",
            "crm_analytics_order_to_cash",
            login="story_finance",
        )
        invoice = order.invoice_ids
        self.assertRecordValues(invoice, [{"state": "posted", "amount_residual": 0.0}])

        self.start_tour(
            f"/odoo/sales/{order.id}", "crm_b2b_paid_bar", login="story_seller"
        )
        self.start_tour(
            "/odoo", "crm_analytics_refresh_to_excel", login="story_finance"
        )
        value = self.env["crm.customer.value"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertRecordValues(
            value, [{"monetary": 1000.0, "frequency": 1, "value_class": "new"}]
        )
        self._check_workbook()

    def _check_workbook(self):
        """The downloaded file opens and has the customer with his figure."""
        self.authenticate("story_finance", "story_finance")
        response = self.url_open("/crm_analytics/customer_value.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(response.content), read_only=True)
        rows = list(book[SHEET_NAME].iter_rows(values_only=True))
        story = [row for row in rows if "Story Coatings Ltd" in row]
        self.assertEqual(len(story), 1)
        self.assertIn(1000, story[0])
