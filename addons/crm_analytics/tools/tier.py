"""Five service tiers from loyalty and contribution, by a 5 x 5 grid that is data.

Tier 1 gets the most service. Quintiles are those of :mod:`rfm`: equal values stay
together. Fifths of few customers say nothing, a single one would be the worst of all:
there, as for scores, fixed limits give the five steps. :data:`GRID` is what the data
begin with; what counts are the cells.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .rfm import quintile

NO_TIER = 0
QUINTILES = range(1, 6)
# Rows: loyalty quintile 1..5 (5 best); columns: contribution quintile 1..5.
GRID = (
    (5, 5, 4, 4, 3),
    (5, 4, 4, 3, 2),
    (5, 4, 3, 3, 2),
    (4, 4, 3, 2, 1),
    (4, 3, 3, 2, 1),
)


Cell = tuple[int, int]  # loyalty quintile, contribution quintile


class Fixed(NamedTuple):
    """Limits of the steps 2, 3, 4 and 5 while there are fewer than ``minimum``.

    ``loyalty`` on its scale of 0..100, ``contribution`` in money; a limit is reached by
    its own value.
    """

    minimum: int
    contribution: tuple[float, float, float, float]
    loyalty: tuple[float, float, float, float] = (20, 40, 60, 80)


def cells_of(grid: Sequence[Sequence[int]] = GRID) -> dict[Cell, int]:
    """Tier of each cell of a 5 x 5 grid.

    >>> cells_of()[5, 4]
    2
    """
    return {
        (loyal, rich): grid[loyal - 1][rich - 1]
        for loyal, rich in product(QUINTILES, repeat=2)
    }


def grid_of(cells: Mapping[Cell, int]) -> list[list[int]]:
    """The 5 x 5 grid of cells; :data:`NO_TIER` where a cell is missing.

    >>> grid_of(cells_of())[4]
    [4, 3, 3, 2, 1]
    """
    return [
        [cells.get((loyal, rich), NO_TIER) for rich in QUINTILES] for loyal in QUINTILES
    ]


def disorder(cells: Mapping[Cell, int]) -> tuple[Cell, Cell] | None:
    """First two neighbours, the better one last, of which the better gets less service.

    Cells that are missing are not looked at.

    >>> disorder({(1, 1): 3, (1, 2): 4, (2, 1): 2})
    ((1, 1), (1, 2))
    """
    for (loyal, rich), tier in sorted(cells.items()):
        for better in ((loyal, rich + 1), (loyal + 1, rich)):
            if cells.get(better, tier) > tier:
                return (loyal, rich), better
    return None


def check(grid: Sequence[Sequence[int]]) -> None:
    """Refuse a grid that is not 5 x 5, or where a better customer gets less service.

    :raises ValueError: saying what is wrong
    """
    if len(grid) != 5 or any(len(row) != 5 for row in grid):
        raise ValueError("the grid has five rows of five tiers")
    if not np.isin(np.asarray(grid), QUINTILES).all():
        raise ValueError("tiers run from 1 to 5")
    if disorder(cells_of(grid)):
        raise ValueError("a better quintile must not give a lower tier")


def step(value: ArrayLike, limits: Sequence[float]) -> NDArray[np.int64]:
    """1 plus the number of limits that are reached.

    >>> step([-5, 20, 99], (20, 40, 60, 80)).tolist()
    [1, 2, 5]
    """
    return 1 + np.searchsorted(np.asarray(limits, float), value, side="right")


def tiers(
    loyalty: ArrayLike,
    contribution: ArrayLike,
    grid: Sequence[Sequence[int]],
    fixed: Fixed | None = None,
) -> NDArray[np.int64]:
    """Tier 1..5 of each customer, :data:`NO_TIER` where loyalty is not known.

    :param loyalty: 0..100 or NaN, shape (n,)
    :param contribution: money, shape (n,); quintiles are among customers with a loyalty
    :param grid: tier by loyalty quintile (rows) and contribution quintile (columns)
    :param fixed: what gives the rows and columns of few customers; None for quintiles
        however few there are
    :raises ValueError: on a grid that :func:`check` refuses, or other lengths
    """
    check(grid)
    loyal = np.asarray(loyalty, dtype=float).reshape(-1)
    money = np.asarray(contribution, dtype=float).reshape(-1)
    if len(loyal) != len(money):
        raise ValueError("loyalty and contribution differ in length")
    known = ~np.isnan(loyal)
    result = np.full(len(loyal), NO_TIER, dtype=np.int64)
    if fixed and known.sum() < fixed.minimum:
        rows = step(loyal[known], fixed.loyalty)
        columns = step(money[known], fixed.contribution)
    else:
        rows, columns = quintile(loyal[known]), quintile(money[known])
    result[known] = np.asarray(grid)[rows - 1, columns - 1]
    return result
