import warnings
from io import BytesIO

import openpyxl

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestWorkbook(ValueCommon, HttpCase):
    """Covers: ANA-13"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.analyst = new_test_user(
            cls.env,
            "value_analyst",
            "crm_analytics.group_analyst",
            password="value_analyst",
            **make,
        )
        cls.seller = new_test_user(
            cls.env,
            "value_seller",
            "sales_team.group_sale_salesman",
            password="value_seller",
            **make,
        )
        for index in range(4):
            customer = cls.customer(f"=Customer {index}")
            cls.document(customer, cls.day(index), 100 * (index + 1))
            cls.document(customer, cls.day(0, 3), 10, "out_refund")
        cls.refresh()

    def test_the_route_answers_a_workbook_with_all_customers(self):
        self.authenticate("value_analyst", "value_analyst")
        answer = self.url_open("/crm_analytics/customer_value.xlsx")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("spreadsheetml", answer.headers["Content-Type"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of openpyxl on data bars
            book = openpyxl.load_workbook(BytesIO(answer.content), data_only=True)
        sheet = book["Customers"]
        head = [cell.value for cell in sheet[1]]
        names = {row[head.index("Customer")].value for row in sheet.iter_rows(2)}
        self.assertEqual(names, {f"=Customer {index}" for index in range(4)})
        money = head.index("Monetary (net revenue)")
        self.assertEqual(
            sum(row[money].value for row in sheet.iter_rows(2)),
            sum(
                self.Value.search([("company_id", "=", self.company.id)]).mapped(
                    "monetary"
                )
            ),
        )
        proof = book["Proof"]
        head = [cell.value for cell in proof[1]]
        agrees = {row[head.index("Agrees")].value for row in proof.iter_rows(2)}
        self.assertEqual(agrees, {"yes"})

    def test_a_seller_gets_no_workbook(self):
        self.authenticate("value_seller", "value_seller")
        with mute_logger("odoo.http"):
            answer = self.url_open("/crm_analytics/customer_value.xlsx")
        self.assertEqual(answer.status_code, 403)

    def test_the_curves_leave_as_a_workbook(self):
        """Covers: ANA-06"""
        self.authenticate("value_analyst", "value_analyst")
        answer = self.url_open("/crm_analytics/curves.xlsx")
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(BytesIO(answer.content))
        values = self.Value.search([("company_id", "=", self.company.id)])
        whale = [
            [cell.value for cell in row] for row in book["Whale curve"].iter_rows(2)
        ]
        self.assertEqual(len(whale), len(values))
        self.assertAlmostEqual(whale[-1][4], sum(values.mapped("contribution")))
        grid = book["Recency and frequency"].iter_rows(2)
        self.assertEqual(sum(row[2].value for row in grid), len(values))
        value = values[0]
        answer = self.url_open(
            f"/crm_analytics/curves.xlsx?partner_id={value.partner_id.id}"
        )
        book = openpyxl.load_workbook(BytesIO(answer.content))
        rows = list(book["Curve"].iter_rows(2))
        self.assertAlmostEqual(rows[-1][2].value, value.contribution)

    def test_curves_are_for_analysts_and_for_customers_that_exist(self):
        self.authenticate("value_analyst", "value_analyst")
        with mute_logger("odoo.http"):
            for name, status in (("x", 404), ("0", 404), ("999999999", 404)):
                answer = self.url_open(f"/crm_analytics/curves.xlsx?partner_id={name}")
                self.assertEqual(answer.status_code, status)
            self.authenticate("value_seller", "value_seller")
            answer = self.url_open("/crm_analytics/curves.xlsx")
            self.assertEqual(answer.status_code, 403)

    def test_insight_tour(self):
        """Covers: ANA-01"""
        self.start_tour("/odoo", "crm_analytics_insight", login="value_analyst")

    def test_run_to_save_list_to_activity_tour(self):
        """Covers: ANA-01, ANA-02"""
        lead = new_test_user(
            self.env,
            "value_lead",
            "sales_team.group_sale_manager",
            password="value_lead",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        leaving = self.customer("Leaving", user_id=lead.id)
        for month in range(3, 22):
            self.document(leaving, self.day(month), 900)
        self.start_tour("/odoo", "crm_analytics_run_to_activity", login="value_lead")
        activity = leaving.activity_ids.filtered(
            lambda activity: activity.summary == "Visit them soon"
        )
        self.assertEqual(activity.user_id, lead)

    def test_account_value_tab_tour(self):
        """Covers: CUS-08, ANA-01"""
        customer = self.value_of_first().partner_id
        self.start_tour(
            f"/odoo/res.partner/{customer.id}",
            "crm_analytics_account_value",
            login="value_analyst",
        )

    def value_of_first(self):
        return self.Value.search([("company_id", "=", self.company.id)], limit=1)
