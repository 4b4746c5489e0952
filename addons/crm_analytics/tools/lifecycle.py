"""Four stages on the curve of cumulative contribution (GCV) of one customer.

*discovery* until the cumulative contribution, which begins with what winning the
customer cost, is positive; then, by the contribution smoothed over the last months:
*growth* while it is at least a share of its peak so far, *transfer* while it is less
but positive, *termination* when it is not, or the customer is dormant. A customer that
recovers goes back to an earlier stage.

The month of the computation has run for a part only. Smoothing covers whole months of
time: of the oldest month it counts what the running one still lacks, so that nothing
jumps when a month begins.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import months

DISCOVERY, GROWTH, TRANSFER, TERMINATION = STAGES = (
    "discovery",
    "growth",
    "transfer",
    "termination",
)


class Lifecycle(NamedTuple):
    """Stage now and how it came; arrays have one item a month, oldest first.

    ``since`` is the first day of the month in which the present stage began. ``t1``
    first month paid back, ``t2`` first month of the present decline (transfer or
    termination), ``t3`` first month of the present termination; None where that did not
    happen. ``cumulative`` begins with the cost of winning the customer.
    """

    stage: str
    since: date
    t1: date | None
    t2: date | None
    t3: date | None
    stages: tuple[str, ...]
    cumulative: NDArray[np.float64]
    smoothed: NDArray[np.float64]


def smooth(
    monthly: ArrayLike, window: int = 6, elapsed: float = 1.0
) -> NDArray[np.float64]:
    """Mean of the last ``window`` months at each month; of fewer at the beginning.

    :param elapsed: share of the last month that has passed, above 0 and up to 1

    >>> smooth([2, 4, 6], 2)
    array([2., 3., 5.])
    >>> smooth([2, 4, 3], 2, 0.5)
    array([2., 3., 4.])
    """
    values = np.atleast_1d(np.asarray(monthly, dtype=float))
    return _smooth(values[None], np.array([values.size]), window, elapsed)[0]


def _smooth(
    values: NDArray[np.float64],
    length: NDArray[np.int64],
    window: int,
    elapsed: float,
) -> NDArray[np.float64]:
    """:func:`smooth` of many rows, each of a length of its own."""
    total = np.cumsum(values, axis=1)
    smoothed = total.copy()
    smoothed[:, window:] -= total[:, :-window]
    smoothed /= np.minimum(np.arange(1, values.shape[1] + 1), window)
    last, row = length - 1, np.arange(len(values))
    covered = np.minimum(np.arange(1, values.shape[1] + 1), window)[last]
    inside = np.where(
        last >= window, (1 - elapsed) * values[row, np.maximum(last - window, 0)], 0
    )
    smoothed[row, last] = (smoothed[row, last] * covered + inside) / np.clip(
        last + elapsed, 1, window
    )
    return smoothed


def analyse(
    monthly: ArrayLike,
    first_month: date,
    acquisition_cost: float = 0.0,
    dormant_since: date | None = None,
    window: int = 6,
    peak_share: float = 0.70,
    elapsed: float = 1.0,
) -> Lifecycle:
    """Stages of one customer.

    :param monthly: contribution a month without gaps, oldest first, shape (k,); the
        first is the month of the first purchase, the last that of the computation
    :param first_month: any day of the first month
    :param acquisition_cost: what winning the customer cost (>= 0)
    :param dormant_since: day from which the customer counts as dormant
    :param elapsed: share of the last month that has passed
    :raises ValueError: without months, or for a month that is not a number
    """
    values = np.asarray(monthly, dtype=float)
    if values.ndim != 1 or not len(values):
        raise ValueError("no month of contribution: a customer without purchase")
    if not np.isfinite(values).all():
        raise ValueError("every month needs a figure; a month without sales is 0")
    start = months.number(first_month)
    cumulative = np.cumsum(values) - max(acquisition_cost, 0.0)
    smoothed = smooth(values, window, elapsed)
    paid = np.flatnonzero(cumulative > 0)
    t1 = int(paid[0]) if len(paid) else len(values)
    dormant = months.number(dormant_since) - start if dormant_since else len(values)
    stages = _stages(smoothed, t1, dormant, peak_share)

    def begin(*wanted: str) -> date | None:
        if stages[-1] not in wanted:
            return None
        index = len(stages)
        while index and stages[index - 1] in wanted:
            index -= 1
        return months.first_day(start + index)

    since = begin(stages[-1])
    assert since is not None
    return Lifecycle(
        stages[-1],
        since,
        months.first_day(start + t1) if t1 < len(values) else None,
        begin(TRANSFER, TERMINATION),
        begin(TERMINATION),
        stages,
        cumulative,
        smoothed,
    )


def present(
    monthly: ArrayLike,
    length: ArrayLike,
    dormant: ArrayLike,
    window: int = 6,
    peak_share: float = 0.70,
    acquisition_cost: ArrayLike = 0.0,
    elapsed: float = 1.0,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The present stage of many customers, as :func:`analyse` finds it for one.

    :param monthly: contribution a month, each row from the first month of its customer
        on, shape (n, k); what stands behind the length of a row is not looked at
    :param length: months of each customer, 1..k, shape (n,)
    :param dormant: index of the month from which it is dormant; k or more for never
    :param acquisition_cost: what winning each cost, shape (n,)
    :param elapsed: share of the last month of all that has passed
    :return: index into :data:`STAGES` and index of the month in which it began
    """
    values = np.asarray(monthly, dtype=float)
    columns = np.arange(values.shape[1])
    last = np.asarray(length, dtype=np.int64) - 1
    smoothed = _smooth(values, last + 1, window, elapsed)
    cost = np.maximum(np.broadcast_to(acquisition_cost, last.shape), 0.0)
    paid = np.logical_or.accumulate(
        np.cumsum(values, axis=1) - cost[:, None] > 0, axis=1
    )
    stage = np.select(
        [
            columns >= np.asarray(dormant)[:, None],
            ~paid,
            smoothed <= 0,
            smoothed < peak_share * np.maximum.accumulate(smoothed, axis=1),
        ],
        [3, 0, 3, 2],
        1,
    )
    now = np.take_along_axis(stage, last[:, None], axis=1)
    other = (stage != now) & (columns < last[:, None])
    begin = np.where(other, columns + 1, 0).max(axis=1)
    return now[:, 0], begin


def _stages(
    smoothed: NDArray[np.float64], t1: int, dormant: int, peak_share: float
) -> tuple[str, ...]:
    peak = np.maximum.accumulate(smoothed)
    index = np.arange(len(smoothed))
    stage = np.select(
        [
            index >= dormant,
            index < t1,
            smoothed <= 0,
            smoothed < peak_share * peak,
        ],
        [TERMINATION, DISCOVERY, TERMINATION, TRANSFER],
        GROWTH,
    )
    return tuple(str(name) for name in stage)
