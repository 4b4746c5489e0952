import re

import numpy as np

from odoo.tests import tagged

from ..tools import churn, clv
from .test_scores_open import ScoresCommon


@tagged("post_install", "-at_install")
class TestScoreWords(ScoresCommon):
    """Risk and lifetime value can be done again from the words of their windows."""

    def test_the_risk_can_be_done_again_from_its_words(self):
        """Covers: ANA-02"""
        raised = set()
        for value in self.values:
            words = value.get_score("churn_risk")["words"]
            added = re.findall(r"^(-?[\d.]+) = (-?[\d.]+) x (-?[\d.]+):", words, re.M)
            self.assertEqual(
                len(added) + words.count("not known, adds 0"), len(churn.SIGNALS)
            )
            self.assertIn("-1.4000 for everybody (published weights)", words)
            for adds, weight, signal in added:
                self.assertAlmostEqual(float(adds), float(weight) * float(signal), 3)
                raised.add(float(adds) > 0)
            total = -1.4 + sum(float(adds) for adds, _weight, _signal in added)
            risk = churn.logistic(np.array([total]))[0]
            self.assertAlmostEqual(value.churn_risk, risk, 3)
        self.assertEqual(raised, {True, False}, "what lowers it is told, too")

    def test_signals_follow_from_their_figures(self):
        """The figure that the words name gives the signal by the kernel's table."""
        for value in self.values:
            found = value._get_explained()
            self.assertAlmostEqual(found.risk, value.churn_risk, 5)
            self.assertAlmostEqual(
                found.figures["overdue"], value.recency / value.cadence, 6
            )
            self.assertAlmostEqual(found.figures["season"], value.revenue_change, 6)
            self.assertAlmostEqual(found.figures["inactive"], value.p_active, 5)
            words = value.get_score("churn_risk")["words"]
            self.assertIn(f"own cadence {found.figures['overdue']:.4f},", words)

    def test_value_at_risk_is_a_product_that_is_told(self):
        """Covers: ANA-02"""
        money = self.company.currency_id
        for value in self.values:
            words = value.get_score("value_at_risk")["words"].split("\n")[0]
            self.assertIn(
                f"{money.format(value.value_at_risk)} = contribution"
                f" {money.format(max(value.contribution, 0))} x risk"
                f" {100 * value.churn_risk:.4f} %",
                words,
            )
            self.assertAlmostEqual(
                value.value_at_risk, max(value.contribution, 0) * value.churn_risk, 2
            )

    def test_lifetime_value_tells_amounts_and_why_no_model(self):
        """Covers: ANA-07"""
        value, money = self.values[0], self.company.currency_id
        half = sum(
            self.env["crm.customer.month"]
            .search(value.action_open_entries("lifetime_value")["domain"])
            .mapped("contribution")
        )
        words = value.get_score("lifetime_value")["words"]
        factor = clv.discount(
            clv.Policy(self.policy.horizon_months, self.policy.discount_rate)
        ).sum()
        self.assertIn(f"{money.format(half)} / 6 x {factor:.4f} months", words)
        self.assertIn(money.format(half / 6 * factor), words)
        self.assertNotIn("Not enough history", words.split("No model")[0])
        self.policy._change({"model_minimum": 1000})
        self.refresh()
        value.invalidate_recordset()
        words = value.get_score("lifetime_value")["words"]
        self.assertIn(
            "No model: Not enough history: 6 of 6 customers bought again, 1000 are"
            " needed.",
            words,
        )
        self.assertEqual(value.get_score("p_active")["words"].split(":")[0], "No model")

    def test_one_purchase_of_today_gives_a_value_with_a_caveat(self):
        """Covers: ANA-07"""
        young = self.customer("Young")
        self.document(young, self.as_of, 500)
        self.refresh()
        self.assertIn(
            "Not enough history: 1 purchase days in the 0 days",
            self.value(young).get_score("lifetime_value")["words"],
        )
        for value in self.values.filtered(lambda v: v.first_date < self.day(7)):
            self.assertNotIn(
                "purchase days in the", value.get_score("lifetime_value")["words"]
            )
