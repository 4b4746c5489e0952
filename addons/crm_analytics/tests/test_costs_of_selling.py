from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestCostsOfSelling(ValueCommon):
    """Covers: ANA-06

    Visits, expenses, the cost of an hour, and what winning a customer cost.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.customer("Acme", company_id=cls.company.id)
        cls.other = cls.customer("Other", company_id=cls.company.id)
        for customer in (cls.acme, cls.other):
            cls.document(customer, cls.day(months=8), 10_000)
        cls.colleague = cls.env["res.users"].create(
            {
                "name": "Colleague",
                "login": "cost_colleague",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )
        cls.employee = (
            cls.env["hr.employee"]
            .sudo()
            .create(
                {
                    "name": "Colleague",
                    "user_id": cls.colleague.id,
                    "company_id": cls.company.id,
                }
            )
        )
        cls.spent = cls.day(days=40)

    def _cost(self, partner, kind="sales", day=None):
        self.env.invalidate_all()
        month = self.env["crm.customer.month"].search(
            [
                ("company_id", "=", self.company.id),
                ("partner_id", "=", partner.id),
                ("month", "=", (day or self.spent).replace(day=1)),
            ]
        )
        return month[f"cost_{kind}"]

    def _deal(self, partner=None):
        return self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": (partner or self.acme).id,
                "company_id": self.company.id,
            }
        )

    def _visit(self, state="done", **values):
        return self.env["crm.visit.report"].create(
            {
                "name": "Visit",
                "partner_id": self.acme.id,
                "company_id": self.company.id,
                "user_id": self.env.uid,
                "date": datetime.combine(self.spent, datetime.min.time()),
                "duration": 1.5,
                "state": state,
                **values,
            }
        )

    def _expense(self, amount=80.0, approval="approved", **values):
        expense = (
            self.env["hr.expense"]
            .sudo()
            .create(
                {
                    "name": "Train",
                    "employee_id": self.employee.id,
                    "company_id": self.company.id,
                    "date": self.spent,
                    "total_amount_currency": amount,
                    "tax_ids": False,
                    **values,
                }
            )
        )
        expense.approval_state = approval
        return expense

    def _assert_same(self):
        """An incremental run, which gives what a full one gives."""
        self.assertEqual(self.refresh().kind, "incremental")
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())

    def test_a_visit_costs_the_hours_of_all_of_us_once_it_is_reported(self):
        visit = self._visit("planned", colleague_ids=self.colleague.ids)
        self.refresh()
        self.assertFalse(self._cost(self.acme))
        visit.write({"report": "Said", "state": "done"})
        self._assert_same()
        self.assertEqual(self._cost(self.acme), 2 * 1.5 * 60)
        row = self.env["crm.customer.cost"].search(
            [("res_model", "=", "crm.visit.report"), ("res_id", "=", visit.id)]
        )
        self.assertEqual((row.quantity, row.rate, row.amount), (3, 60, 180))
        self.assertEqual(row.document, visit.display_name)

    def test_the_meeting_of_a_visit_does_not_count_twice(self):
        visit = self._visit("planned", lead_id=self._deal().id)
        visit.action_add_meeting()
        self.refresh()
        visit.state = "done"
        self._assert_same()
        self.assertEqual(self._cost(self.acme), 1.5 * 60)

    def test_expenses_of_a_deal_and_of_an_account_are_costs_of_selling(self):
        self._expense(80, crm_lead_id=self._deal().id)
        self._expense(15, crm_partner_id=self.acme.id)
        self._expense(40, approval=False, crm_partner_id=self.acme.id)
        self.refresh()
        self.assertEqual(self._cost(self.acme), 95)

    def test_an_expense_refused_moved_or_deleted_leaves(self):
        self.refresh()
        kept = self._expense(1, crm_partner_id=self.acme.id)
        refused = self._expense(10, crm_partner_id=self.acme.id)
        moved = self._expense(100, crm_partner_id=self.acme.id)
        deleted = self._expense(1000, crm_partner_id=self.acme.id)
        self._assert_same()
        self.assertEqual(self._cost(self.acme), 1111)
        refused.approval_state = "refused"
        moved.crm_partner_id = self.other
        deleted.approval_state = False
        deleted.unlink()
        self._assert_same()
        self.assertEqual(self._cost(self.acme), 1)
        self.assertEqual(self._cost(self.other), 100)
        kept.date = self.day(days=100)
        self._assert_same()
        self.assertFalse(self._cost(self.acme))
        self.assertEqual(self._cost(self.acme, day=self.day(days=100)), 1)

    def test_a_deal_takes_its_costs_to_another_customer(self):
        deal = self._deal()
        self._expense(80, crm_lead_id=deal.id)
        self.refresh()
        deal.partner_id = self.other
        self._assert_same()
        self.assertFalse(self._cost(self.acme))
        self.assertEqual(self._cost(self.other), 80)

    def test_an_hour_that_costs_more_changes_what_was_counted(self):
        if "hourly_cost" not in self.env["hr.employee"]._fields:
            self.skipTest("Employees have no hourly cost.")
        self._visit(user_id=self.colleague.id)
        self.refresh()
        self.assertEqual(self._cost(self.acme), 1.5 * 60)
        self.employee.hourly_cost = 80
        self._assert_same()
        self.assertEqual(self._cost(self.acme), 120)

    def test_a_kind_that_gets_a_source_makes_all_months_anew(self):
        self.refresh()
        self.env.cr.execute(
            "UPDATE crm_customer_month SET cost_sales = NULL WHERE company_id = %s",
            [self.company.id],
        )
        self.assertEqual(self.refresh().kind, "full")
        self.assertEqual(self.refresh().kind, "incremental")

    def test_who_only_cost_something_counts_in_no_cohort(self):
        """Covers: ANA-10"""
        self._visit()
        self.refresh()
        rows = self.env["crm.customer.cohort"].search(
            [("company_id", "=", self.company.id), ("partner_id", "=", self.acme.id)]
        )
        bought = {row.quarter: row.customer_count for row in rows}
        self.assertEqual(
            bought, {self.day(months=8).replace(day=1): 1, self._quarter(self.spent): 0}
        )

    def _quarter(self, day):
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)

    # --- lifecycle --------------------------------------------------------------

    def test_a_month_that_begins_does_not_end_a_growth(self):
        """Covers: CUS-02, ANA-07"""
        even = self.customer("Even", company_id=self.company.id)
        for month in range(13):
            self.document(even, self.day(months=month).replace(day=1), 600)
        half, stages = [], []
        for days in (0, 1, 16):
            self.refresh(as_of=self.as_of + timedelta(days=days))
            value = self.value(even)
            stages.append(value.lifecycle)
            half.append(value.lifetime_value)
        self.assertEqual(stages, ["growth"] * 3)
        # without a purchase in July half a month is missing by the 16th, not a whole
        self.assertAlmostEqual(half[1] / half[0], (5 + 30 / 31) / 6, places=3)
        self.assertAlmostEqual(half[2] / half[0], (5 + 15 / 31) / 6, places=3)

    def test_curve_and_stage_begin_with_what_winning_cost(self):
        """Covers: CUS-02"""
        late = self.customer("Late", company_id=self.company.id)
        self._expense(500, crm_partner_id=late.id, date=self.day(months=4))
        self.document(late, self.day(months=2), 300)
        self.refresh()
        self.assertEqual(self.value(late).lifecycle, "discovery")
        curve = self.env["crm.insight"].get_gcv(late.id)
        # the months since the purchase have no documents, and are on the curve as well
        totals = [point["total"] for point in curve["points"]]
        self.assertEqual(totals, [-500, -200, -200, -200])
        self.assertEqual({point["stage"] for point in curve["points"]}, {"Discovery"})
        self.assertEqual(self.value(late)._get_lifecycle().cumulative[-1], -200)
        self.document(late, self.day(), 501)
        self._assert_same()
        self.assertEqual(self.value(late).lifecycle, "growth")
