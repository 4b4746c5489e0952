from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..tools import value_class
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestFeaturesAndViews(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [cls.customer(f"Customer {index}") for index in range(5)]
        for index, customer in enumerate(cls.customers):
            for month in range(index, 30, 2 + index):
                cls.document(customer, cls.day(month), 100 * (index + 1))
        cls.refresh()

    def _rows(self, model):
        self.env.flush_all()
        return self.env[model].search([("company_id", "=", self.company.id)])

    def test_loyalty_says_what_it_is_made_of(self):
        """Covers: ANA-08"""
        value = self.value(self.customers[0])
        self.assertGreater(value.loyalty, 0)
        self.assertLessEqual(
            set(value.loyalty_parts),
            {
                "continuity",
                "tenure",
                "breadth",
                "satisfaction",
                "commitment",
            },
        )
        self.assertIn("continuity", value.loyalty_parts)

    def test_an_overdue_customer_is_told_so(self):
        """Covers: ANA-02"""
        late = self.customer("Late")
        for month in range(8, 24):
            self.document(late, self.day(month), 500)
        self.refresh()
        value = self.value(late)
        self.assertGreater(value.churn_risk, 0.5)
        self.assertIn("No purchase for", value.reasons)
        self.assertEqual(value.value_class, value_class.BEING_LOST)
        self.assertIn(value, self.Value.search([("churn_risk", ">=", 0.5)]))

    def test_every_customer_that_bought_has_a_stage_and_a_tier(self):
        """Covers: CUS-02, ANA-05"""
        for customer in self.customers:
            value = self.value(customer)
            self.assertTrue(value.lifecycle)
            self.assertTrue(value.lifecycle_since)
            self.assertIn(value.tier, ("1", "2", "3", "4", "5"))

    def test_too_few_customers_get_no_model_and_are_told_why(self):
        """Covers: ANA-07"""
        run = self.Run._get_last(self.company)
        self.assertIn("not enough history", run.model_fit["refused"])
        self.assertEqual(run.model_fit["rule"], "half_year_repeats")
        self.assertFalse(self.value(self.customers[0]).p_active)
        self.assertGreater(self.value(self.customers[0]).lifetime_value, 0)

    def test_the_bridge_adds_up_each_month(self):
        """Covers: ANA-10"""
        revenue = {}
        for month in self._rows("crm.customer.month"):
            revenue[month.month] = revenue.get(month.month, 0) + month.revenue
        by_month = self._rows("crm.customer.bridge").grouped("month")
        self.assertTrue(by_month)
        for month, rows in by_month.items():
            year = sum(
                amount
                for day, amount in revenue.items()
                if month - relativedelta(months=12) < day <= month
            )
            self.assertAlmostEqual(sum(rows.mapped("revenue")), year)
            self.assertAlmostEqual(
                sum(rows.mapped("revenue_before")) + sum(rows.mapped("change")), year
            )

    def test_cohorts_hold_all_revenue(self):
        """Covers: ANA-10"""
        months = self._rows("crm.customer.month")
        cohorts = self._rows("crm.customer.cohort")
        self.assertAlmostEqual(
            sum(cohorts.mapped("revenue")), sum(months.mapped("revenue"))
        )
        self.assertEqual(min(cohorts.mapped("age")), 0)
