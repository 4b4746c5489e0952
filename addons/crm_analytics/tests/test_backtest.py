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
