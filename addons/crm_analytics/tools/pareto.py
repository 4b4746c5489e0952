"""20/80/30: contribution curve, ABC(D) letters, Gini, share of the best and the worst.

The curve orders customers by contribution, best first; where some lose money it rises
above its end and comes down again, hence "whale curve" (Kaplan and Narayanan, 2001).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Pareto(NamedTuple):
    """Answer of :func:`analyse`; arrays have shape (n,) in the order of the input.

    ``rank`` counts from 1, ``cumulative`` is the running sum up to and with the
    customer. ``top_share`` is the share of ``total`` made by the best ``top_count``
    customers, None where the total is not positive; ``destroyed`` is the loss (>= 0) of
    the worst ``bottom_count``. ``gini`` is that of the contributions with losses
    counted as nothing, None without profit.
    """

    abc: NDArray[np.str_]
    rank: NDArray[np.int64]
    cumulative: NDArray[np.float64]
    total: float
    positive_total: float
    top_count: int
    top_share: float | None
    bottom_count: int
    destroyed: float
    gini: float | None


class Curve(NamedTuple):
    """Points of the whale curve: shares of customers and cumulative contributions."""

    customer_share: NDArray[np.float64]
    cumulative: NDArray[np.float64]


def _values(contribution: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(contribution, dtype=float).reshape(-1)
    if not len(values):
        raise ValueError("no customer: nothing to divide")
    if not np.isfinite(values).all():
        raise ValueError("every customer needs a contribution that is a number")
    return values


def gini(contribution: ArrayLike) -> float | None:
    """Gini coefficient: 0 all equal, towards 1 one customer has all; losses count as 0.

    ``G = (2 sum(i x_i) / (n sum(x_i))) - (n + 1) / n`` on ascending x.

    >>> round(gini([0, 0, 0, 10]), 2)
    0.75
    """
    values = np.sort(np.clip(_values(contribution), 0, None))
    total = values.sum()
    if total <= 0:
        return None
    count = len(values)
    index = np.arange(1, count + 1)
    return float(2 * (index @ values) / (count * total) - (count + 1) / count)


def analyse(
    contribution: ArrayLike,
    share_a: float = 0.80,
    share_b: float = 0.95,
    top: float = 0.20,
    bottom: float = 0.30,
) -> Pareto:
    """Letters and shares of customers by contribution.

    A customer is *A* while the customers before it reach less than ``share_a`` of the
    sum of positive contributions (the one that crosses the line is still A), *B*
    likewise to ``share_b``, *C* the rest and those at zero, *D* below zero; compared to
    the cent.

    :param contribution: profit per customer in one currency, shape (n,); equal ones are
        ranked in the order given
    :param top: share of customers called best, rounded up to whole customers;
        ``bottom`` too
    :raises ValueError: without customers, for a missing figure, for shares not
        ascending
    """
    if not 0 <= share_a <= share_b <= 1:
        raise ValueError(f"shares must ascend between 0 and 1: {share_a}, {share_b}")
    values = _values(contribution)
    count = len(values)
    order = np.argsort(-values, kind="stable")
    ordered = values[order]
    gains = np.clip(ordered, 0, None)
    positive = float(gains.sum())
    before = np.round(np.cumsum(gains) - gains, 2)
    letters = np.where(
        ordered < 0,
        "D",
        np.where(
            (ordered > 0) & (before < round(share_a * positive, 2)),
            "A",
            np.where((ordered > 0) & (before < round(share_b * positive, 2)), "B", "C"),
        ),
    )
    total = float(ordered.sum())
    top_count = _whole(top, count)
    bottom_count = _whole(bottom, count)
    abc, rank, cumulative = (
        np.empty_like(letters),
        np.empty(count, np.int64),
        np.empty(count),
    )
    abc[order], rank[order] = letters, np.arange(1, count + 1)
    cumulative[order] = np.cumsum(ordered)
    return Pareto(
        abc,
        rank,
        cumulative,
        total,
        positive,
        top_count,
        float(ordered[:top_count].sum()) / total if total > 0 else None,
        bottom_count,
        float(-np.clip(ordered[count - bottom_count :], None, 0).sum()),
        gini(values),
    )


def _whole(share: float, count: int) -> int:
    """Customers in a share, rounded up; the tolerance keeps .2 of 10 at 2."""
    return min(count, int(np.ceil(share * count - 1e-9)))


def whale_curve(contribution: ArrayLike, points: int = 200) -> Curve:
    """At most ``points`` + 2 points of the curve, from (0, 0) to (1, total)."""
    ordered = -np.sort(-_values(contribution))
    count = len(ordered)
    index = np.unique(np.linspace(0, count, min(points, count) + 1).round().astype(int))
    cumulative = np.concatenate([[0.0], np.cumsum(ordered)])
    return Curve(index / count, cumulative[index])
