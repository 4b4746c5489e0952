from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestValueBorders(ValueCommon):
    """Statements at the day and the letter that decide: each fails one day further.

    Covers: ANA-04
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.value.alarm.rule"].search([]).active = False
        cls.acme = cls.customer("Acme")

    def _policy(self, **limits):
        self.env["crm.value.policy"]._get_current(self.company)._change(limits)

    def _classes(self, customers):
        self.refresh()
        values = self.Value.search([("company_id", "=", self.company.id)])
        rules = {value.partner_id: value.class_rule for value in values}
        return [rules[customer] for customer in customers]

    def _figure(self, indicator, limit):
        """The figure with which the alarm of the customer's class rings."""
        self.refresh()
        rule = self.env["crm.value.alarm.rule"].create(
            {
                "name": indicator,
                "value_class": self.value(self.acme).value_class,
                "indicator": indicator,
                "limit_value": limit,
                "company_id": self.company.id,
            }
        )
        self.refresh()
        return rule.alarm_ids.figure

    def test_a_customer_is_new_for_less_than_the_months_of_the_policy(self):
        other = self.customer("Other")
        self.document(self.acme, self.day(6), 10)
        self.document(other, self.day(6) + timedelta(days=1), 10)
        old, new = self._classes([self.acme, other])
        self.assertNotEqual(old, "first_purchase")
        self.assertEqual(new, "first_purchase")

    def _get_three(self):
        """Customers that were A, B and C before, and have not bought since."""
        customers = [self.customer(name) for name in "ABC"]
        for customer, amount in zip(customers, (800, 150, 50), strict=True):
            self.document(customer, self.day(15), amount)
        self._policy(new_months=1)
        return customers

    def test_customers_of_letter_b_are_lost_by_risk_too(self):
        self._policy(churn_limit=0.01)
        rules = self._classes(self._get_three())
        self.assertEqual(rules[:2], ["churn_risk", "churn_risk"])
        self.assertNotIn(rules[2], ("churn_risk", "revenue_down"))

    def test_customers_of_letter_b_are_lost_by_revenue_too(self):
        self._policy(churn_limit=1.0)
        rules = self._classes(self._get_three())
        self.assertEqual(rules[:2], ["revenue_down", "revenue_down"])
        self.assertNotIn(rules[2], ("churn_risk", "revenue_down"))

    def test_the_forecast_is_of_the_same_three_months_a_year_before(self):
        """Covers: ANA-15"""
        for day, amount in (
            (self.day(15), 7000),  # the three months begin on the day after
            (self.day(15) + timedelta(days=1), 500),
            (self.day(12, 10), 300),
            (self.day(12), 200),
            (self.day(12) + timedelta(days=1), 5000),  # later
            (self.day(3), 900),
            (self.day(3) + timedelta(days=1), 100),
            (self.as_of, 50),
        ):
            self.document(self.acme, day, amount)
        growth = self.env["crm.value.policy"]._get_current(self.company).growth_limit
        self.assertAlmostEqual(
            self._figure("forecast", 0.9), 150 / 1000 / (1 + growth), 3
        )

    def test_what_is_due_today_is_not_overdue(self):
        """Covers: ANA-15"""
        for days, amount in ((-1, 400), (0, 300), (1, 200)):
            invoice = self.document(self.acme, self.day(2), amount)
            invoice.invoice_date_due = self.as_of + timedelta(days=days)
        self.assertAlmostEqual(self._figure("overdue_share", 0.1), 400 / 900, 3)

    def test_only_answers_that_were_given_are_ratings(self):
        """Covers: ANA-08"""
        self.document(self.acme, self.day(1), 100)
        self.rate(self.acme, self.acme, 5, self.day(1))
        self.rate(self.acme, self.acme, 0, self.day(1))
        asked = self.rate(self.acme, self.acme, 1, self.day(1))
        asked.consumed = False
        self.refresh()
        self.assertEqual(self.value(self.acme).loyalty_parts["satisfaction"], 1)

    def _get_cost(self):
        today = fields.Date.context_today(self.env.user)
        self.refresh(as_of=today)
        months = self.env["crm.customer.month"].search(
            [("partner_id", "=", self.acme.id), ("company_id", "=", self.company.id)]
        )
        return sum(months.mapped("cost_sales"))

    def test_a_meeting_done_as_an_activity_counts_as_the_meeting_only(self):
        """Covers: ANA-06"""
        self.acme.company_id = self.company
        self.document(self.acme, self.day(1), 100)
        self.acme.activity_schedule("mail.mail_activity_data_meeting").action_feedback()
        self.assertFalse(self._get_cost())
        self.acme.activity_schedule("mail.mail_activity_data_call").action_feedback()
        self.assertTrue(self._get_cost())

    def test_a_meeting_that_was_archived_costs_nothing(self):
        """Covers: ANA-06"""
        self.acme.company_id = self.company
        self.document(self.acme, self.day(1), 100)
        for hours in (1, 5):
            meeting = self.env["calendar.event"].create(
                {
                    "name": "Visit",
                    "start": self.day(1),
                    "stop": self.day(1) + timedelta(hours=hours),
                    "duration": hours,
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.acme.id,
                    "user_id": self.env.uid,
                }
            )
        meeting.active = False
        policy = self.env["crm.value.policy"]._get_current(self.company)
        self.assertAlmostEqual(self._get_cost(), policy.sales_hour_cost)

    def test_more_returned_than_bought_is_no_share_of_the_customer(self):
        """What was returned of one family takes nothing from another. Covers: CUS-04"""
        family = self.env["product.category"].create({"name": "Returned"})
        returned = self.product_b
        returned.categ_id = family
        self.document(self.acme, self.day(1), 300)
        self.document(self.acme, self.day(1), 200, "out_refund", product=returned)
        for category in (self.product_a.categ_id, family):
            self.env["crm.wallet.estimate"].create(
                {
                    "partner_id": self.acme.id,
                    "categ_id": category.id,
                    "company_id": self.company.id,
                    "yearly_spend": 600,
                }
            )
        self.refresh()
        self.env.flush_all()
        row = self.env["crm.customer.equity"].search(
            [("partner_id", "=", self.acme.id), ("company_id", "=", self.company.id)]
        )
        self.assertAlmostEqual(row.customer_share, 300 / 1200)
