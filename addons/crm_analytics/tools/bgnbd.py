"""BG/NBD: how often a customer buys, and whether it is still active.

Fader, Hardie, Lee (2005), "Counting Your Customers the Easy Way", Marketing Science
24(2). While active a customer buys at a rate drawn from a gamma distribution (``r``,
``alpha``); after each purchase it leaves with a probability drawn from a beta
distribution (``a``, ``b``).

A customer is three numbers, all cut at the same day: ``x`` repeat purchases (the first
is not counted), ``t_x`` the time from the first to the last purchase, ``T`` the time
from the first purchase to the cut. Times in any one unit; ``alpha`` comes back in that
unit.

P(alive) is 1 for everybody with ``x = 0`` by the model's construction: do not use it
alone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, hyp2f1

MIN_REPEATERS = 50
_BOUND = 15.0

Array = NDArray[np.float64]


class Parameters(NamedTuple):
    """The four parameters of the model, all positive."""

    r: float
    alpha: float
    a: float
    b: float


class Fit(NamedTuple):
    """Maximum likelihood fit.

    ``gradient`` is the largest derivative of the mean log-likelihood by a
    log-parameter; a fit counts as converged when the optimiser says so and no parameter
    ran to its limit. ``message`` says in words what happened.
    """

    parameters: Parameters
    log_likelihood: float
    converged: bool
    message: str
    iterations: int
    gradient: float
    customers: int
    repeaters: int


class _Data(NamedTuple):
    """Merged equal rows, times scaled to a longest age of 1."""

    x: Array
    t_x: Array
    T: Array
    weight: Array
    values: Array  # the distinct numbers of repeat purchases
    index: NDArray[np.intp]  # which of them a row has


def _columns(x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> tuple[Array, Array, Array]:
    arrays = [np.asarray(values, dtype=float).reshape(-1) for values in (x, t_x, T)]
    count, recency, age = arrays
    if len({len(values) for values in arrays}) > 1:
        raise ValueError("x, t_x and T differ in length")
    if not all(np.isfinite(values).all() for values in arrays):
        raise ValueError("x, t_x and T must be numbers for every customer")
    if (count < 0).any() or (count % 1 != 0).any():
        raise ValueError("x must be whole numbers from 0 on")
    if (recency < 0).any() or (recency > age).any():
        raise ValueError("the last purchase must lie between the first and the cut")
    if ((count == 0) & (recency > 0)).any():
        raise ValueError("without repeat purchase the last is the first: t_x is 0")
    return count, recency, age


def _merge(x: Array, t_x: Array, T: Array, scale: float) -> _Data:
    order = np.lexsort((T, t_x, x))
    x, t_x, T = x[order], t_x[order], T[order]
    new = np.r_[True, (np.diff(x) != 0) | (np.diff(t_x) != 0) | (np.diff(T) != 0)]
    weight = np.diff(np.r_[np.flatnonzero(new), len(x)]).astype(float)
    values, index = np.unique(x[new], return_inverse=True)
    return _Data(x[new], t_x[new] / scale, T[new] / scale, weight, values, index)


def _objective(log_parameters: Array, data: _Data) -> tuple[float, Array]:
    """Minus the mean log-likelihood, and its gradient by the logarithms of parameters.

    ``ln L = A1 + A2 + ln(exp(A3) + [x > 0] exp(A4))`` of the paper's appendix; what
    depends on x alone is computed once for each distinct x.
    """
    r, alpha, a, b = np.exp(log_parameters)
    x, t_x, T, weight, values, index = data
    own = (
        gammaln(r + values)
        - gammaln(r)
        + r * np.log(alpha)
        + gammaln(a + b)
        + gammaln(b + values)
        - gammaln(b)
        - gammaln(a + b + values)
    )
    total = digamma(a + b) - digamma(a + b + values)
    age, last = np.log(alpha + T), np.log(alpha + t_x)
    repeat = x > 0
    again = np.where(repeat, b + x - 1, 1.0)
    odds = np.log(a) - np.log(again) + (r + x) * (age - last)
    odds = np.where(repeat, odds, -np.inf)  # ln of exp(A4) / exp(A3)
    left = expit(odds)
    likelihood = own[index] - (r + x) * age + np.logaddexp(0, odds)
    by_r = (digamma(r + values) - digamma(r))[index] + np.log(alpha)
    by_r -= age + left * (last - age)
    by_alpha = r / alpha - (r + x) * ((1 - left) / (alpha + T) + left / (alpha + t_x))
    by_a = total[index] + left / a
    by_b = (total + digamma(b + values) - digamma(b))[index] - left / again
    n = weight.sum()
    # einsum, not @: the threads of a BLAS cost more than they win on vectors.
    sums = np.einsum("i,ji->j", weight, (likelihood, by_r, by_alpha, by_a, by_b)) / n
    return -sums[0], -sums[1:] * np.exp(log_parameters)


def log_likelihood(
    parameters: Parameters, x: ArrayLike, t_x: ArrayLike, T: ArrayLike
) -> float:
    """Log-likelihood of the sample under given parameters."""
    data = _merge(*_columns(x, t_x, T), 1.0)
    return -_objective(np.log(parameters), data)[0] * float(data.weight.sum())


def fit(
    x: ArrayLike, t_x: ArrayLike, T: ArrayLike, min_repeaters: int = MIN_REPEATERS
) -> Fit:
    """Parameters by maximum likelihood (L-BFGS with analytic gradient, deterministic).

    :param x: repeat purchases, shape (n,); ``t_x`` and ``T`` alike
    :raises ValueError: for impossible rows; in words when too few customers bought
        twice
    """
    count, recency, age = _columns(x, t_x, T)
    repeaters = int((count > 0).sum())
    if repeaters < max(min_repeaters, 1):
        raise ValueError(
            f"not enough history: {repeaters} of {len(count)} customers bought again; "
            f"{max(min_repeaters, 1)} are needed"
        )
    scale = float(age.max())
    data = _merge(count, recency, age, scale)
    found = minimize(
        _objective,
        np.array([0.0, np.log(0.1), 0.0, 0.0]),
        args=(data,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_BOUND, _BOUND)] * 4,
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7, "maxcor": 20},
    )
    limit = bool((np.abs(found.x) > _BOUND - 1e-6).any())
    message = "a parameter ran to its limit" if limit else str(found.message)
    r, alpha, a, b = (float(value) for value in np.exp(found.x))
    parameters = Parameters(r, alpha * scale, a, b)
    # Undo the scaling: a density of x purchase times changes by scale ** -x.
    value = -found.fun * len(count) - float(count.sum()) * np.log(scale)
    return Fit(
        parameters,
        float(value),
        bool(found.success) and not limit,
        message,
        int(found.nit),
        float(np.abs(found.jac).max()),
        len(count),
        repeaters,
    )


def check(fit: Fit) -> None:
    """Refuse a fit that must not be used.

    :raises ValueError: in words when it did not converge
    """
    if not fit.converged:
        raise ValueError(
            "no model of purchases: its fit did not converge "
            f"({fit.message.strip(': ')})"
        )


def check_expected(expected: ArrayLike) -> None:
    """Refuse a model that has no expectation for one of the customers.

    :raises ValueError: in words, with the number of these customers
    """
    wrong = ~np.isfinite(np.asarray(expected, dtype=float))
    if wrong.any():
        raise ValueError(
            "no model of purchases: it expects no number for "
            f"{wrong.sum()} of {wrong.size} customers"
        )


def _odds_left(parameters: Parameters, x: Array, t_x: Array, T: Array) -> Array:
    """Log odds that the customer left after its last purchase; -inf at x = 0."""
    r, alpha, a, b = parameters
    again = np.where(x > 0, b + x - 1, 1.0)
    odds = np.log(a / again) + (r + x) * np.log((alpha + T) / (alpha + t_x))
    return np.where(x > 0, odds, -np.inf)


def p_alive(
    parameters: Parameters, x: ArrayLike, t_x: ArrayLike, T: ArrayLike
) -> Array:
    """Probability that the customer is still active at the cut, shape (n,)."""
    return expit(-_odds_left(parameters, *_columns(x, t_x, T)))


def expected_purchases(
    parameters: Parameters,
    x: ArrayLike,
    t_x: ArrayLike,
    T: ArrayLike,
    horizon: float | ArrayLike,
) -> Array:
    """Purchases expected in the ``horizon`` after the cut, given the history; shape
    (n,).

    Equation 10 of the paper after Euler's transformation of its hypergeometric
    function, which keeps ``x`` out of the exponents: many purchases do not overflow.

    :param horizon: time in the unit of ``T``, one for all or shape (n,)
    :return: NaN where a parameter at its limit leaves no number
    """
    count, recency, age = _columns(x, t_x, T)
    r, alpha, a, b = parameters
    if abs(a - 1) < 1e-7:
        a = 1 + 1e-7  # the formula has a removable singularity there
    span = np.asarray(horizon, dtype=float)
    if (span < 0).any():
        raise ValueError("the horizon must not be negative")
    z = span / (alpha + age + span)
    with np.errstate(over="ignore", invalid="ignore"):
        series = hyp2f1(a + b - 1 - r, a - 1, a + b + count - 1, z)
        active = (a + b + count - 1) / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
    active = np.where(np.isfinite(active), active, np.nan)
    return active * p_alive(parameters, count, recency, age)


def expected_new(parameters: Parameters, horizon: ArrayLike) -> Array:
    """Repeat purchases expected of a new customer in ``horizon`` (equation 9)."""
    span = np.asarray(horizon, dtype=float).reshape(-1)
    zero = np.zeros_like(span)
    return expected_purchases(parameters, zero, zero, zero, span)
