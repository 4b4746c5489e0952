"""Five service tiers from loyalty and contribution, by a 5 x 5 grid that is data.

Tier 1 gets the most service. Quintiles are those of :mod:`rfm`: equal values stay
together.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .rfm import quintile

NO_TIER = 0
# Rows: loyalty quintile 1..5 (5 best); columns: contribution quintile 1..5.
GRID = (
    (5, 5, 4, 4, 3),
    (5, 4, 4, 3, 2),
    (5, 4, 3, 3, 2),
    (4, 4, 3, 2, 1),
    (4, 3, 3, 2, 1),
)


def check(grid: Sequence[Sequence[int]]) -> None:
    """Refuse a grid that is not 5 x 5, or where a better customer gets less service.

    :raises ValueError: saying what is wrong
    """
    if len(grid) != 5 or any(len(row) != 5 for row in grid):
        raise ValueError("the grid has five rows of five tiers")
    table = np.asarray(grid)
    if not np.isin(table, range(1, 6)).all():
        raise ValueError("tiers run from 1 to 5")
    if (np.diff(table, axis=0) > 0).any() or (np.diff(table, axis=1) > 0).any():
        raise ValueError("a better quintile must not give a lower tier")


def tiers(
    loyalty: ArrayLike,
    contribution: ArrayLike,
    grid: Sequence[Sequence[int]] = GRID,
) -> NDArray[np.int64]:
    """Tier 1..5 of each customer, :data:`NO_TIER` where loyalty is not known.

    :param loyalty: 0..100 or NaN, shape (n,)
    :param contribution: money, shape (n,); quintiles are among customers with a loyalty
    """
    check(grid)
    loyal = np.asarray(loyalty, dtype=float).reshape(-1)
    money = np.asarray(contribution, dtype=float).reshape(-1)
    if len(loyal) != len(money):
        raise ValueError("loyalty and contribution differ in length")
    known = ~np.isnan(loyal)
    result = np.full(len(loyal), NO_TIER, dtype=np.int64)
    rows, columns = quintile(loyal[known]), quintile(money[known])
    result[known] = np.asarray(grid)[rows - 1, columns - 1]
    return result
