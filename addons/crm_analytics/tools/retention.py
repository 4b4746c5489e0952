"""Leaking bucket: customers gained, lost and won back, so that the periods add up.

A customer counts from its first purchase until it is *lost*: when twice its own
cadence, and at least six months, have passed since its last purchase. A later purchase
*regains* it. Each period's closing number is the opening one plus gained plus regained
minus lost.
"""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIN_GAP = 183
FACTOR = 2.0
CADENCE_DAYS = 731  # gaps of the last 24 months make the cadence
_NEVER = np.iinfo(np.int64).max

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Spells(NamedTuple):
    """Times of activity, by customer and time; arrays of shape (s,).

    ``start`` is the day number of the purchase that began the spell, ``lost`` the day
    on which the customer counted as lost (the largest integer while it does not),
    ``first`` tells the customer's first spell.
    """

    customer: Ints
    start: Ints
    lost: Ints
    first: NDArray[np.bool_]


class Bridge(NamedTuple):
    """One row a period, arrays of shape (p,): opening + gained + regained - lost =
    closing.
    """

    opening: Ints
    gained: Ints
    regained: Ints
    lost: Ints
    closing: Ints


class Members(NamedTuple):
    """Who moved in one period: ascending customer keys."""

    gained: Ints
    regained: Ints
    lost: Ints


def _lost_after(days: Sequence[int], index: int) -> int:
    """Day on which a customer is lost if nothing follows the purchase at ``index``."""
    last = days[index]
    begin = index
    while begin and days[begin - 1] > last - CADENCE_DAYS:
        begin -= 1
    gaps = [days[i + 1] - days[i] for i in range(begin, index)]
    wait = max(MIN_GAP, FACTOR * median(gaps)) if gaps else MIN_GAP
    return last + int(np.ceil(wait))


def spells(customer: ArrayLike, day: ArrayLike, as_of: int) -> Spells:
    """Spells of activity of every customer, from purchases in any order.

    :param customer: integer key per purchase, shape (n,)
    :param day: day number (``date.toordinal()``) per purchase, shape (n,)
    :param as_of: day number of today: nobody is lost after it
    :raises ValueError: when lengths differ or a purchase lies after ``as_of``
    """
    keys = np.asarray(customer, dtype=np.int64).reshape(-1)
    days = np.asarray(day, dtype=np.int64).reshape(-1)
    if len(keys) != len(days):
        raise ValueError("customer and day differ in length")
    if len(days) and days.max() > as_of:
        raise ValueError("a purchase lies after the date of the computation")
    pairs = np.unique(np.column_stack([keys, days]), axis=0)
    rows: list[tuple[int, int, int, bool]] = []
    borders = np.flatnonzero(np.diff(pairs[:, 0])) + 1
    for group in np.split(pairs, borders) if len(pairs) else ():
        rows.extend(_spells(int(group[0, 0]), group[:, 1].tolist(), as_of))
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Spells(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(bool))


def _spells(
    customer: int, days: list[int], as_of: int
) -> list[tuple[int, int, int, bool]]:
    found = []
    start = days[0]
    for index, day in enumerate(days):
        following = days[index + 1] if index + 1 < len(days) else as_of + 1
        if following - day <= MIN_GAP:
            continue
        lost = _lost_after(days, index)
        if lost < following:
            found.append((customer, start, lost, start == days[0]))
            start = following
    if start <= as_of:
        found.append((customer, start, _NEVER, start == days[0]))
    return found


def bridge(found: Spells, borders: Sequence[int]) -> Bridge:
    """Customers per period; each border is the first day of a period, the last its end.

    :param borders: ascending day numbers, p + 1 of them
    """
    edges = np.asarray(borders, dtype=np.int64)
    if len(edges) < 2 or (np.diff(edges) <= 0).any():
        raise ValueError("periods need at least two ascending borders")

    def per_period(days: Ints) -> Ints:
        return np.diff(np.searchsorted(np.sort(days), edges, side="left"))

    gained = per_period(found.start[found.first])
    regained = per_period(found.start[~found.first])
    lost = per_period(found.lost)
    active = (found.start < edges[0]) & (found.lost >= edges[0])
    return balance(int(active.sum()), gained, regained, lost)


def balance(
    opening: int, gained: ArrayLike, regained: ArrayLike, lost: ArrayLike
) -> Bridge:
    """Opening and closing of periods that follow each other.

    :param opening: customers before the first period
    :param gained: customers per period, shape (p,), as ``regained`` and ``lost``
    """
    come, back, gone = (np.asarray(v, dtype=np.int64) for v in (gained, regained, lost))
    closing = opening + np.cumsum(come + back - gone)
    return Bridge(closing - come - back + gone, come, back, gone, closing)


def members(found: Spells, begin: int, end: int) -> Members:
    """The customers behind one period ``begin`` <= day < ``end``."""
    started = (found.start >= begin) & (found.start < end)
    lost = (found.lost >= begin) & (found.lost < end)
    return Members(
        found.customer[started & found.first],
        found.customer[started & ~found.first],
        found.customer[lost],
    )


class RevenueBridge(NamedTuple):
    """opening + gained + regained + expansion - contraction - lost + corrections =
    closing.

    ``corrections`` come from customers without positive revenue in either period.
    ``gross`` and ``net`` are the revenue retentions, None without customers before: of
    the revenue of those who had some, the part that stayed, without and with growth.
    """

    opening: float
    gained: float
    regained: float
    expansion: float
    contraction: float
    lost: float
    corrections: float
    closing: float
    gross: float | None
    net: float | None


def revenue_bridge(
    before: ArrayLike, now: ArrayLike, bought_earlier: ArrayLike
) -> RevenueBridge:
    """Revenue of a period explained by that of the one it is compared with.

    A customer is kept with positive revenue in both, lost with it only before, gained
    or regained with it only now. Amounts to the cent.

    :param before: revenue per customer in the earlier period, shape (n,)
    :param now: in the later one; ``bought_earlier`` whether before both, shape (n,)
    """
    old, new = (np.asarray(v, dtype=float).reshape(-1) for v in (before, now))
    known = np.asarray(bought_earlier, dtype=bool).reshape(-1)
    if not len(old) == len(new) == len(known):
        raise ValueError("before, now and bought_earlier differ in length")
    was, has, change = old > 0, new > 0, new - old

    def total(which: NDArray[np.bool_], sign: int = 1) -> float:
        return round(float(sign * change[which].sum()), 2) + 0.0

    lost = total(was & ~has, -1)
    contraction = total(was & has & (change < 0), -1)
    expansion = total(was & has & (change > 0))
    base = float(old[was].sum())
    return RevenueBridge(
        round(float(old.sum()), 2),
        total(~was & has & ~known),
        total(~was & has & known),
        expansion,
        contraction,
        lost,
        total(~was & ~has),
        round(float(new.sum()), 2),
        float(np.minimum(old, new)[was].sum()) / base if base > 0 else None,
        float(new[was].sum()) / base if base > 0 else None,
    )
