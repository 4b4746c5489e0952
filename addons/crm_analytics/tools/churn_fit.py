"""Churn weights re-estimated on the company's own history, and how good they are.

Fitted on snapshots before a cut, judged on snapshots after it. The fit is a logistic
regression whose penalty pulls towards the published weights, not towards zero: with
little evidence they stay, with much they give way.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from .churn import Weights, logistic

MIN_CUSTOMERS = 200
MIN_EVENTS = 20
MIN_MONTHS = 24  # of history: a year before the cut, and one after it
LIMIT = 0.5  # risk from which a customer is flagged


class Fit(NamedTuple):
    """Fitted weights; ``converged`` tells whether the last step was below tolerance."""

    weights: Weights
    converged: bool
    iterations: int
    customers: int
    lost: int


class Bin(NamedTuple):
    """Calibration: customers, their mean predicted risk, the share really lost."""

    count: int
    predicted: float
    observed: float


class Quality(NamedTuple):
    """``auc``: 0.5 is chance, 1 perfect; ``brier``: mean squared error of the risk.

    ``flagged`` customers had a risk of ``limit`` or more, ``hits`` of them were lost.
    """

    auc: float
    brier: float
    base_rate: float
    calibration: tuple[Bin, ...]
    customers: int
    lost: int
    limit: float
    flagged: int
    hits: int

    @property
    def precision(self) -> float | None:
        """Share of the flagged that were lost; None where nobody was flagged."""
        return self.hits / self.flagged if self.flagged else None

    @property
    def recall(self) -> float:
        """Share of the lost that had been flagged."""
        return self.hits / self.lost


class Backtest(NamedTuple):
    """Fit before the cut, and both sets of weights judged after it.

    ``use_fitted`` is true when the fit converged and its weights have the smaller Brier
    score there.
    """

    fit: Fit
    default: Quality
    fitted: Quality
    use_fitted: bool


def _known(signals: ArrayLike, lost: ArrayLike) -> tuple[NDArray, NDArray]:
    table = np.atleast_2d(np.asarray(signals, dtype=float))
    outcome = np.asarray(lost, dtype=float).reshape(-1)
    if len(table) != len(outcome):
        raise ValueError("signals and outcomes differ in length")
    if not np.isin(outcome, (0, 1)).all():
        raise ValueError("an outcome is 0 (stayed) or 1 (lost)")
    return table, outcome


def fit(
    signals: ArrayLike,
    lost: ArrayLike,
    prior: Weights | None = None,
    strength: float = 5.0,
    tolerance: float = 1e-9,
    max_iterations: int = 100,
) -> Fit:
    """Weights by penalised maximum likelihood (Newton's method, deterministic).

    :param signals: :func:`churn.signals` at snapshots before the cut, shape (n, 5)
    :param lost: 1 where the customer did not buy in the horizon after it, shape (n,)
    :param prior: weights that the penalty pulls to, the published ones when left out
    :param strength: weight of the prior (1 / variance of a weight); 0 for plain
        likelihood
    :raises ValueError: with fewer than 200 rows, or fewer than 20 lost or 20 kept
    """
    table, outcome = _known(signals, lost)
    events = int(outcome.sum())
    if len(outcome) < MIN_CUSTOMERS:
        raise ValueError(
            f"{len(outcome)} customers are too few to re-estimate: {MIN_CUSTOMERS}"
        )
    if min(events, len(outcome) - events) < MIN_EVENTS:
        raise ValueError(
            f"{events} of {len(outcome)} customers were lost; at least {MIN_EVENTS} "
            "lost and as many kept are needed"
        )
    design = np.column_stack([np.ones(len(table)), table])
    centre = np.asarray(prior or Weights(), dtype=float)
    penalty = np.full(len(centre), strength)
    penalty[0] = 1e-6  # the base rate is the data's alone
    beta, step = centre.copy(), np.inf
    iterations = 0
    while iterations < max_iterations and np.abs(step).max() > tolerance:
        iterations += 1
        p = logistic(design @ beta)
        gradient = design.T @ (outcome - p) - penalty * (beta - centre)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        step *= min(1.0, 2.0 / np.abs(step).max())
        beta = beta + step
    converged = bool(np.abs(step).max() <= tolerance)
    return Fit(Weights(*map(float, beta)), converged, iterations, len(outcome), events)


def auc(risk: ArrayLike, lost: ArrayLike) -> float:
    """Probability that a lost customer had a higher risk than a kept one, ties as half.

    :raises ValueError: when all were lost or all kept

    >>> auc([0.1, 0.4, 0.4, 0.9], [0, 0, 1, 1])
    0.875
    """
    outcome = np.asarray(lost, dtype=bool)
    n_lost = int(outcome.sum())
    n_kept = len(outcome) - n_lost
    if not n_lost or not n_kept:
        raise ValueError("AUC needs customers that were lost and others that stayed")
    ranks = rankdata(np.asarray(risk, dtype=float))[outcome].sum()
    return float((ranks - n_lost * (n_lost + 1) / 2) / (n_lost * n_kept))


def require_history(months: int, least: int = MIN_MONTHS) -> None:
    """Refuse to re-estimate weights on a history that is too short.

    :param months: whole months from the first purchase to the end of the history
    :raises ValueError: in words
    """
    if months < least:
        raise ValueError(
            f"not enough history: {max(months, 0)} months; {least} are needed"
        )


def quality(
    risk: ArrayLike, lost: ArrayLike, bins: int = 10, limit: float = LIMIT
) -> Quality:
    """How well risks told what happened; calibration in bins of equal size by risk.

    :param limit: risk from which a customer counts as flagged
    :raises ValueError: when all were lost or all kept
    """
    table, outcome = _known(np.asarray(risk, dtype=float).reshape(-1, 1), lost)
    p = table[:, 0]
    parts = np.array_split(np.argsort(p, kind="stable"), min(bins, len(p)))
    calibration = tuple(
        Bin(len(part), float(p[part].mean()), float(outcome[part].mean()))
        for part in parts
    )
    brier = float(np.mean((p - outcome) ** 2))
    flagged = p >= limit
    return Quality(
        auc(p, outcome),
        brier,
        float(outcome.mean()),
        calibration,
        len(p),
        int(outcome.sum()),
        limit,
        int(flagged.sum()),
        int(outcome[flagged].sum()),
    )


def backtest(
    train_signals: ArrayLike,
    train_lost: ArrayLike,
    test_signals: ArrayLike,
    test_lost: ArrayLike,
    prior: Weights | None = None,
    limit: float = LIMIT,
) -> Backtest:
    """Fit before the cut, judge prior and fitted weights after it."""
    found = fit(train_signals, train_lost, prior)
    default = judge(test_signals, test_lost, prior or Weights(), limit)
    fitted = judge(test_signals, test_lost, found.weights, limit)
    better = found.converged and fitted.brier < default.brier
    return Backtest(found, default, fitted, better)


def judge(
    signals: ArrayLike, lost: ArrayLike, weights: Weights, limit: float = LIMIT
) -> Quality:
    """How well given weights told what happened.

    :raises ValueError: when all were lost or all kept
    """
    table, outcome = _known(signals, lost)
    given = np.asarray(weights)
    return quality(logistic(given[0] + table @ given[1:]), outcome, limit=limit)
