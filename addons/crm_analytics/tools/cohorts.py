"""Cohorts by first purchase, and moves between classes between two snapshots."""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Cohorts(NamedTuple):
    """Rows: cohorts by the number of their first period; columns: periods since then.

    ``customers`` and ``revenue`` shape (c, k); NaN where the period has not come yet.
    ``size`` shape (c,) is the number of customers of the cohort.
    """

    cohort: NDArray[np.int64]
    size: NDArray[np.int64]
    customers: Floats
    revenue: Floats

    @property
    def retention(self) -> Floats:
        """Share of the cohort that bought in each period since, shape (c, k)."""
        return self.customers / self.size[:, None]


def cohorts(
    customer: ArrayLike,
    period: ArrayLike,
    revenue: ArrayLike,
    last_period: int,
) -> Cohorts:
    """Cohort table from revenue per customer and period.

    :param customer: integer key per row, shape (n,)
    :param period: number of the quarter (or month) per row, shape (n,)
    :param revenue: revenue of the row, shape (n,); a customer bought in a period when
        the sum of its rows there is positive, and joins the cohort of the first such
        period
    :param last_period: number of the present period
    :raises ValueError: when lengths differ or a period lies after the present one
    """
    keys = np.asarray(customer, dtype=np.int64).reshape(-1)
    periods = np.asarray(period, dtype=np.int64).reshape(-1)
    money = np.asarray(revenue, dtype=float).reshape(-1)
    if not len(keys) == len(periods) == len(money):
        raise ValueError("customer, period and revenue differ in length")
    if len(periods) and periods.max() > last_period:
        raise ValueError("a period lies after the present one")
    pairs, index = np.unique(
        np.column_stack([keys, periods]), axis=0, return_inverse=True
    )
    money = np.bincount(index.reshape(-1), money, len(pairs))
    bought = money > 0
    owner, when = pairs[:, 0], pairs[:, 1]
    buyers, first = np.unique(owner[bought], return_index=True)
    begin = when[bought][first]
    keep = np.isin(owner, buyers)
    owner, when, money, bought = owner[keep], when[keep], money[keep], bought[keep]
    start = begin[np.searchsorted(buyers, owner)]
    since = when - start
    valid = since >= 0
    labels, size = np.unique(begin, return_counts=True)
    row = np.searchsorted(labels, start)
    shape = len(labels), int(last_period - labels[0] + 1) if len(labels) else 0

    def table(which: NDArray[np.bool_], weight: Floats | None) -> Floats:
        flat = row[which] * shape[1] + since[which]
        values = np.bincount(flat, weight, shape[0] * shape[1]).astype(float)
        values = values.reshape(shape)
        values[labels[:, None] + np.arange(shape[1]) > last_period] = np.nan
        return values

    return Cohorts(
        labels, size, table(valid & bought, None), table(valid, money[valid])
    )


class Moves(NamedTuple):
    """``counts[from, to]`` over ``classes``; the last row and column are "not there".

    ``members`` names the customers behind each count that is not 0.
    """

    classes: tuple[str, ...]
    counts: NDArray[np.int64]
    members: Mapping[tuple[str | None, str | None], tuple[Hashable, ...]]


def moves(
    before: Mapping[Hashable, str],
    now: Mapping[Hashable, str],
    classes: Sequence[str],
) -> Moves:
    """Moves between classes from one snapshot to the next.

    :param before: class by customer in the earlier snapshot; ``now`` in the later one
    :raises ValueError: for a class that is not in ``classes``
    """
    unknown = sorted(({*before.values()} | {*now.values()}) - set(classes))
    if unknown:
        raise ValueError(f"unknown classes: {', '.join(unknown)}")
    found: dict[tuple[str | None, str | None], list[Hashable]] = {}
    for key in {**before, **now}:
        found.setdefault((before.get(key), now.get(key)), []).append(key)
    place: dict[str | None, int] = {code: index for index, code in enumerate(classes)}
    place[None] = len(classes)
    counts = np.zeros((len(place), len(place)), dtype=np.int64)
    for (old, new), keys in found.items():
        counts[place[old], place[new]] = len(keys)
    return Moves(
        tuple(classes), counts, {pair: tuple(keys) for pair, keys in found.items()}
    )
