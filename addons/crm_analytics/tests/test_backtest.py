from ast import literal_eval
from datetime import date

import numpy as np

from odoo.tests import tagged

from .common import ValueCommon

CUT = date(2025, 11, 30)  # month end six months before the as-of date's month


@tagged("post_install", "-at_install")
class TestBacktest(ValueCommon):
    """Yesterday's forecasts know nothing of what came later. Covers: ANA-02, ANA-07"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_a.standard_price = 40
        cls.stays, cls.leaves = cls.customer("Stays"), cls.customer("Leaves")
        for customer in (cls.stays, cls.leaves):
            for month in (8, 9, 10, 11):
                cls.document(customer, date(2025, month, 10), 100)
        cls.run_before = cls.refresh()

    def _past(self, run):
        self.env.flush_all()
        past = self.env["crm.customer.fact"]._get_past(run, 6)
        order = np.argsort(past.money, kind="stable")
        return past, order

    def test_figures_end_at_the_cut_and_outcomes_begin_after_it(self):
        before, _order = self._past(self.run_before)
        self.assertEqual(before.purchases.tolist(), [0, 0])
        np.testing.assert_array_equal(before.facts.recency, [20, 20])
        np.testing.assert_array_equal(before.facts.contribution_total, [240, 240])

        self.document(self.stays, date(2025, 12, 1), 1000)  # the day after the cut
        self.document(self.stays, date(2026, 5, 31), 500)  # the last day that counts
        self.document(self.stays, date(2026, 6, 1), 9000)  # too late
        newcomer = self.customer("Newcomer")
        self.document(newcomer, date(2026, 1, 5), 700)  # nobody knew them then
        after, order = self._past(self.refresh("full"))
        for name in before.facts._fields:
            np.testing.assert_allclose(
                getattr(after.facts, name),
                getattr(before.facts, name),
                err_msg=f"{name} knows what came after the cut",
            )
        self.assertEqual(after.purchases[order].tolist(), [0, 2])
        self.assertEqual(after.money[order].tolist(), [0, 1500 - 2 * 40])

    def test_a_document_dated_back_before_the_cut_is_known(self):
        self.document(self.stays, CUT, 60)
        after, _order = self._past(self.refresh("full"))
        self.assertEqual(sorted(after.facts.recency), [0, 20])


@tagged("post_install", "-at_install")
class TestRiskBacktest(ValueCommon):
    """What earlier runs told of who leaves is published and compared. Covers: ANA-02"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for index in range(24):
            customer = cls.customer(f"Customer {index:02}")
            cls.document(customer, date(2025, 11, 1 + index), 100)
            if index % 3 == 0:  # a third of them comes back in the half year
                cls.document(customer, date(2026, 2, 1 + index), 100)

    def _refresh_with(self, limit):
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"churn_limit": limit})
        return self.refresh()

    def test_precision_and_recall_stand_with_the_run(self):
        # One purchase tells nothing: everybody had the risk of the usual customer, 0.2.
        everybody = self._refresh_with(0.15)
        self.assertRecordValues(
            everybody,
            [
                {
                    "risk_judged_count": 24,
                    "risk_lost_count": 16,
                    "risk_flagged_count": 24,
                    "risk_recall": 1,
                    "risk_auc": 0.5,
                    "risk_own_weights": False,
                }
            ],
        )
        self.assertAlmostEqual(everybody.risk_precision, 2 / 3, 4)
        nobody = self._refresh_with(0.5)
        self.assertRecordValues(
            nobody,
            [{"risk_judged_count": 24, "risk_flagged_count": 0, "risk_recall": 0}],
        )
        self.assertIsNone(nobody.model_fit["churn"]["default"]["precision"])
        action = self.env.ref("crm_analytics.crm_value_run_action_backtest")
        listed = self.Run.search(
            [*literal_eval(action.domain), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(listed, nobody + everybody)

    def test_own_weights_want_two_years_of_history(self):
        run = self.refresh()  # from November to the end of May
        self.assertEqual(
            run.model_fit["churn"]["refused"],
            "not enough history: 7 months; 24 are needed",
        )
        self.assertIn(
            "7 months, 24 are needed", run.model_fit_shown["churn"]["refused"]
        )
        self.document(self.customer("Old"), date(2024, 6, 2), 100)
        Fact = self.env["crm.customer.fact"]
        self.assertEqual(Fact._get_months_known(self.refresh()), 23)
        self.document(self.customer("Older"), date(2024, 6, 1), 100)
        self.assertEqual(Fact._get_months_known(self.refresh()), 24)
