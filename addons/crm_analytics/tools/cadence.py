"""A customer's own cadence: median gap between purchase days, and how overdue it is."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

WINDOW_DAYS = 731  # 24 months


class Cadences(NamedTuple):
    """One row a customer that ever bought, ascending by key; arrays of shape (c,).

    ``purchase_days`` are those of the window; ``cadence`` the median gap in days, NaN
    with less than two purchase days there; ``recency`` days since the last purchase day
    ever; ``overdue_ratio`` recency / cadence (2 is twice as late as usual).
    """

    customer: NDArray[np.int64]
    purchase_days: NDArray[np.int64]
    cadence: NDArray[np.float64]
    recency: NDArray[np.int64]
    overdue_ratio: NDArray[np.float64]


def cadences(
    customer: ArrayLike, day: ArrayLike, as_of: int, window_days: int = WINDOW_DAYS
) -> Cadences:
    """Cadence of every customer from purchases in any order.

    :param customer: integer key per purchase, shape (n,)
    :param day: day number (``date.toordinal()``) per purchase, shape (n,); several
        purchases on one day are one purchase day
    :param as_of: day number of the computation
    :param window_days: gaps count between purchase days after ``as_of - window_days``
    :raises ValueError: when lengths differ or a purchase lies after ``as_of``
    """
    keys = np.asarray(customer, dtype=np.int64).reshape(-1)
    days = np.asarray(day, dtype=np.int64).reshape(-1)
    if len(keys) != len(days):
        raise ValueError("customer and day differ in length")
    if len(days) and days.max() > as_of:
        raise ValueError("a purchase lies after the date of the computation")
    order = np.lexsort((days, keys))
    keys, days = keys[order], days[order]
    if len(keys):
        first = np.r_[True, (keys[1:] != keys[:-1]) | (days[1:] != days[:-1])]
        keys, days = keys[first], days[first]
    unique, start = np.unique(keys, return_index=True)
    end = np.r_[start[1:], len(keys)].astype(int)
    recency = as_of - days[end - 1] if len(unique) else np.empty(0, np.int64)
    index = np.repeat(np.arange(len(unique)), end - start)
    inside = days > as_of - window_days
    purchase_days = np.bincount(index[inside], minlength=len(unique))
    pairs = inside[:-1] & (index[1:] == index[:-1]) if len(days) else inside
    gap, owner = np.diff(days)[pairs], index[1:][pairs]
    cadence = _group_median(gap, owner, len(unique))
    return Cadences(unique, purchase_days, cadence, recency, recency / cadence)


def _group_median(
    value: NDArray[np.int64], group: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Median of the values of each group 0..count-1; NaN for an empty one."""
    order = np.lexsort((value, group))
    ordered = np.r_[value[order].astype(float), np.nan]
    size = np.bincount(group, minlength=count)
    start = np.cumsum(size) - size
    low = np.where(size, start + (size - 1) // 2, len(value))
    high = np.where(size, start + size // 2, len(value))
    return (ordered[low] + ordered[high]) / 2
