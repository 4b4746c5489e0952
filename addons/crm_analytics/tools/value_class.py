"""The six value classes: one decision list, first rule that fits.

The list completes the four classes of the value-based literature (most valuable,
growth, being lost, transactional) by *new* and *dormant*, so that nobody is forced into
a class that history cannot support. Every limit is an argument, and the rule that fired
is returned with the numbers it compared.
"""

from datetime import date
from typing import NamedTuple

from . import months

DORMANT = "dormant"
NEW = "new"
BEING_LOST = "being_lost"
MOST_VALUABLE = "most_valuable"
GROWTH = "growth"
TRANSACTIONAL = "transactional"
CLASSES = (MOST_VALUABLE, GROWTH, BEING_LOST, TRANSACTIONAL, NEW, DORMANT)


class Limits(NamedTuple):
    """Thresholds of the decision; shares are fractions (0.3 is 30 %)."""

    dormant_months: int = 24
    new_months: int = 6
    churn_risk: float = 0.5
    decline: float = 0.30
    loyalty: float = 60.0
    growth: float = 0.20
    growth_days: int = 3


class Facts(NamedTuple):
    """What the decision reads of one customer.

    ``first_purchase`` and ``last_purchase`` are invoice dates (refunds do not count),
    None without any purchase. ``frequency`` is the number of distinct purchase days in
    the window, ``abc`` and ``abc_before`` the letters of the window and of the 12
    months before it, ``revenue_change`` the relative change against a year before (-0.3
    is 30 % down). None means "not known", and an unknown value never fires a rule.
    """

    first_purchase: date | None
    last_purchase: date | None
    frequency: int = 0
    abc: str | None = None
    abc_before: str | None = None
    churn_risk: float | None = None
    revenue_change: float | None = None
    loyalty: float | None = None


class Decision(NamedTuple):
    """Class, the code of the rule that fired, and the numbers it compared.

    ``numbers`` holds pairs of a name and a value: names ending in ``_limit`` are
    thresholds.
    """

    value_class: str
    rule: str
    numbers: tuple[tuple[str, object], ...]


def _at_least(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


def _dormant(facts: Facts, as_of: date, limits: Limits) -> Decision | None:
    since = months.shift(as_of, -limits.dormant_months)
    if facts.last_purchase is not None and facts.last_purchase > since:
        return None
    rule = "never_bought" if facts.last_purchase is None else "no_purchase"
    return Decision(
        DORMANT,
        rule,
        (("last_purchase", facts.last_purchase), ("last_purchase_limit", since)),
    )


def _new(facts: Facts, as_of: date, limits: Limits) -> Decision | None:
    since = months.shift(as_of, -limits.new_months)
    if facts.first_purchase is None or facts.first_purchase <= since:
        return None
    return Decision(
        NEW,
        "first_purchase",
        (("first_purchase", facts.first_purchase), ("first_purchase_limit", since)),
    )


def _being_lost(facts: Facts, as_of: date, limits: Limits) -> Decision | None:
    if facts.abc_before not in ("A", "B"):
        return None
    if _at_least(facts.churn_risk, limits.churn_risk):
        rule, name, limit = "churn_risk", "churn_risk", limits.churn_risk
    elif facts.revenue_change is not None and facts.revenue_change <= -limits.decline:
        rule, name, limit = "revenue_down", "revenue_change", -limits.decline
    else:
        return None
    return Decision(
        BEING_LOST,
        rule,
        (
            ("abc_before", facts.abc_before),
            (name, getattr(facts, name)),
            (f"{name}_limit", limit),
        ),
    )


def _most_valuable(facts: Facts, as_of: date, limits: Limits) -> Decision | None:
    if facts.abc != "A" or not _at_least(facts.loyalty, limits.loyalty):
        return None
    return Decision(
        MOST_VALUABLE,
        "valuable_and_loyal",
        (
            ("abc", facts.abc),
            ("loyalty", facts.loyalty),
            ("loyalty_limit", limits.loyalty),
        ),
    )


def _growth(facts: Facts, as_of: date, limits: Limits) -> Decision | None:
    if _at_least(facts.loyalty, limits.loyalty):
        return Decision(
            GROWTH,
            "loyal",
            (("loyalty", facts.loyalty), ("loyalty_limit", limits.loyalty)),
        )
    if (
        not _at_least(facts.revenue_change, limits.growth)
        or facts.frequency < limits.growth_days
    ):
        return None
    return Decision(
        GROWTH,
        "revenue_up",
        (
            ("revenue_change", facts.revenue_change),
            ("revenue_change_limit", limits.growth),
            ("frequency", facts.frequency),
            ("frequency_limit", limits.growth_days),
        ),
    )


_RULES = (_dormant, _new, _being_lost, _most_valuable, _growth)


def decide(facts: Facts, as_of: date, limits: Limits | None = None) -> Decision:
    """Class of one customer at ``as_of`` by the first rule that fits.

    :param facts: the customer's figures, all computed at ``as_of``
    :param as_of: day of the decision; purchases after it must not be in ``facts``
    :param limits: thresholds of the policy, the published defaults when left out
    :raises ValueError: when a purchase lies after ``as_of`` or before the first one
    """
    limits = limits or Limits()
    first, last = facts.first_purchase, facts.last_purchase
    if (first is None) != (last is None):
        raise ValueError("first and last purchase are both known or both unknown")
    if first is not None and last is not None and not first <= last <= as_of:
        raise ValueError(f"purchases {first}..{last} do not fit the date {as_of}")
    for rule in _RULES:
        if decision := rule(facts, as_of, limits):
            return decision
    numbers = (
        ("abc", facts.abc),
        ("loyalty", facts.loyalty),
        ("revenue_change", facts.revenue_change),
        ("frequency", facts.frequency),
    )
    return Decision(TRANSACTIONAL, "no_other_rule", numbers)
