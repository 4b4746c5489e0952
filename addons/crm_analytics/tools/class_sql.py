"""Value classes in SQL: the rules in their order, and the class that each gives."""

from typing import NamedTuple

from odoo.tools import SQL

from .windows import Windows


class Limits(NamedTuple):
    """Numbers of the policy that the statement compares with; shares are fractions."""

    quintile_minimum: int
    r_days: tuple[int, int, int, int]
    f_days: tuple[int, int, int, int]
    m_amounts: tuple[float, float, float, float]
    abc_a: float
    abc_b: float
    churn_risk: float
    decline: float
    loyalty: float
    growth: float
    growth_days: int


def rule(w: Windows, limits: Limits) -> SQL:
    """The first rule that fits; unknown values fire none (see ``value_class``)."""
    return SQL(
        """CASE
        WHEN last_date IS NULL THEN 'never_bought'
        WHEN last_date <= %(dormant)s THEN 'no_purchase'
        WHEN first_date > %(new)s THEN 'first_purchase'
        WHEN abc_before IN ('A', 'B') AND churn_risk >= %(churn)s THEN 'churn_risk'
        WHEN abc_before IN ('A', 'B')
             AND half_change <= -%(decline)s::numeric * half_before
             THEN 'revenue_down'
        WHEN abc = 'A' AND loyalty >= %(loyalty)s THEN 'valuable_and_loyal'
        WHEN loyalty >= %(loyalty)s THEN 'loyal'
        WHEN half_change >= %(growth)s::numeric * half_before AND frequency >= %(days)s
             THEN 'revenue_up'
        ELSE 'no_other_rule' END""",
        dormant=w.dormant_since,
        new=w.new_since,
        churn=limits.churn_risk,
        decline=limits.decline,
        loyalty=limits.loyalty,
        growth=limits.growth,
        days=limits.growth_days,
    )


CONTRACT_ONLY = "contract_only"
CLASS_OF_RULE = {
    CONTRACT_ONLY: "new",
    "never_bought": "dormant",
    "no_purchase": "dormant",
    "first_purchase": "new",
    "churn_risk": "being_lost",
    "revenue_down": "being_lost",
    "valuable_and_loyal": "most_valuable",
    "loyal": "growth",
    "revenue_up": "growth",
    "no_other_rule": "transactional",
}


def value_class() -> SQL:
    """The class that the column ``class_rule`` gives."""
    return SQL(
        "CASE class_rule %s END",
        SQL(" ").join(
            SQL("WHEN %s THEN %s", rule, name) for rule, name in CLASS_OF_RULE.items()
        ),
    )
