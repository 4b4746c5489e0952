"""Present value of running contracts: what they still bill, then what is renewed.

A contract is not "buy till you die": until its end it bills, and beyond the end it
lives on with the probability by which earlier contracts of its level lived that long
(Kaplan-Meier). With fewer than :data:`MINIMUM` contracts of a level those of all levels
are asked; with fewer of all only the remaining billing counts, and the report says so.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import clv, survival

MINIMUM = 10
Floats = NDArray[np.float64]


class Contracts(NamedTuple):
    """Contracts that ever began, arrays of shape (n,); durations in months.

    ``age`` is the time from the start to today, or to the end of one that ended;
    ``remaining`` the time to the agreed end, infinite without one; ``monthly`` what a
    running one leaves a month; ``level`` an integer key.
    """

    customer: NDArray[np.int64]
    level: NDArray[np.int64]
    age: Floats
    ended: NDArray[np.bool_]
    remaining: Floats
    monthly: Floats


class Value(NamedTuple):
    """Customers, present value of each, and what it rests on."""

    customer: NDArray[np.int64]
    value: Floats
    report: dict[str, object]


def present_value(contracts: Contracts, policy: clv.Policy) -> Value:
    """Value of the running contracts by customer, over the policy's horizon.

    :raises ValueError: when lengths differ, or an age is negative or missing
    """
    if len({len(column) for column in contracts}) != 1:
        raise ValueError("the columns of the contracts differ in length")
    factors = clv.discount(policy)
    running = np.flatnonzero(~contracts.ended)
    curves = _curves(contracts)
    values = np.zeros(len(running))
    for place, index in enumerate(running):
        lives = _survival(contracts, index, curves, len(factors))
        values[place] = contracts.monthly[index] * (factors * lives).sum()
    customers, inverse = np.unique(contracts.customer[running], return_inverse=True)
    totals = np.bincount(inverse, values, len(customers))
    report = {
        "running": len(running),
        "ended": int(contracts.ended.sum()),
        "value": round(float(totals.sum()), 2),
        "levels": sum(curve is not None for curve in curves.values()),
    }
    if curves[None] is None:
        report["refused"] = (
            f"fewer than {MINIMUM} contracts: nothing is said about renewals"
        )
    return Value(customers, totals, report)


def _curves(contracts: Contracts) -> dict[int | None, survival.Curve | None]:
    """Survival by level, and of all under the key None."""

    def fit(which):
        if which.sum() < MINIMUM:
            return None
        return survival.kaplan_meier(contracts.age[which], contracts.ended[which])

    everything = np.ones(len(contracts.age), dtype=bool)
    found = {int(key): fit(contracts.level == key) for key in set(contracts.level)}
    return found | {None: fit(everything)}


def _survival(contracts: Contracts, index: int, curves, months: int) -> Floats:
    """Probability that a contract bills in each of the coming months."""
    ahead = np.arange(1, months + 1)
    age, remaining = contracts.age[index], contracts.remaining[index]
    lives = (ahead <= np.ceil(remaining)).astype(float)
    curve = curves[int(contracts.level[index])] or curves[None]
    beyond = lives == 0
    if np.isinf(remaining):
        reached, beyond = age, np.ones(months, dtype=bool)
        lives[:] = 1.0  # without an end and without a curve it goes on
    else:
        reached = max(age + remaining - 1, 0.0)
    if curve is not None and beyond.any():
        share = curve.beyond(reached, age + ahead[beyond])
        lives[beyond] = np.nan_to_num(share, nan=0.0)
    return lives
