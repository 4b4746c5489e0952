"""Risk of losing a customer: a logistic of five signals, with its reasons.

``risk = 1 / (1 + exp(-(intercept + sum(weight * signal))))``. Each signal is 0 for a
customer who behaves as usual and for a figure that is not known, so that ``weight *
signal`` is what the signal adds to the risk (in log odds): the reasons are the largest
of these.

| signal | from | 0 at | 1 at |
|---|---|---|---|
| overdue | log2 of recency / own cadence, -2..3 | on time | twice as late |
| trend | minus slope over level, times 4, -1..1 | flat | -25 % a month |
| season | minus change against the year before, -1..1 | unchanged | nothing sold |
| inactive | (0.8 - P(active)) / 0.8 | 0.8 | 0 |
| silent | (exp(-expected purchases) - e**-1) / (1 - e**-1) | one expected | none |

P(active) is never used alone: it is 1 for everybody with one purchase.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

SIGNALS = ("overdue", "trend", "season", "inactive", "silent")


class Weights(NamedTuple):
    """Log odds of the usual customer, and what one unit of each signal adds.

    The defaults put the usual customer at 20 % and one who is twice as late, 30 % down
    and half as active at 60 %; they are a published starting point, not a fit.
    """

    intercept: float = -1.4
    overdue: float = 1.2
    trend: float = 1.0
    season: float = 1.0
    inactive: float = 0.8
    silent: float = 0.6


class Figures(NamedTuple):
    """Raw figures of n customers, arrays of shape (n,), NaN where not known.

    ``expected`` is the number of purchases expected in the horizon (6 months).
    """

    overdue_ratio: ArrayLike
    trend: ArrayLike
    season_change: ArrayLike
    p_active: ArrayLike
    expected: ArrayLike


class Reason(NamedTuple):
    """A signal's code, the raw figure behind it, and the log odds it adds (> 0)."""

    code: str
    value: float
    adds: float


class Risk(NamedTuple):
    """``risk`` shape (n,) in 0..1; ``adds`` (log odds) and ``figures`` shape (n, 5)."""

    risk: NDArray[np.float64]
    adds: NDArray[np.float64]
    figures: NDArray[np.float64]

    def reasons(self, row: int, count: int = 3) -> tuple[Reason, ...]:
        """The strongest reasons that raise the risk of a row, strongest first."""
        return self.reasons_of(slice(row, row + 1), count)[0]

    def reasons_of(self, rows: slice, count: int = 3) -> list[tuple[Reason, ...]]:
        """As :meth:`reasons`, of several rows."""
        order = np.argsort(-self.adds[rows], axis=1, kind="stable")[:, :count]
        columns = (
            order.tolist(),
            np.take_along_axis(self.figures[rows], order, axis=1).tolist(),
            np.take_along_axis(self.adds[rows], order, axis=1).tolist(),
        )
        return [
            tuple(
                Reason(SIGNALS[i], value, adds)
                for i, value, adds in zip(*row, strict=True)
                if adds > 0
            )
            for row in zip(*columns, strict=True)
        ]


def signals(figures: Figures) -> NDArray[np.float64]:
    """The five signals of the table above, shape (n, 5); unknown figures give 0.

    :raises ValueError: when lengths differ, or a ratio, probability or number is
        negative
    """
    columns = [np.asarray(column, dtype=float).reshape(-1) for column in figures]
    if len({len(column) for column in columns}) > 1:
        raise ValueError("the figures differ in length")
    overdue, slope, season, active, expected = columns
    for name, values in (
        ("overdue_ratio", overdue),
        ("p_active", active),
        ("expected", expected),
    ):
        if (values < 0).any():
            raise ValueError(f"{name} must not be negative")
    if (active > 1).any():
        raise ValueError("p_active must not exceed 1")
    usual = np.exp(-1.0)
    table = np.column_stack(
        [
            np.clip(np.log2(np.maximum(overdue, 0.25)), -2, 3),
            np.clip(-4 * slope, -1, 1),
            np.clip(-season, -1, 1),
            (0.8 - active) / 0.8,
            (np.exp(-expected) - usual) / (1 - usual),
        ]
    )
    return np.where(np.isnan(table), 0.0, table)


def logistic(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """``1 / (1 + exp(-x))`` without overflow."""
    return np.exp(-np.logaddexp(0, -log_odds))


def score(figures: Figures, weights: Weights | None = None) -> Risk:
    """Risk of every customer and what each signal adds to it."""
    given = np.asarray(weights or Weights(), dtype=float)
    adds = signals(figures) * given[1:]
    raw = np.column_stack([np.asarray(column, dtype=float) for column in figures])
    return Risk(logistic(given[0] + adds.sum(axis=1)), adds, raw)
