"""Present value of running contracts: what they still bill, then what is renewed.

A contract is not "buy till you die". Until its end it bills what it has not billed yet,
each bill in the month of its date: a year paid in advance bills nothing more this year.
Beyond the end it leaves its monthly amount with the probability by which earlier
contracts of its level lived that long (Kaplan-Meier); without an end each bill counts
with that probability. Where fewer than :data:`MINIMUM` contracts of a level lived so
long those of all levels are asked; where fewer of all did, nothing is said about
renewal: only the remaining billing counts, and the report says of how many contracts.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import clv, survival

MINIMUM = 10
Floats = NDArray[np.float64]


class Contracts(NamedTuple):
    """Contracts that ever began, arrays of length n; durations in months.

    ``age`` is the time from the start to today, or to the end of one that ended;
    ``remaining`` the time to the agreed end, infinite without one; ``level`` an integer
    key. ``billing`` of shape (n, months) is what it still bills in each coming month as
    agreed, ``renewal`` what it leaves a month if it is renewed: 0 for one that ended,
    or is suspended until further notice.
    """

    customer: NDArray[np.int64]
    level: NDArray[np.int64]
    age: Floats
    ended: NDArray[np.bool_]
    remaining: Floats
    billing: Floats
    renewal: Floats


class Value(NamedTuple):
    """Customers, present value of each, and what it rests on."""

    customer: NDArray[np.int64]
    value: Floats
    report: dict[str, object]


def present_value(contracts: Contracts, policy: clv.Policy) -> Value:
    """Value of the contracts by customer, over the policy's horizon.

    :raises ValueError: when lengths differ, or an age is negative or missing
    """
    if len({len(column) for column in contracts}) != 1:
        raise ValueError("the columns of the contracts differ in length")
    factors = clv.discount(policy)
    months = len(factors)
    if contracts.billing.shape[1:] != (months,):
        raise ValueError("the billing is not that of the months of the horizon")
    bills = np.flatnonzero(~contracts.ended | contracts.billing.any(axis=1))
    curves = _curves(contracts)
    values, unknown = np.zeros(len(bills)), 0
    for place, index in enumerate(bills):
        agreed, renewed = _chances(contracts, index, curves, months)
        expected = contracts.billing[index] * agreed
        if renewed is None:
            unknown += 1
        else:
            expected += contracts.renewal[index] * renewed
        values[place] = (factors * expected).sum()
    customers, inverse = np.unique(contracts.customer[bills], return_inverse=True)
    totals = np.bincount(inverse, values, len(customers))
    report = {
        "running": int((~contracts.ended).sum()),
        "ended": int(contracts.ended.sum()),
        "value": round(float(totals.sum()), 2),
        "renewal_unknown": unknown,
        "levels": sum(curve is not None for curve in curves.values()),
    }
    if curves[None] is None:
        report["refused"] = (
            f"fewer than {MINIMUM} contracts: nothing is said about renewals"
        )
    return Value(customers, totals, report)


def _curves(contracts: Contracts) -> dict[int | None, survival.Curve | None]:
    """Survival by level, and of all under the key None; as far as enough lived."""

    def fit(which):
        if which.sum() < MINIMUM:
            return None
        curve = survival.kaplan_meier(contracts.age[which], contracts.ended[which])
        return survival.Curve(*(part[curve.at_risk >= MINIMUM] for part in curve))

    everything = np.ones(len(contracts.age), dtype=bool)
    found = {int(key): fit(contracts.level == key) for key in set(contracts.level)}
    return found | {None: fit(everything)}


def _curve(curves, level: int, reached: float) -> survival.Curve | None:
    """The curve that knows of contracts that old: of the level, else of all."""
    for curve in (curves[level], curves[None]):
        if curve is not None and reached <= curve.time[-1]:
            return curve
    return None


def _chances(
    contracts: Contracts, index: int, curves, months: int
) -> tuple[Floats, Floats | None]:
    """How likely the agreed bills of each month are, and the share of it renewed.

    The latter is None for a contract with an end of whose renewal nothing is known.
    """
    ahead = np.arange(1, months + 1)
    age, remaining = contracts.age[index], contracts.remaining[index]
    level, sure, none = int(contracts.level[index]), np.ones(months), np.zeros(months)
    if contracts.ended[index]:
        return sure, none
    if np.isinf(remaining):  # without a curve it goes on
        curve = _curve(curves, level, age)
        lives = sure if curve is None else curve.beyond(age, age + ahead)
        return np.nan_to_num(lives, nan=0.0), none
    beyond = np.clip(ahead - remaining, 0.0, 1.0)  # part of the month after the end
    if not contracts.renewal[index] or not beyond.any():
        return sure, none
    reached = max(age + remaining - 1, 0.0)
    curve = _curve(curves, level, reached)
    if curve is None:
        return sure, None
    return sure, beyond * np.nan_to_num(curve.beyond(reached, age + ahead), nan=0.0)
