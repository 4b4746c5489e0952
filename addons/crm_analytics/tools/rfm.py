"""Recency, frequency, monetary: scores 1..5 (5 is best), cells and named groups.

*Recency* is the number of days from the last invoice to the date of the computation
(not the "last minus first purchase" of the lifetime models), *frequency* the number of
distinct purchase days in the window, *monetary* the net revenue of the window.

Two methods. *Quintile*: ``score = 1 + floor(5 * w / n)`` where ``w`` customers of ``n``
have a strictly worse value; equal values get equal scores. *Fixed*: thresholds of a
policy.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

UNREACHABLE = float("inf")


class Cuts(NamedTuple):
    """Limits between the scores.

    ``recency``: the most days that still give 5, 4, 3, 2 (ascending); more gives 1.
    ``frequency``, ``monetary``: the least value that gives 2, 3, 4, 5 (ascending); less
    gives 1.
    """

    recency: tuple[float, float, float, float] = (30, 60, 120, 240)
    frequency: tuple[float, float, float, float] = (2, 3, 6, 12)
    monetary: tuple[float, float, float, float] = (1_000, 5_000, 20_000, 50_000)


class Scores(NamedTuple):
    """Three arrays of shape (n,) of integers 1..5, and the limits that gave them."""

    recency: NDArray[np.int64]
    frequency: NDArray[np.int64]
    monetary: NDArray[np.int64]
    cuts: Cuts

    @property
    def cell(self) -> NDArray[np.int64]:
        """``R * 100 + F * 10 + M``, shape (n,)."""
        return self.recency * 100 + self.frequency * 10 + self.monetary


class Group(NamedTuple):
    """A named group: all cells whose three scores lie in the ranges (inclusive)."""

    code: str
    recency: tuple[int, int]
    frequency: tuple[int, int]
    monetary: tuple[int, int]


# Several rows may carry one code; together they cover each of the 125 cells exactly
# once.
GROUPS = (
    Group("champions", (4, 5), (4, 5), (4, 5)),
    Group("loyal", (3, 3), (4, 5), (3, 5)),
    Group("loyal", (4, 5), (4, 5), (1, 3)),
    Group("loyal", (4, 5), (3, 3), (3, 5)),
    Group("potential_loyalist", (4, 5), (2, 2), (2, 5)),
    Group("potential_loyalist", (4, 5), (3, 3), (1, 2)),
    Group("new", (5, 5), (1, 1), (1, 5)),
    Group("new", (5, 5), (2, 2), (1, 1)),
    Group("promising", (4, 4), (1, 1), (1, 5)),
    Group("promising", (4, 4), (2, 2), (1, 1)),
    Group("need_attention", (3, 3), (3, 3), (1, 5)),
    Group("need_attention", (3, 3), (4, 5), (1, 2)),
    Group("need_attention", (3, 3), (1, 2), (3, 5)),
    Group("about_to_sleep", (3, 3), (1, 2), (1, 2)),
    Group("cannot_lose", (1, 2), (4, 5), (4, 5)),
    Group("at_risk", (1, 2), (4, 5), (1, 3)),
    Group("at_risk", (1, 2), (3, 3), (2, 5)),
    Group("at_risk", (2, 2), (1, 2), (4, 5)),
    Group("hibernating", (1, 2), (3, 3), (1, 1)),
    Group("hibernating", (2, 2), (1, 2), (1, 3)),
    Group("hibernating", (1, 1), (1, 2), (1, 5)),
)
GROUP_CODES = tuple(dict.fromkeys(group.code for group in GROUPS))


def group_by_cell(groups: tuple[Group, ...] = GROUPS) -> dict[int, str]:
    """Code of the group of each of the 125 cells.

    :raises ValueError: naming the cells that no group or more than one group covers
    """
    found: dict[int, str] = {}
    for code, recency, frequency, monetary in groups:
        cells = (
            r * 100 + f * 10 + m
            for r in range(recency[0], recency[1] + 1)
            for f in range(frequency[0], frequency[1] + 1)
            for m in range(monetary[0], monetary[1] + 1)
        )
        for cell in cells:
            if cell in found:
                raise ValueError(f"cell {cell} lies in {found[cell]} and in {code}")
            found[cell] = code
    wanted = {r * 100 + f * 10 + m for r in _S for f in _S for m in _S}
    if missing := sorted(wanted - found.keys()):
        raise ValueError(f"no group covers the cells {missing}")
    if extra := sorted(found.keys() - wanted):
        raise ValueError(f"scores run from 1 to 5; these cells do not exist: {extra}")
    return found


_S = range(1, 6)


def groups_of(cells: ArrayLike, by_cell: Mapping[int, str] | None = None) -> list[str]:
    """Group code of each cell, in order."""
    by_cell = by_cell or group_by_cell()
    return [by_cell[int(cell)] for cell in np.asarray(cells)]


def _columns(*columns: ArrayLike) -> list[NDArray[np.float64]]:
    arrays = [np.asarray(column, dtype=float).reshape(-1) for column in columns]
    if len({len(array) for array in arrays}) > 1:
        raise ValueError("recency, frequency and monetary differ in length")
    return arrays


def quintile(goodness: NDArray[np.float64]) -> NDArray[np.int64]:
    """Scores 1..5 of numbers, shape (n,), more is better; equal ones stay equal."""
    ordered = np.sort(goodness)
    worse = np.searchsorted(ordered, goodness, side="left")
    return 1 + (5 * worse) // max(len(goodness), 1)


def _lower_cuts(
    values: NDArray[np.float64], scores: NDArray[np.int64]
) -> tuple[float, float, float, float]:
    """Least value that reached the scores 2, 3, 4, 5; infinity where none did."""
    return tuple(  # type: ignore[return-value]
        float(values[scores >= score].min()) if (scores >= score).any() else UNREACHABLE
        for score in (2, 3, 4, 5)
    )


def score_quintile(
    recency: ArrayLike, frequency: ArrayLike, monetary: ArrayLike
) -> Scores:
    """Scores by rank among the customers given, ties together.

    :param recency: days since the last purchase, shape (n,); NaN means never bought,
        the worst
    :param frequency: distinct purchase days, shape (n,)
    :param monetary: net revenue in one currency, shape (n,); may be negative
    :return: scores and the limits that would give the same scores by
        :func:`score_fixed`
    :raises ValueError: when the lengths differ, or frequency or monetary hold a NaN
    """
    days, times, money = _columns(recency, frequency, monetary)
    if np.isnan(times).any() or np.isnan(money).any():
        raise ValueError("frequency and monetary must be numbers for every customer")
    freshness = -np.where(np.isnan(days), UNREACHABLE, days)
    r, f, m = quintile(freshness), quintile(times), quintile(money)
    fresh_cuts = _lower_cuts(freshness, r)
    cuts = Cuts(
        tuple(-cut for cut in reversed(fresh_cuts)),  # type: ignore[arg-type]
        _lower_cuts(times, f),
        _lower_cuts(money, m),
    )
    return Scores(r, f, m, cuts)


def score_fixed(
    recency: ArrayLike,
    frequency: ArrayLike,
    monetary: ArrayLike,
    cuts: Cuts | None = None,
) -> Scores:
    """Scores by thresholds; parameters as in :func:`score_quintile`.

    :raises ValueError: when lengths differ or the limits are not ascending
    """
    cuts = cuts or Cuts()
    for limits in cuts:
        if list(limits) != sorted(limits):
            raise ValueError(f"limits must ascend: {limits}")
    days, times, money = _columns(recency, frequency, monetary)
    days = np.where(np.isnan(days), UNREACHABLE, days)
    r = 5 - np.searchsorted(np.asarray(cuts.recency, float), days, side="left")
    f = 1 + np.searchsorted(np.asarray(cuts.frequency, float), times, side="right")
    m = 1 + np.searchsorted(np.asarray(cuts.monetary, float), money, side="right")
    r[np.isinf(days)] = 1
    return Scores(r, f, m, cuts)
