"""Fields of the policy by what rests on them, and what their numbers may be."""

from typing import NamedTuple


class Range(NamedTuple):
    """Least and greatest value of a limit, both allowed."""

    least: float
    most: float
    share: bool = False  # 0.05 is shown as 5 %

    def holds(self, value: float) -> bool:
        """Whether ``value`` lies within; a number that is none never does."""
        return self.least <= value <= self.most


_DAYS, _MONEY, _SHARE = Range(0, 3650), Range(0, 1e12), Range(0, 1, share=True)
_WEIGHT = Range(0, 100)

# What kernels and statements compute with; all that a person can have meant.
RANGES = {
    "window_months": Range(1, 120),
    "quintile_minimum": Range(1, 1_000_000),
    "r_days_5": _DAYS,
    "r_days_4": _DAYS,
    "r_days_3": _DAYS,
    "r_days_2": _DAYS,
    "f_days_2": _DAYS,
    "f_days_3": _DAYS,
    "f_days_4": _DAYS,
    "f_days_5": _DAYS,
    "m_amount_2": _MONEY,
    "m_amount_3": _MONEY,
    "m_amount_4": _MONEY,
    "m_amount_5": _MONEY,
    "abc_a": _SHARE,
    "abc_b": _SHARE,
    "new_months": Range(0, 120),
    "dormant_months": Range(1, 240),
    "churn_limit": _SHARE,
    "decline_limit": _SHARE,
    "loyalty_limit": Range(0, 100),
    "growth_limit": Range(0, 10, share=True),
    "growth_days": _DAYS,
    "weight_continuity": _WEIGHT,
    "weight_tenure": _WEIGHT,
    "weight_breadth": _WEIGHT,
    "weight_satisfaction": _WEIGHT,
    "weight_commitment": _WEIGHT,
    "tenure_years": Range(1, 100),
    "interest_rate": _SHARE,
    "sales_hour_cost": _MONEY,
    "service_hour_cost": _MONEY,
    "activity_minutes": Range(0, 1440),
    "discount_rate": _SHARE,
    "horizon_months": Range(1, 600),
    "model_minimum": Range(2, 1_000_000),
    "rule_support": Range(0.0001, 1, share=True),
    "rule_confidence": _SHARE,
    "rule_lift": Range(0, 1000),
    "rule_minimum": Range(1, 1_000_000),
}
# A version in force keeps all of these.
LIMIT_FIELDS = (
    *RANGES,
    "basket_kind",
    "basket_services",
    "basket_left_out_ids",
)
WEIGHT_FIELDS = tuple(name for name in RANGES if name.startswith("weight_"))

# What loyalty, the risk of leaving and the tiers of few customers rest on.
FEATURE_FIELDS = (
    *WEIGHT_FIELDS,
    "tenure_years",
    "model_minimum",
    "quintile_minimum",
    "m_amount_2",
    "m_amount_3",
    "m_amount_4",
    "m_amount_5",
)
# What the cost to serve rests on: another rate makes every month anew.
RATE_FIELDS = (
    "interest_rate",
    "sales_hour_cost",
    "service_hour_cost",
    "activity_minutes",
)
