"""Alarms of value classes: which rules a customer breaks, and which alarms are over.

An alarm is raised once and stays until the figure is better than the limit by a
margin, or the customer leaves the class: a figure that wavers around its limit does not
ring again and again.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

# Indicators, and whether high figures (1) or low ones (-1) are bad.
BAD_SIDE = {
    "churn_risk": 1,
    "forecast": -1,
    "cost_share": 1,
    "satisfaction": -1,
    "overdue_share": 1,
}
MARGIN = 0.1


class Rule(NamedTuple):
    """Customers of ``value_class`` whose ``indicator`` is as bad as ``limit``.

    ``most`` limits the alarms of one run; 0 is no limit.
    """

    key: int
    value_class: str
    indicator: str
    limit: float
    most: int = 0


class Customer(NamedTuple):
    """Class, money that orders the alarms, and figures; None is not known."""

    key: int
    value_class: str
    weight: float
    figures: Mapping[str, float | None]


class Alarms(NamedTuple):
    """``raised``: (rule, customer, figure), worst money first; ``over``: pairs of rule
    and customer.
    """

    raised: list[tuple[int, int, float]]
    over: set[tuple[int, int]]


def breaks(rule: Rule, figure: float | None, eased: float = 0.0) -> bool:
    """Whether a figure is as bad as the limit; ``eased`` sets the limit back.

    >>> rule = Rule(1, "growth", "cost_share", 0.5)
    >>> breaks(rule, 0.5), breaks(rule, 0.46), breaks(rule, 0.46, MARGIN)
    (True, False, True)
    """
    if figure is None or figure != figure:
        return False
    side = BAD_SIDE[rule.indicator]
    return side * figure >= side * rule.limit - eased * abs(rule.limit)


def judge(
    rules: Iterable[Rule],
    customers: Iterable[Customer],
    ringing: Iterable[tuple[int, int]] = (),
) -> Alarms:
    """What rings now, and what is over.

    :param ringing: pairs of rule and customer of the alarms that are open
    :raises ValueError: for an unknown indicator
    """
    by_key = {rule.key: rule for rule in rules}
    unknown = {rule.indicator for rule in by_key.values()} - set(BAD_SIDE)
    if unknown:
        raise ValueError(f"unknown indicators: {sorted(unknown)}")
    known = {customer.key: customer for customer in customers}
    open_now = set(ringing)
    over = {
        (rule, customer)
        for rule, customer in open_now
        if not _holds(by_key.get(rule), known.get(customer), MARGIN)
    }
    raised = []
    ordered = sorted(known.values(), key=lambda c: (-c.weight, c.key))
    for rule in by_key.values():
        found = [
            (rule.key, customer.key, float(customer.figures[rule.indicator]))
            for customer in ordered
            if (rule.key, customer.key) not in open_now and _holds(rule, customer)
        ]
        raised += found[: rule.most or None]
    return Alarms(raised, over)


def _holds(rule: Rule | None, customer: Customer | None, eased: float = 0.0) -> bool:
    return (
        rule is not None
        and customer is not None
        and rule.value_class == customer.value_class
        and breaks(rule, customer.figures.get(rule.indicator), eased)
    )
