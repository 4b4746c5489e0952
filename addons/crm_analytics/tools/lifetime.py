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


class Models(NamedTuple):
    """Parameters of the two models, None where one was refused, and what they say."""

    purchases: bgnbd.Parameters | None
    spend: gamma_gamma.Parameters | None
    report: dict[str, object]


def fit(history: History, minimum: int) -> Models:
    """The parameters of both models on the customers of ``history``.

    A fit that did not converge, that leaves a customer without expectation or values
    without mean is reported and refused, never used.
    """
    report: dict[str, object] = {}
    purchases = None
    try:
        purchases = _fit_purchases(history, minimum, report)
        spend = _fit_spend(history, report)
    except ValueError as refusal:
        return Models(purchases, None, report | {"refused": str(refusal)})
    return Models(purchases, spend, report)


def _fit_purchases(history, minimum, report):
    given = (history.purchase_days - 1, history.last, history.age)
    found = bgnbd.fit(*given, minimum)
    report["bgnbd"] = {
        **_rounded(found.parameters),
        "log_likelihood": round(float(found.log_likelihood), 4),
        "converged": bool(found.converged),
        "customers": int(found.customers),
        "repeaters": int(found.repeaters),
    }
    bgnbd.check(found)
    bgnbd.check_expected(
        bgnbd.expected_purchases(found.parameters, *given, HALF_YEAR_DAYS)
    )
    return found.parameters


def _fit_spend(history, report):
    mean = history.contribution / history.purchase_days
    usable = (history.purchase_days > 1) & (mean > 0)
    found = gamma_gamma.fit(history.purchase_days[usable], mean[usable])
    report["gamma_gamma"] = {
        **_rounded(found.parameters),
        "log_likelihood": round(float(found.log_likelihood), 4),
        "converged": bool(found.converged),
        "customers": int(found.customers),
        "correlation": round(float(found.correlation), 4),
    }
    gamma_gamma.check(found)
    return found.parameters


def _rounded(parameters):
    return {k: round(float(v), 6) for k, v in parameters._asdict().items()}


def compute(
    history: History,
    policy: clv.Policy,
    minimum: int,
    rule: str | None = None,
    models: Models | None = None,
) -> Lifetime:
    """Apply the models; the simple rule's value where they were refused.

    With ``rule`` :data:`holdout.SIMPLE` the value is the simple rule's, because it did
    better on the past; the probabilities stay the model's. ``expected`` are the
    purchases of the next half year.

    :param models: fitted before; None to fit them on ``history``
    """
    models = models or fit(history, minimum)
    nothing = np.full(len(history.age), np.nan)
    simple = clv.half_year_repeats(history.half, policy)
    if models.purchases is None:
        report = {"rule": "half_year_repeats", **models.report}
        return Lifetime(nothing, nothing, simple, report)
    given = (models.purchases, history.purchase_days - 1, history.last, history.age)
    modelled = rule != holdout.SIMPLE and models.spend is not None
    value = simple
    if modelled:
        value = _value(history, given, models.spend, policy)
        modelled = not np.isnan(value).all()
        value = np.where(np.isnan(value), simple, value)
    report = {
        "rule": "bgnbd_gamma_gamma" if modelled else "half_year_repeats",
        **models.report,
    }
    return Lifetime(
        bgnbd.p_alive(*given),
        bgnbd.expected_purchases(*given, HALF_YEAR_DAYS),
        value,
        report,
    )


def _value(history, given, spend, policy):
    """Purchases to come times the contribution of one; NaN where that is no number."""
    mean = history.contribution / history.purchase_days
    expected = gamma_gamma.expected_mean(
        spend, history.purchase_days, np.maximum(mean, 1e-9)
    )
    return clv.lifetime_value(
        clv.discounted_purchases(*given, policy), np.where(mean > 0, expected, mean)
    )
