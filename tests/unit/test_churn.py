"""Churn risk, its reasons, and its re-estimation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import churn, churn_fit
from odoo.addons.crm_analytics.tools.churn import Figures

NAN = float("nan")


def test_published_weights_on_literal_customers():
    """Covers: ANA-02"""
    found = churn.score(
        Figures(
            [1.0, 2.0, NAN, 8.0],
            [0.0, 0.0, NAN, -0.5],
            [0.0, -0.3, NAN, -1.0],
            [0.8, 0.4, NAN, 0.0],
            [1.0, 1.0, NAN, 0.0],
        )
    )
    odds = np.array([-1.4, 0.5, -1.4, -1.4 + 3.6 + 1 + 1 + 0.8 + 0.6])
    assert found.risk == pytest.approx(1 / (1 + np.exp(-odds)))


def test_the_three_strongest_reasons_come_with_their_numbers():
    """Covers: ANA-02"""
    found = churn.score(Figures([2.0], [0.1], [-0.3], [0.4], [NAN]))
    reasons = found.reasons(0)
    assert [(reason.code, reason.value) for reason in reasons] == [
        ("overdue", 2.0),
        ("inactive", 0.4),
        ("season", -0.3),
    ]
    assert [reason.adds for reason in reasons] == pytest.approx([1.2, 0.4, 0.3])


def test_a_customer_who_behaves_as_usual_has_no_reason():
    assert churn.score(Figures([0.9], [0.02], [0.1], [0.9], [3.0])).reasons(0) == ()


figure = st.one_of(st.just(NAN), st.floats(0, 5))


@given(figure, figure, figure, st.floats(0, 1), figure)
def test_later_and_smaller_is_never_less_risky(overdue, slope, season, active, rest):
    def risk(*figures):
        return churn.score(Figures(*([value] for value in figures))).risk[0]

    base = risk(overdue, slope, season, active, rest)
    assert 0 <= base <= 1
    assert risk(overdue + 1, slope, season, active, rest) >= base - 1e-12
    assert risk(overdue, slope - 1, season, active, rest) >= base - 1e-12
    assert risk(overdue, slope, season - 1, active, rest) >= base - 1e-12
    assert risk(overdue, slope, season, active / 2, rest) >= base - 1e-12
    assert risk(overdue, slope, season, active, rest / 2) >= base - 1e-12


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        (([-1], [0], [0], [0], [0]), "overdue_ratio"),
        (([1], [0], [0], [1.5], [0]), "p_active"),
        (([1], [0, 0], [0], [1], [0]), "differ in length"),
    ],
)
def test_impossible_figures_are_refused(figures, message):
    with pytest.raises(ValueError, match=message):
        churn.score(Figures(*figures))


def history(count, seed, weights=(-1.0, 2.0, 0.5, 0.5, 0.2, 0.1)):
    """Signals, and outcomes drawn with known weights."""
    random = np.random.default_rng(seed)
    table = random.normal(size=(count, 5))
    given_weights = np.asarray(weights)
    p = churn.logistic(given_weights[0] + table @ given_weights[1:])
    return table, (random.random(count) < p).astype(int)


def test_the_fit_finds_the_weights_that_made_the_data():
    fit = churn_fit.fit(*history(20_000, 1))
    assert fit.converged
    assert fit.weights == pytest.approx((-1.0, 2.0, 0.5, 0.5, 0.2, 0.1), abs=0.1)


def test_the_fit_is_a_stationary_point_and_the_same_every_time():
    table, lost = history(500, 2)
    fit = churn_fit.fit(table, lost, strength=0)
    assert fit == churn_fit.fit(table, lost, strength=0)
    beta = np.asarray(fit.weights)
    rest = lost - churn.logistic(beta[0] + table @ beta[1:])
    assert table.T @ rest == pytest.approx(np.zeros(5), abs=1e-6)


def test_separable_history_stays_near_the_published_weights():
    table = np.zeros((400, 5))
    table[:200, 0], lost = 3, np.repeat([1, 0], 200)
    fit = churn_fit.fit(table, lost)
    assert fit.converged and np.abs(fit.weights).max() < 10


def test_the_backtest_prefers_the_weights_that_told_better():
    """Covers: ANA-02"""
    found = churn_fit.backtest(*history(2_000, 3), *history(2_000, 4))
    assert found.use_fitted
    assert found.fitted.brier < found.default.brier < 0.25
    assert found.fitted.auc > 0.8
    counts = [part.count for part in found.fitted.calibration]
    assert sum(counts) == 2_000 and len(counts) == 10
    for part in found.fitted.calibration:
        assert part.predicted == pytest.approx(part.observed, abs=0.1)


def test_whom_a_limit_flags_is_counted_against_who_was_lost():
    """Covers: ANA-02"""
    risk, lost = [0.9, 0.8, 0.5, 0.4, 0.1], [1, 0, 1, 1, 0]
    found = churn_fit.quality(risk, lost, limit=0.5)
    assert (found.customers, found.lost) == (5, 3)
    assert (found.flagged, found.hits) == (3, 2)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 3)
    nobody = churn_fit.quality(risk, lost, limit=0.95)
    assert (nobody.flagged, nobody.precision, nobody.recall) == (0, None, 0)


def test_own_weights_want_two_years():
    """Covers: ANA-02"""
    churn_fit.require_history(24)
    with pytest.raises(ValueError, match="23 months; 24 are needed"):
        churn_fit.require_history(23)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    risk, lost = [r for r, _ in rows], [bool(v) for _, v in rows]
    pairs = [
        (a > b) + (a == b) / 2
        for a, was in zip(risk, lost, strict=True)
        if was
        for b, other in zip(risk, lost, strict=True)
        if not other
    ]
    if pairs:
        assert churn_fit.auc(risk, lost) == pytest.approx(np.mean(pairs))
    else:
        with pytest.raises(ValueError, match="AUC needs"):
            churn_fit.auc(risk, lost)


@pytest.mark.parametrize(
    ("count", "lost", "message"),
    [(199, 50, "too few"), (400, 19, "19 of 400"), (400, 400, "400 of 400")],
)
def test_too_little_history_is_refused_in_words(count, lost, message):
    outcome = np.arange(count) < lost
    with pytest.raises(ValueError, match=message):
        churn_fit.fit(np.zeros((count, 5)), outcome)
