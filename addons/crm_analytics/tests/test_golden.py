from datetime import date

from odoo.tests import tagged

from .common import ValueCommon


def monthly(day, first, count, amount):
    """The same on one day of ``count`` months."""
    months = range(12 * first[0] + first[1] - 1, 12 * first[0] + first[1] - 1 + count)
    return [(date(month // 12, month % 12 + 1, day), amount) for month in months]


# Costs 40 a piece. Who, when, how much (a piece each); negative: a refund.
HISTORY = {
    "Anchor": monthly(10, (2024, 7), 24, 1000),
    "Fading": monthly(15, (2024, 10), 12, 2000),
    "Fresh": [(date(2026, 4, 1), 1000), (date(2026, 5, 1), 2000)],
    "Loss": [(date(2025, 8, 20), 30), (date(2026, 2, 20), 30)],
    "Refunded": [(date(2025, 11, 10), 10000), (date(2025, 12, 10), -4000)],
    "Dormant": [(date(2024, 3, 5), 8000)],
    "Rising": [
        (date(2025, 3, 12), 2000),
        (date(2025, 5, 12), 2000),
        (date(2025, 9, 12), 3000),
        (date(2026, 2, 12), 3000),
        (date(2026, 4, 12), 4000),
        (date(2026, 6, 12), 5000),
    ],
}
COLUMNS = (
    "recency",
    "frequency",
    "monetary",
    "cell",
    "group",
    "abc",
    "abc_before",
    "contribution",
    "contribution_previous",
    "cadence",
    "loyalty",
    "churn_risk",
    "revenue_change",
    "value_class",
    "class_rule",
    "lifecycle",
    "lifecycle_since",
    "tier",
    "lifetime_value",
)
# Worked out with paper and calculator from the definitions, not by the program:
#
# * Loyalty: no ratings, and all bought the only family (breadth 1), hence
#   (.35 continuity + .15 tenure + .20 + .15 * 0) / .85,
#   without a cadence (.15 tenure + .20) / .50, and for Dormant, who bought nothing in
#   12 months, .15 tenure / .30; tenure is days / 365.25 / 5. Continuity is
#   active months / (months known, at most 12, * 30.4375 / cadence), at most 1:
#   Anchor 12 / 11.78 -> 1, tenure 720 days; Fading 3 / 11.78, 623 days;
#   Fresh 2 / 2.957 (known for 90 days), 90 days; Loss 2 / 1.71 -> 1, 314 days;
#   Rising 4 / 5.988, 475 days; Refunded 232 days; Dormant 847 days.
# * Risk: 1 / (1 + exp(1.4 - 1.2 log2(recency / cadence) - season)), the logarithm at
#   most 3; the median of the slopes of 12 months is 0 for each of them, season is 1
#   for Fading (nothing against 12,000) and -1 for Rising (12,000 against 4,000).
# * Letters: of 41,160 profit A ends at 32,928 and B at 39,102, and who crosses a line
#   still has the better letter: Rising, Anchor and Refunded make 32,360, so Fading
#   crosses the first one (38,240) and Fresh the second. A year before Fading made
#   17,640 of 33,080 and Anchor crosses 26,464; Rising is behind 29,160, below 31,426.
# * Lifetime: contribution of the last six calendar months a month, for 36 months at
#   10 % a year: (1 - 1.1^-3) / (1.1^(1/12) - 1) = 31.18646 months.
# * Stages: smoothed over six months Fading ends in March (October to March 0), Refunded
#   in May (December to May -3,960), Dormant in September 2024; Fresh falls from 1,460
#   to 973, less than 70 %; Rising has its best six months in June (1,980).
# * Tiers: few customers, so loyalty by 20, 40, 60, 80 and contribution by the limits of
#   money give row and column of the grid.
GOLDEN = {
    "Anchor": (
        20, 12, 12000, "553", "loyal", "A", "A", 11520, 11520, 31, 71.6632, 0.103519,
        0, "most_valuable", "valuable_and_loyal", "growth", date(2024, 7, 1), "3",
        29939.00,
    ),
    "Fading": (
        288, 3, 6000, "133", "at_risk", "A", "A", 5880, 17640, 31, 40.0338,
        0.960834, -1, "being_lost", "churn_risk", "termination", date(2026, 3, 1),
        "3", 0,
    ),
    "Fresh": (
        60, 2, 3000, "422", "potential_loyalist", "B", False, 2920, 0, 30, 52.2504,
        0.450166, 0, "new", "first_purchase", "transfer", date(2026, 6, 1), "4",
        15177.41,
    ),
    "Loss": (
        130, 2, 60, "221", "hibernating", "D", False, -20, 0, 184, 67.7401, 0.119053,
        0, "growth", "loyal", "discovery", date(2025, 8, 1), "4",
        -51.98,
    ),
    "Refunded": (
        232, 1, 6000, "213", "hibernating", "A", False, 6000, 0, 0, 43.8111, 0.197816,
        0, "transactional", "no_other_rule", "termination", date(2026, 5, 1), "3", 0,
    ),
    "Dormant": (
        847, 0, 0, "111", "hibernating", "C", False, 0, 0, 0, 23.1896, 0.197816, 0,
        "dormant", "no_purchase", "termination", date(2024, 9, 1), "5", 0,
    ),
    "Rising": (
        18, 4, 15000, "533", "loyal", "A", "B", 14840, 3920, 61, 55.6267, 0.010847, 2,
        "growth", "revenue_up", "growth", date(2026, 6, 1), "3", 61749.19,
    ),
}  # fmt: skip

# Paid back, decline began, termination began; what was recovered from is over.
DATES = {
    "Anchor": {"t1": "2024-07"},
    "Fading": {"t1": "2024-10", "t2": "2025-11", "t3": "2026-03"},
    "Fresh": {"t1": "2026-04", "t2": "2026-06"},
    "Loss": {},
    "Refunded": {"t1": "2025-11", "t2": "2025-12", "t3": "2026-05"},
    "Dormant": {"t1": "2024-03", "t2": "2024-04", "t3": "2024-09"},
    "Rising": {"t1": "2025-03"},
}


@tagged("post_install", "-at_install")
class TestGoldenRun(ValueCommon):
    """A frozen history and its judgement by the published policy: a changed definition
    changes a figure here.

    Covers: ANA-01, ANA-02, ANA-03, ANA-04, ANA-05, ANA-07, ANA-08, CUS-02
    """

    def test_a_frozen_history_is_judged_as_it_was(self):
        self.product_a.standard_price = 40
        for name, documents in HISTORY.items():
            customer = self.customer(name)
            for day, amount in documents:
                kind = "out_invoice" if amount > 0 else "out_refund"
                self.document(customer, day, abs(amount), kind)
        run = self.refresh(as_of=date(2026, 6, 30))
        self.assertEqual(run.policy_id.version, 1, "the defaults, unchanged")
        values = self.Value.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(values.mapped("partner_id.name")), set(GOLDEN), "customers"
        )
        for value in values:
            found = {name: value[name] for name in COLUMNS if name != "group"}
            found["group"] = value.group_id.code
            for name, expected in zip(
                COLUMNS, GOLDEN[value.partner_id.name], strict=True
            ):
                with self.subTest(customer=value.partner_id.name, figure=name):
                    if isinstance(expected, float):
                        digits = 2 if name == "lifetime_value" else 6
                        digits = 4 if name == "loyalty" else digits
                        self.assertAlmostEqual(found[name], expected, digits)
                    else:
                        self.assertEqual(found[name], expected)
        self.assertEqual(values.mapped("p_active"), [0] * len(values), "no model")
        for value in values:
            self._check_dates(value)

    def _check_dates(self, value):
        """The months t1, t2 and t3 stand in the words of the stage and on the curve."""
        name, words = value.partner_id.name, value._get_lifecycle_words()
        insight = self.env["crm.insight"].with_company(self.company)
        data = insight.get_gcv(value.partner_id.id)
        with self.subTest(customer=name):
            months = {point["code"]: point["month"][:7] for point in data["dates"]}
            self.assertEqual(months, DATES[name])
            for code, month in months.items():
                self.assertIn(f" in {month} ({code}).", words)
            last = data["stages"][-1]["since"]
            self.assertEqual(last, str(value.lifecycle_since))
            self.assertEqual(data["points"][-1]["month"], "2026-06-01")
