"""Trend of revenue: robust slope over level, and half-year against a year before.

Theil-Sen: the median of the slopes of all pairs of points (Theil 1950, Sen 1968); one
exceptional invoice moves it little. The season comparison does not see seasons as
trends.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

CHUNK = 20_000


def slope_over_level(monthly: ArrayLike) -> NDArray[np.float64]:
    """Theil-Sen slope per month divided by the mean month.

    :param monthly: revenue, oldest month first, shape (n, k) with k >= 2 (12 is usual),
        or (k,) for one customer
    :return: shape (n,): 0.05 grows by 5 % of its mean every month; NaN where the mean
        is not positive, as no level is there to compare with
    :raises ValueError: for less than two months or a month that is not a number
    """
    table = np.atleast_2d(np.asarray(monthly, dtype=float))
    months = table.shape[1]
    if months < 2:
        raise ValueError("a slope needs at least two months")
    if not np.isfinite(table).all():
        raise ValueError("every month needs a figure; a month without sales is 0")
    low, high = np.triu_indices(months, 1)
    slope = np.empty(len(table))
    for start in range(0, len(table), CHUNK):
        part = table[start : start + CHUNK]
        slope[start : start + CHUNK] = np.median(
            (part[:, high] - part[:, low]) / (high - low), axis=1
        )
    level = table.mean(axis=1)
    return np.where(level > 0, slope / np.where(level > 0, level, 1), np.nan)


def season_change(half: ArrayLike, half_before: ArrayLike) -> NDArray[np.float64]:
    """Relative change of the last 6 months against the same 6 months a year before.

    :param half: revenue of the last 6 months, shape (n,)
    :param half_before: revenue of the same months a year before, shape (n,)
    :return: -0.3 is 30 % down; NaN where nothing (or less) was sold a year before

    >>> season_change([70, 5], [100, 0])
    array([-0.3,  nan])
    """
    now = np.asarray(half, dtype=float)
    before = np.asarray(half_before, dtype=float)
    known = before > 0
    return np.where(known, (now - before) / np.where(known, before, 1), np.nan)
