"""Forecasts of the past judged by what came."""

import numpy as np
import pytest

from odoo.addons.crm_analytics.tools import (
    backtest,
    bgnbd,
    churn,
    churn_fit,
    clv,
    features,
    gamma_gamma,
    holdout,
    lifetime,
)

from . import buyers


def _facts(count, seed):
    """Customers that buy for two years at rates of their own, and hardly ever leave."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(3, 1 / 180, count)
    days = 1 + rng.poisson(rate * 730)
    age = np.full(count, 730.0)
    recency = np.minimum(age, rng.exponential(1 / rate))
    recency[days == 1] = 730.0
    nothing = np.full(count, np.nan)
    monthly = rng.poisson(np.repeat(rate[:, None], 12, 1) * 30) * 100.0
    half = monthly[:, 6:].sum(axis=1)
    facts = features.Facts(
        age=age,
        recency=recency,
        cadence=1 / rate,
        active_months=(monthly > 0).sum(axis=1).astype(float),
        half=half,
        half_before=monthly[:, :6].sum(axis=1),
        monthly=monthly,
        purchase_days=days.astype(float),
        contribution=monthly.sum(axis=1),
        contribution_half=half,
        contribution_total=days * rng.gamma(4, 25, count),
        breadth=nothing,
        rating=nothing,
        commitment=nothing,
    )
    later = rng.poisson(rate * 182.6).astype(float)
    return backtest.Past(facts, later, later * 100)


def _leaving(count, seed):
    """As :func:`_facts`, but some have left, so that a model can be fitted."""
    past = _facts(count, seed)
    days, last, age = buyers.histories(seed, count)
    spend = np.random.default_rng(seed).gamma(4, 25, count)
    facts = past.facts._replace(
        purchase_days=days, age=age, recency=age - last, contribution_total=days * spend
    )
    return past._replace(facts=facts)


def test_the_lifetime_rule_that_ranked_better_is_named():
    """Covers: ANA-07"""
    report = backtest.judge_lifetime(_leaving(300, 1), features.Policy())
    scores = {score["name"]: score for score in report["scores"]}
    assert set(scores) == {holdout.MODEL, holdout.SIMPLE}
    best = max(scores.values(), key=lambda score: round(score["captured"], 3))
    assert report["better"] == best["name"]
    assert sum(part["customers"] for part in report["bins"]) == report["customers"]


def test_a_model_that_did_not_converge_is_no_forecast():
    """Covers: ANA-07"""
    report = backtest.judge_lifetime(_facts(300, 1), features.Policy())
    assert "did not converge" in report["refused"]
    assert backtest.chosen_rule(report) is None


def test_few_customers_are_judged_in_words_only():
    """Covers: ANA-07"""
    report = backtest.judge_lifetime(_facts(10, 1), features.Policy())
    assert "not enough history" in report["refused"]
    assert backtest.chosen_rule(report) is None


def test_churn_weights_come_with_their_quality_on_later_data():
    """Covers: ANA-02"""
    report = backtest.judge_churn(_facts(400, 2), _facts(400, 3), features.Policy())
    assert 0 <= report["new"]["auc"] <= 1
    better = report["new"]["brier"] < report["default"]["brier"]
    assert report["fitted"] == better
    chosen = backtest.chosen_weights(report)
    assert (chosen == churn.Weights()) != better
    assert sum(row[0] for row in report["new"]["calibration"]) == 400


def test_too_few_customers_keep_the_published_weights_and_judge_them():
    """Covers: ANA-02"""
    test = _facts(50, 3)
    report = backtest.judge_churn(_facts(50, 2), test, features.Policy())
    assert "too few" in report["refused"]
    assert backtest.chosen_weights(report) is None
    lost = test.purchases == 0
    assert (report["judged"], report["judged_lost"]) == (50, lost.sum())
    risk = churn.score(features.figures(test.facts, features.Policy())).risk
    assert report["default"]["auc"] == round(churn_fit.auc(risk, lost), 4)
    brier = float(((risk - lost) ** 2).mean())
    assert report["default"]["brier"] == pytest.approx(brier, abs=1e-4)


def test_when_everybody_came_back_nothing_is_judged():
    """Covers: ANA-02"""
    test = _facts(50, 3)
    test = test._replace(purchases=np.ones(50))
    assert backtest.judge_published(test, features.Policy()) == {}
    few = _facts(10, 3)
    assert backtest.judge_published(few, features.Policy()) == {}


@pytest.mark.parametrize("rule", [None, holdout.SIMPLE])
def test_the_chosen_rule_gives_the_value(rule):
    """Covers: ANA-07"""
    past = _facts(300, 1)
    models = lifetime.Models(
        bgnbd.Parameters(0.24, 4.41, 0.79, 2.43),
        gamma_gamma.Parameters(6.25, 3.74, 15.4),
        {},
    )
    policy = features.Policy(rule=rule, models=models)
    found = features.compute(past.facts, policy)
    simple = clv.half_year_repeats(past.facts.contribution_half, clv.Policy())
    assert np.allclose(found.value, simple) == (rule == holdout.SIMPLE)
    assert not np.isnan(found.p_active).any()


def test_a_model_at_its_limit_gives_no_value_but_the_simple_rule_does():
    """Covers: ANA-07"""
    past = _facts(300, 1)
    found = features.compute(past.facts, features.Policy())
    assert not found.models["bgnbd"]["converged"]
    assert "did not converge" in found.models["refused"]
    assert found.models["rule"] == holdout.SIMPLE
    assert not np.isnan(found.value).any()
    assert np.isnan(found.p_active).all()  # nothing is said by a model that failed
