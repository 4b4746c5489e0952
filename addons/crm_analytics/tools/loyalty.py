"""Loyalty 0..100: a weighted mean of five components; what is not known is left out.

Each component is a share 0..1 or NaN ("no data"); the weights of the others are raised
in proportion, and the result says which were used.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

COMPONENTS = ("continuity", "tenure", "breadth", "satisfaction", "commitment")
DAYS_PER_MONTH = 365.25 / 12


class Weights(NamedTuple):
    """Weights of the components; only their proportions matter."""

    continuity: float = 0.35
    tenure: float = 0.15
    breadth: float = 0.20
    satisfaction: float = 0.15
    commitment: float = 0.15


class Loyalty(NamedTuple):
    """``score`` shape (n,), 0..100, NaN without any component; the others shape (n, 5).

    ``weights`` are those used, each row summing to 1 (0 for a component without data),
    so that ``score = 100 * (weights * components).sum()`` with missing components as 0.
    """

    score: NDArray[np.float64]
    components: NDArray[np.float64]
    weights: NDArray[np.float64]

    def used(self, row: int) -> tuple[str, ...]:
        """Names of the components that entered the score of a row."""
        return tuple(
            name
            for name, weight in zip(COMPONENTS, self.weights[row], strict=True)
            if weight
        )


def continuity(
    months_with_purchase: ArrayLike, cadence_days: ArrayLike, months: ArrayLike = 12
) -> NDArray[np.float64]:
    """Months with a purchase over those expected from the own cadence, at most 1.

    :param months_with_purchase: months with a purchase of the last 12, shape (n,)
    :param cadence_days: median gap in days, shape (n,); NaN gives NaN
    :param months: months since the first purchase, of which at most 12 count
    """
    done = np.asarray(months_with_purchase, dtype=float)
    gap = np.asarray(cadence_days, dtype=float)
    span = np.clip(np.asarray(months, dtype=float), 1, 12)
    expected = np.clip(span * DAYS_PER_MONTH / gap, 1, span)
    return np.clip(done / expected, 0, 1)


def tenure(years: ArrayLike, saturation: float = 5.0) -> NDArray[np.float64]:
    """Years as a customer over ``saturation``, at most 1."""
    return np.clip(np.asarray(years, dtype=float) / saturation, 0, 1)


def breadth(bought: ArrayLike, sold_in_industry: ArrayLike) -> NDArray[np.float64]:
    """Families bought over families sold to the industry, at most 1; NaN at 0."""
    offered = np.asarray(sold_in_industry, dtype=float)
    share = np.asarray(bought, dtype=float) / np.where(offered > 0, offered, np.nan)
    return np.clip(share, 0, 1)


def satisfaction(
    rating: ArrayLike, low: float = 1.0, high: float = 5.0
) -> NDArray[np.float64]:
    """Mean rating on ``low``..``high`` as a share; NaN where nobody was asked."""
    return np.clip((np.asarray(rating, dtype=float) - low) / (high - low), 0, 1)


def score(components: ArrayLike, weights: Weights | None = None) -> Loyalty:
    """Loyalty from components in the order of :data:`COMPONENTS`.

    :param components: shares 0..1 or NaN, shape (n, 5)
    :raises ValueError: for a share outside 0..1, a negative weight or no weight at all
    """
    table = np.atleast_2d(np.asarray(components, dtype=float))
    if table.shape[1] != len(COMPONENTS):
        raise ValueError(f"{len(COMPONENTS)} components needed: {COMPONENTS}")
    known = ~np.isnan(table)
    if ((table < 0) | (table > 1))[known].any():
        raise ValueError("components are shares between 0 and 1")
    given = np.asarray(weights or Weights(), dtype=float)
    if (given < 0).any() or not given.sum():
        raise ValueError("weights must not be negative, and not all zero")
    used = known * given
    total = used.sum(axis=1, keepdims=True)
    used = np.divide(used, total, out=np.zeros_like(used), where=total > 0)
    result = 100 * np.where(known, table * used, 0).sum(axis=1)
    return Loyalty(np.where(total[:, 0] > 0, result, np.nan), table, used)
