"""Gamma-Gamma: the mean value of a customer's transactions, shrunk to that of all.

Fader, Hardie (2005, 2013), "The Gamma-Gamma Model of Monetary Value". Values of
transactions vary around a mean of the customer's own; those means vary between
customers. The model takes the mean not to depend on how often somebody buys:
:class:`Fit` carries the correlation.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

MIN_CUSTOMERS = 50
_BOUND = 15.0


class Parameters(NamedTuple):
    """``p``, ``q`` without unit, ``v`` in the unit of the values; all positive."""

    p: float
    q: float
    v: float


class Fit(NamedTuple):
    """Maximum likelihood fit; ``correlation`` is Pearson's between count and mean
    value.

    ``message`` says in words how the optimisation ended.
    """

    parameters: Parameters
    log_likelihood: float
    converged: bool
    message: str
    iterations: int
    customers: int
    correlation: float


def _columns(count: ArrayLike, mean: ArrayLike) -> tuple[NDArray, NDArray]:
    x = np.asarray(count, dtype=float).reshape(-1)
    m = np.asarray(mean, dtype=float).reshape(-1)
    if len(x) != len(m):
        raise ValueError("count and mean differ in length")
    if not (np.isfinite(x).all() and np.isfinite(m).all()):
        raise ValueError("count and mean must be numbers for every customer")
    return x, m


def _objective(
    log_parameters: NDArray, x: NDArray, m: NDArray
) -> tuple[float, NDArray]:
    """Minus the mean log-likelihood and its gradient by the log-parameters."""
    p, q, v = np.exp(log_parameters)
    px, spent = p * x, x * m
    log_total = np.log(spent + v)
    log_spent = np.log(spent)
    likelihood = (
        gammaln(px + q)
        - gammaln(px)
        - gammaln(q)
        + q * np.log(v)
        + px * log_spent
        - np.log(m)
        - (px + q) * log_total
    )
    both = digamma(px + q)
    by_p = x * (both - digamma(px) + log_spent - log_total)
    by_q = both - digamma(q) + np.log(v) - log_total
    by_v = q / v - (px + q) / (spent + v)
    gradient = np.array([by_p.mean(), by_q.mean(), by_v.mean()])
    return -likelihood.mean(), -gradient * np.exp(log_parameters)


def fit(count: ArrayLike, mean: ArrayLike, min_customers: int = MIN_CUSTOMERS) -> Fit:
    """Parameters by maximum likelihood (L-BFGS with analytic gradient, deterministic).

    :param count: transactions behind the mean, shape (n,), all >= 1
    :param mean: mean value of these transactions, shape (n,), all > 0: customers whose
        mean is not positive do not fit a gamma distribution and are left out by the
        caller
    :raises ValueError: in words for too few customers, for values that are not
        positive, and when all means are equal
    """
    x, m = _columns(count, mean)
    if len(x) < max(min_customers, 2):
        raise ValueError(
            f"not enough history: {len(x)} customers with a mean value; "
            f"{max(min_customers, 2)} are needed"
        )
    if (x < 1).any() or (m <= 0).any():
        raise ValueError("every customer needs a transaction and a positive mean value")
    if np.ptp(m) <= 1e-9 * m.max():
        raise ValueError("all mean values are equal: there is nothing to estimate")
    scale = float(m.mean())
    found = minimize(
        _objective,
        np.log([2.0, 3.0, 1.0]),
        args=(x, m / scale),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_BOUND, _BOUND)] * 3,
        options={"maxiter": 1_000, "ftol": 1e-13, "gtol": 1e-7, "maxcor": 20},
    )
    limit = bool((np.abs(found.x) > _BOUND - 1e-6).any())
    p, q, v = (float(value) for value in np.exp(found.x))
    correlation = float(np.corrcoef(x, m)[0, 1]) if np.ptp(x) else 0.0
    return Fit(
        Parameters(p, q, v * scale),
        float(-found.fun * len(x) - len(x) * np.log(scale)),
        bool(found.success) and not limit,
        "a parameter ran to its limit" if limit else str(found.message),
        int(found.nit),
        len(x),
        correlation,
    )


def check(fit: Fit) -> None:
    """Refuse a fit that must not be used.

    :raises ValueError: in words when it did not converge, or found the values to vary
        so much (``q <= 1``) that the mean of all does not exist
    """
    if not fit.converged:
        raise ValueError(
            f"no model of values: its fit did not converge ({fit.message.strip(': ')})"
        )
    if fit.parameters.q <= 1:
        raise ValueError(
            "no model of values: they vary so much that no mean exists "
            f"(q = {fit.parameters.q:.3f}, above 1 is needed)"
        )


def expected_mean(
    parameters: Parameters, count: ArrayLike, mean: ArrayLike
) -> NDArray[np.float64]:
    """Expected mean value of the customer's transactions, shape (n,).

    ``p (v + x m) / (p x + q - 1)``: between the customer's mean and that of all, nearer
    to the former the more transactions there are. Negative means count as 0.

    :raises ValueError: for ``q <= 1``, where the mean of all does not exist, and a
        customer without transactions
    """
    p, q, v = parameters
    x, m = _columns(count, mean)
    if q <= 1 and (p * x + q <= 1).any():
        raise ValueError(f"q = {q:.3f} <= 1: no mean exists without transactions")
    return p * (v + x * np.clip(m, 0, None)) / (p * x + q - 1)
