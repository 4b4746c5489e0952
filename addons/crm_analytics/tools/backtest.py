"""Yesterday's forecasts judged by what came: the churn weights and the lifetime rule.

Both are computed on the figures of a day in the past, from documents up to that day
alone, and compared with the half year after it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import bgnbd, churn, churn_fit, features, gamma_gamma, holdout, lifetime

MIN_CUSTOMERS = 20


class Past(NamedTuple):
    """Figures at a cut, and what came in the half year after it; shape (n,).

    ``facts`` hold only documents before the cut; ``purchases`` and ``money`` came after
    it.
    """

    facts: features.Facts
    purchases: NDArray[np.float64]
    money: NDArray[np.float64]


def judge_lifetime(past: Past, policy: features.Policy) -> dict[str, object]:
    """Which rule foretold the half year better: the model, or "it repeats".

    Answer: ``better`` and ``scores`` by rule, ``bins`` by repeat purchases; or
    ``refused`` with the reason, when nothing can be judged.
    """
    facts = past.facts
    bought = ~np.isnan(facts.age)
    if bought.sum() < MIN_CUSTOMERS:
        return {"refused": f"not enough history: {bought.sum()} customers"}
    facts = features.Facts(*(values[bought] for values in facts))
    money, purchases = past.money[bought], past.purchases[bought]
    try:
        expected, model = _model(facts, policy.minimum)
    except ValueError as refusal:
        return {"refused": str(refusal)}
    forecasts = {
        holdout.MODEL: model,
        holdout.SIMPLE: np.maximum(facts.contribution_half, 0),
    }
    verdict = holdout.judge(forecasts, money)
    return {
        "customers": len(money),
        "better": verdict.better,
        "scores": [_rounded(score) for score in verdict.scores],
        "bins": [
            _rounded(part)
            for part in holdout.by_frequency(
                facts.purchase_days - 1, expected, purchases
            )
        ],
    }


def _model(facts, minimum):
    """Purchases and money that the models expect for the next half year.

    :raises ValueError: in words where a model is refused
    """
    x, last = facts.purchase_days - 1, facts.age - facts.recency
    history = lifetime.History(
        facts.purchase_days,
        last,
        facts.age,
        facts.contribution_total,
        facts.contribution_half,
    )
    models = lifetime.fit(history, minimum)
    if models.purchases is None or models.spend is None:
        raise ValueError(models.report["refused"])
    expected = bgnbd.expected_purchases(
        models.purchases, x, last, facts.age, lifetime.HALF_YEAR_DAYS
    )
    mean = facts.contribution_total / facts.purchase_days
    value = gamma_gamma.expected_mean(
        models.spend, facts.purchase_days, np.maximum(mean, 1e-9)
    )
    return expected, expected * np.where(mean > 0, value, mean)


def judge_churn(
    train: Past,
    test: Past,
    policy: features.Policy,
    limit: float = churn_fit.LIMIT,
) -> dict[str, object]:
    """Weights fitted at the earlier cut, and how both sets did at the later one.

    Answer: ``weights`` (those to use), ``fitted`` whether they are the fit's,
    ``default`` and ``new`` quality; or ``refused`` with the reason, and the quality of
    the published weights, which few customers can judge though not re-estimate.

    :param limit: risk from which a customer is flagged
    """
    try:
        found = churn_fit.backtest(
            *_signals(train, policy), *_signals(test, policy), limit=limit
        )
    except ValueError as refusal:
        return {"refused": str(refusal)} | judge_published(test, policy, limit)
    chosen = found.fit.weights if found.use_fitted else churn.Weights()
    return {
        "customers": found.fit.customers,
        "lost": found.fit.lost,
        "judged": found.default.customers,
        "judged_lost": found.default.lost,
        "converged": found.fit.converged,
        "fitted": found.use_fitted,
        "weights": [round(float(weight), 6) for weight in chosen],
        "default": _quality(found.default),
        "new": _quality(found.fitted),
    }


def judge_published(
    test: Past, policy: features.Policy, limit: float = churn_fit.LIMIT
) -> dict[str, object]:
    """Quality of the published weights at a cut; nothing when all came or all left."""
    signals, lost = _signals(test, policy)
    if len(lost) < MIN_CUSTOMERS or not 0 < lost.sum() < len(lost):
        return {}
    found = churn_fit.judge(signals, lost, churn.Weights(), limit)
    return {
        "judged": len(lost),
        "judged_lost": int(lost.sum()),
        "default": _quality(found),
    }


def _signals(past, policy):
    """Signals and outcome, 1 for who did not buy in the half year."""
    figures = features.figures(past.facts, policy)
    known = ~np.isnan(past.facts.age)
    lost = (past.purchases == 0).astype(float)
    return churn.signals(figures)[known], lost[known]


def _quality(found):
    return {
        "auc": round(found.auc, 4),
        "brier": round(found.brier, 4),
        "base_rate": round(found.base_rate, 4),
        "limit": found.limit,
        "flagged": found.flagged,
        "precision": found.precision and round(found.precision, 4),
        "recall": round(found.recall, 4),
        "calibration": [
            [part.count, round(part.predicted, 4), round(part.observed, 4)]
            for part in found.calibration
        ],
    }


def _rounded(row):
    return {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in row._asdict().items()
    }


def chosen_rule(report: dict[str, object] | None) -> str | None:
    """The lifetime rule that a report recommends; None where nothing was judged."""
    return (report or {}).get("better")


def chosen_quality(report: dict[str, object] | None) -> dict[str, object] | None:
    """Quality of the weights that are used; None where nothing was judged."""
    report = report or {}
    return report.get("new" if report.get("fitted") else "default")


def chosen_weights(report: dict[str, object] | None) -> churn.Weights | None:
    """The churn weights that a report recommends; None for the published ones."""
    weights = (report or {}).get("weights")
    return churn.Weights(*weights) if weights else None


__all__ = [
    "Past",
    "chosen_quality",
    "chosen_rule",
    "chosen_weights",
    "judge_churn",
    "judge_lifetime",
    "judge_published",
]
