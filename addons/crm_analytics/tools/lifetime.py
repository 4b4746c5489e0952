"""Probability of being active, purchases to come and lifetime value of all customers.

The kernels put together: BG/NBD on purchase days, Gamma-Gamma on the mean contribution
of a purchase day. Without enough history no model is fitted, and a sentence says why.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import bgnbd, clv, gamma_gamma, holdout

HALF_YEAR_DAYS = 365.25 / 2


class History(NamedTuple):
    """Purchase days, age and contribution of n customers that bought; shape (n,).

    ``last`` and ``age`` are days from the first purchase to the last one and to the
    day of the computation; ``contribution`` is that of all purchases together,
    ``half`` that of the last half year.
    """

    purchase_days: NDArray[np.float64]
    last: NDArray[np.float64]
    age: NDArray[np.float64]
    contribution: NDArray[np.float64]
    half: NDArray[np.float64]


class Lifetime(NamedTuple):
    """Arrays of shape (n,), NaN without model; ``report`` tells fit or refusal."""

    p_active: NDArray[np.float64]
    expected: NDArray[np.float64]
    value: NDArray[np.float64]
    report: dict[str, object]


def compute(
    history: History, policy: clv.Policy, minimum: int, rule: str | None = None
) -> Lifetime:
    """Fit and apply the models; the simple rule's value where they are refused.

    With ``rule`` :data:`holdout.SIMPLE` the value is the simple rule's, because it did
    better on the past; the probabilities stay the model's. ``expected`` are the
    purchases of the next half year.
    """
    count = len(history.age)
    nothing = np.full(count, np.nan)
    simple = clv.half_year_repeats(history.half, policy)
    x = history.purchase_days - 1
    try:
        fit = bgnbd.fit(x, history.last, history.age, minimum)
    except ValueError as refusal:
        report = {"rule": "half_year_repeats", "refused": str(refusal)}
        return Lifetime(nothing, nothing, simple, report)
    given = (fit.parameters, x, history.last, history.age)
    report = {
        "rule": "half_year_repeats",
        "bgnbd": {
            **{k: round(float(v), 6) for k, v in fit.parameters._asdict().items()},
            "log_likelihood": round(float(fit.log_likelihood), 4),
            "converged": bool(fit.converged),
            "customers": int(fit.customers),
            "repeaters": int(fit.repeaters),
        },
    }
    value = None
    if rule != holdout.SIMPLE:
        value = _value(history, given, policy, report)
    return Lifetime(
        bgnbd.p_alive(*given),
        bgnbd.expected_purchases(*given, HALF_YEAR_DAYS),
        simple if value is None else value,
        report,
    )


def _value(history, given, policy, report):
    """Purchases times contribution of a purchase; None where no spend model fits."""
    mean = history.contribution / history.purchase_days
    usable = (history.purchase_days > 1) & (mean > 0)
    try:
        spend = gamma_gamma.fit(history.purchase_days[usable], mean[usable])
        expected = gamma_gamma.expected_mean(
            spend.parameters, history.purchase_days, np.maximum(mean, 1e-9)
        )
    except ValueError as refusal:
        report["refused"] = str(refusal)
        return None
    report["gamma_gamma"] = {
        k: round(float(v), 6) for k, v in spend.parameters._asdict().items()
    }
    report["rule"] = "bgnbd_gamma_gamma"
    return clv.lifetime_value(
        clv.discounted_purchases(*given, policy), np.where(mean > 0, expected, mean)
    )
