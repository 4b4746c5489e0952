"""Customer profit: from list revenue over discounts, goods and cost to serve to what is
left.

What is not known stays absent: a kind of cost whose application is not installed has no
step, which is not the same as a step of zero.
"""

from collections.abc import Mapping
from typing import NamedTuple

SERVE_KINDS = ("sales", "service", "logistics", "finance", "marketing")
_DAYS = 365.0


class Facts(NamedTuple):
    """Sums of one customer or of many, in one currency.

    ``list_revenue`` before discounts and ``goods`` are None where not known; ``serve``
    holds the kinds of cost to serve that are known, each >= 0 unless corrected by
    credit.
    """

    revenue: float
    list_revenue: float | None = None
    goods: float | None = None
    serve: Mapping[str, float] = {}


class Step(NamedTuple):
    """One bar of the waterfall: its change (costs negative) and the sum after it.

    Totals (``list_revenue``, ``revenue``, ``gross_margin``, ``left``) have a change of
    0.
    """

    code: str
    change: float
    after: float
    total: bool = False


class Waterfall(NamedTuple):
    """Steps in order; ``missing`` names what was not known, ``left`` the end."""

    steps: tuple[Step, ...]
    left: float
    missing: tuple[str, ...]


def waterfall(facts: Facts) -> Waterfall:
    """Steps from list revenue to what is left.

    :raises ValueError: for a kind of cost to serve that does not exist
    """
    unknown = sorted(set(facts.serve) - set(SERVE_KINDS))
    if unknown:
        raise ValueError(f"unknown kinds of cost to serve: {', '.join(unknown)}")
    steps: list[Step] = []
    amount = facts.revenue
    if facts.list_revenue is not None:
        steps.append(Step("list_revenue", 0.0, facts.list_revenue, True))
        discount = round(facts.list_revenue - facts.revenue, 2)
        steps.append(Step("discount", -discount, facts.revenue))
    steps.append(Step("revenue", 0.0, amount, True))
    if facts.goods is not None:
        amount = round(amount - facts.goods, 2)
        steps.append(Step("goods", -facts.goods, amount))
        steps.append(Step("gross_margin", 0.0, amount, True))
    for kind in SERVE_KINDS:
        if kind in facts.serve:
            amount = round(amount - facts.serve[kind], 2)
            steps.append(Step(kind, -facts.serve[kind], amount))
    steps.append(Step("left", 0.0, amount, True))
    missing = [
        name for name in ("list_revenue", "goods") if getattr(facts, name) is None
    ]
    missing += [kind for kind in SERVE_KINDS if kind not in facts.serve]
    return Waterfall(tuple(steps), amount, tuple(missing))


def late_payment_cost(amount: float, days_late: float, yearly_rate: float) -> float:
    """Interest on money paid late: ``amount x days / 365 x rate``; paid early costs
    nothing.

    >>> late_payment_cost(10_000, 73, 0.05)
    100.0
    """
    if yearly_rate < 0:
        raise ValueError("the yearly rate must not be negative")
    return round(amount * max(days_late, 0.0) / _DAYS * yearly_rate, 2)
