"""Loyalty and churn risk of many customers at once: the kernels put together."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import churn, loyalty, trend

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


class Facts(NamedTuple):
    """What the computation reads of n customers; arrays of shape (n,), NaN unknown.

    ``age`` and ``recency`` are days since the first and the last purchase, ``monthly``
    has shape (n, 12), oldest month first; ``breadth``, ``rating`` (1..5) and
    ``commitment`` (0 or 1) are NaN where there is no data.
    """

    age: NDArray[np.float64]
    recency: NDArray[np.float64]
    cadence: NDArray[np.float64]
    active_months: NDArray[np.float64]
    half: NDArray[np.float64]
    half_before: NDArray[np.float64]
    monthly: NDArray[np.float64]
    breadth: NDArray[np.float64]
    rating: NDArray[np.float64]
    commitment: NDArray[np.float64]


class Features(NamedTuple):
    """Loyalty 0..100 and risk 0..1 with what they are made of, item by item."""

    loyalty: NDArray[np.float64]
    parts: list[dict[str, float]]
    risk: NDArray[np.float64]
    reasons: list[list[tuple[str, float, float]]]


def month_grid(as_of: date) -> int:
    """Number of the month of ``as_of``; the grid's last column."""
    return as_of.year * 12 + as_of.month - 1


def compute(
    facts: Facts, weights: loyalty.Weights, tenure_years: float = 5.0
) -> Features:
    """Loyalty and risk of every customer; NaN for one that never bought."""
    never = np.isnan(facts.age)
    components = np.column_stack(
        [
            np.where(
                never,
                np.nan,
                loyalty.continuity(
                    facts.active_months, facts.cadence, facts.age / DAYS_PER_MONTH
                ),
            ),
            loyalty.tenure(facts.age / DAYS_PER_YEAR, tenure_years),
            facts.breadth,
            loyalty.satisfaction(facts.rating),
            facts.commitment,
        ]
    )
    index = loyalty.score(components, weights)
    unknown = np.full(len(never), np.nan)
    risk = churn.score(
        churn.Figures(
            facts.recency / np.maximum(facts.cadence, 1),
            trend.slope_over_level(facts.monthly) if len(never) else unknown,
            trend.season_change(facts.half, facts.half_before),
            unknown,
            unknown,
        )
    )
    return Features(
        np.where(never, np.nan, index.score),
        [_parts(components[row], index.weights[row]) for row in range(len(never))],
        np.where(never, np.nan, risk.risk),
        [
            [(r.code, round(r.value, 4), round(r.adds, 4)) for r in risk.reasons(row)]
            for row in range(len(never))
        ],
    )


def _parts(values: NDArray[np.float64], used: NDArray[np.float64]) -> dict[str, float]:
    """The components that entered a score."""
    return {
        name: round(float(value), 4)
        for name, value, weight in zip(loyalty.COMPONENTS, values, used, strict=True)
        if weight
    }
