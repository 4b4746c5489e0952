"""Kaplan-Meier: how many survive how long, when some are still alive.

Kaplan, Meier (1958); variance by Greenwood (1926), confidence limits by the exponential
(log-log) form, which stays within 0..1.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]


class Curve(NamedTuple):
    """Steps of the curve at the distinct durations, ascending; arrays of shape (k,).

    ``at_risk`` is counted just before the time, ``events`` and ``censored`` at it;
    ``low`` and ``high`` are pointwise confidence limits.
    """

    time: Floats
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    censored: NDArray[np.int64]
    survival: Floats
    low: Floats
    high: Floats

    def at(self, time: ArrayLike) -> Floats:
        """Share that survives beyond ``time``, 1 before the first step."""
        steps = np.r_[1.0, self.survival]
        return steps[np.searchsorted(self.time, np.asarray(time, float), side="right")]

    def beyond(self, reached: ArrayLike, until: ArrayLike) -> Floats:
        """Probability to survive beyond ``until`` for those who reached a duration.

        NaN where nobody of the sample survived beyond ``reached``.
        """
        base = self.at(reached)
        alive = np.where(base > 0, base, np.nan)
        return self.at(until) / alive

    @property
    def median(self) -> float | None:
        """First duration at which at most half survive; None when more always do."""
        below = np.flatnonzero(self.survival <= 0.5)
        return float(self.time[below[0]]) if len(below) else None


def kaplan_meier(
    duration: ArrayLike, ended: ArrayLike, confidence: float = 0.95
) -> Curve:
    """Survival curve of durations of which some are not over.

    :param duration: time until the end, or until today for those not ended, shape (n,)
    :param ended: whether the end was seen (true) or not yet (false), shape (n,)
    :raises ValueError: without observations, for negative or missing durations
    """
    times = np.asarray(duration, dtype=float).reshape(-1)
    seen = np.asarray(ended, dtype=bool).reshape(-1)
    if len(times) != len(seen):
        raise ValueError("duration and ended differ in length")
    if not len(times):
        raise ValueError("no observation: no survival curve")
    if not np.isfinite(times).all() or (times < 0).any():
        raise ValueError("durations must be numbers from 0 on")
    if not 0 < confidence < 1:
        raise ValueError("the confidence lies between 0 and 1")
    time, index = np.unique(times, return_inverse=True)
    events = np.bincount(index, seen, len(time)).astype(np.int64)
    gone = np.bincount(index, minlength=len(time))
    at_risk = len(times) - np.cumsum(gone) + gone
    survival = np.cumprod(1 - events / at_risk)
    low, high = _limits(at_risk, events, survival, confidence)
    return Curve(time, at_risk, events, gone - events, survival, low, high)


def _limits(
    at_risk: NDArray, events: NDArray, survival: Floats, confidence: float
) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        log = np.log(survival)
        width = ndtri((1 + confidence) / 2) * np.sqrt(variance) / log
        low = np.exp(-np.exp(np.log(-log) - width))
        high = np.exp(-np.exp(np.log(-log) + width))
    certain = survival >= 1
    low, high = np.where(certain, 1.0, low), np.where(certain, 1.0, high)
    ended = survival <= 0
    return np.where(ended, 0.0, low), np.where(ended, 0.0, high)
