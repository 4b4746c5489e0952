"""Rhythm of repeated purchases, for the quick order entry.

All days are ``datetime.date``; the caller says what today is.
"""

from datetime import date, timedelta
from typing import NamedTuple


class Rhythm(NamedTuple):
    """How often a product is bought, and whether it is due.

    ``interval``: mean days between two orders, None after a single day of order.
    ``due``: day on which the next order is expected, None without an interval.
    ``state``: ``due`` (the day has come), ``soon`` (within a fifth of the interval),
    ``later``, or ``once``.
    """

    interval: float | None
    due: date | None
    state: str


STATE_ORDER = {"due": 0, "soon": 1, "later": 2, "once": 3}


def rhythm(first: date, last: date, orders: int, today: date) -> Rhythm:
    """Return the rhythm of ``orders`` orders between ``first`` and ``last``.

    :raises ValueError: when ``last`` is before ``first`` or ``orders`` below one
    """
    if last < first:
        raise ValueError("the last order is before the first one")
    if orders < 1:
        raise ValueError("there must be an order")
    days = (last - first).days
    if orders < 2 or not days:
        return Rhythm(None, None, "once")
    interval = days / (orders - 1)
    due = last + timedelta(days=round(interval))
    left = (due - today).days
    if left <= 0:
        state = "due"
    elif left <= interval / 5:
        state = "soon"
    else:
        state = "later"
    return Rhythm(interval, due, state)


def rank(item: Rhythm, orders: int):
    """Return the sort key of a product: what is due first, then what is usual."""
    return (STATE_ORDER[item.state], -orders)
