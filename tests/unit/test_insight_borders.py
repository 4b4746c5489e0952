"""Borders and units of the value kernels, each at the number that decides.

Every test here fails when the sign, limit or factor it is about is another one.
"""

from datetime import date

import numpy as np
import pytest

from odoo.addons.crm_analytics.tools import (
    alarms,
    backtest,
    bgnbd,
    churn,
    churn_fit,
    clv,
    features,
    gamma_gamma,
    holdout,
    lifetime,
    loyalty,
    pareto,
    retention,
    survival,
    trend,
    windows,
)

from . import buyers


def _history(count=300, seed=1):
    """Customers that come and go; the spend of a day differs between them."""
    days, last, age = buyers.histories(seed, count)
    spend = np.random.default_rng(seed).gamma(4, 25, count)
    return lifetime.History(days, last, age, days * spend, np.full(count, 70.0))


def _spend_by_hand(history):
    """Gamma-Gamma on the spend of a purchase day of those with more than one."""
    days, total = history.purchase_days, history.contribution
    again = days >= 2
    return gamma_gamma.fit(days[again], total[again] / days[again]).parameters


def test_the_model_of_values_is_fitted_to_the_spend_of_a_purchase_day():
    """Covers: ANA-07"""
    history = _history()
    fitted = lifetime.fit(history, 50)
    assert fitted.spend == pytest.approx(_spend_by_hand(history))


def test_the_value_is_purchases_to_come_times_the_expected_spend():
    """Covers: ANA-07"""
    history, policy = _history(), clv.Policy(24, 0.1)
    fitted = lifetime.fit(history, 50)
    days = history.purchase_days
    spend = gamma_gamma.expected_mean(fitted.spend, days, history.contribution / days)
    to_come = clv.discounted_purchases(
        fitted.purchases, days - 1, history.last, history.age, policy
    )
    found = lifetime.compute(history, policy, 50, models=fitted)
    assert found.value == pytest.approx(to_come * spend)


def _past(history, money):
    """A past of which only the documents decide."""
    count = len(history.age)
    figures = {name: np.full(count, np.nan) for name in features.Facts._fields}
    facts = features.Facts(**figures)._replace(
        age=history.age,
        recency=history.age - history.last,
        purchase_days=history.purchase_days,
        contribution_total=history.contribution,
        contribution_half=history.half,
    )
    return backtest.Past(facts, np.ones(count), money)


def _policy(minimum):
    weights = loyalty.Weights(**dict.fromkeys(loyalty.COMPONENTS, 1.0))
    return features.Policy(weights, 5.0, clv.Policy(12, 0.0), minimum)


def test_the_model_judged_on_the_past_expects_purchases_times_spend():
    """Covers: ANA-07"""
    history = _history()
    money = np.random.default_rng(1).gamma(2, 90, len(history.age))
    found = backtest.judge_lifetime(_past(history, money), _policy(50))
    days = history.purchase_days
    fitted = lifetime.fit(history, 50)
    expected = bgnbd.expected_purchases(
        fitted.purchases, days - 1, history.last, history.age, lifetime.HALF_YEAR_DAYS
    ) * gamma_gamma.expected_mean(fitted.spend, days, history.contribution / days)
    [score] = [row for row in found["scores"] if row["name"] == holdout.MODEL]
    assert score["mae"] == pytest.approx(np.abs(expected - money).mean(), rel=1e-4)


@pytest.mark.parametrize(("count", "few"), [(19, True), (20, False)])
def test_twenty_customers_are_enough_to_judge(count, few):
    """Covers: ANA-07"""
    past = _past(_history(count), np.ones(count))
    refused = backtest.judge_lifetime(past, _policy(50))["refused"]
    assert (refused == f"not enough history: {count} customers") == few


@pytest.mark.parametrize(
    ("top", "share"), [(0.2, 90 / 150), (0.1, 50 / 150), (0.25, 105 / 150), (1, 1)]
)
def test_the_best_hold_exactly_their_share_of_the_money(top, share):
    """Of ten customers with a score of their own. Covers: ANA-07"""
    money = [50, 40, 30, 20, 10, 0, 0, 0, 0, 0]
    assert holdout.captured(range(10, 0, -1), money, top) == pytest.approx(share)


@pytest.mark.parametrize("months", [0, 0.4, 1])
def test_one_purchase_in_the_first_month_is_all_that_was_expected(months):
    """Covers: ANA-08"""
    assert loyalty.continuity([1], [20], [months]) == [1]


def test_the_base_rate_of_leaving_is_the_data_s_alone():
    """However strong the published weights are, the mean risk is the share lost.

    Covers: ANA-02
    """
    rng = np.random.default_rng(5)
    table = rng.normal(size=(400, 5))
    lost = (np.arange(400) % 8 == 0).astype(int)
    found = churn_fit.fit(table, lost, strength=1e6)
    weights = np.asarray(found.weights)
    risk = churn.logistic(weights[0] + table @ weights[1:])
    assert risk.mean() == pytest.approx(1 / 8, abs=1e-6)
    assert weights[1:] == pytest.approx(churn.Weights()[1:], abs=1e-2)


def test_a_gap_of_more_than_two_years_ago_is_no_cadence():
    """Covers: ANA-10"""
    for first, lost in ((0, 731 + 2 * 331), (1, 731 + 2 * 365)):
        found = retention.spells([1, 1, 1], [first, 400, 731], 2000)
        assert found.lost.tolist() == [first + 183, lost]


def test_a_season_is_compared_with_any_sale_of_the_year_before():
    """Covers: ANA-02"""
    assert trend.season_change([1.5], [0.5]) == [2]
    assert np.isnan(trend.season_change([1.5, 1.5], [0, -1])).all()


def test_before_the_first_end_the_limits_are_certain():
    """Covers: ANA-07"""
    found = survival.kaplan_meier([1, 2, 3], [False, True, True])
    assert (found.low[0], found.high[0]) == (1, 1)
    assert (found.low[-1], found.high[-1]) == (0, 0)


def test_a_rule_without_a_number_rings_for_all():
    """Covers: ANA-04"""
    rule = alarms.Rule(1, "growth", "churn_risk", 0.5)
    found = alarms.judge(
        [rule],
        [alarms.Customer(key, "growth", 1.0, {"churn_risk": 0.9}) for key in range(3)],
    )
    assert len(found.raised) == 3


@pytest.mark.parametrize(
    ("shares", "letters"),
    [
        ((0, 0), "CC"),
        ((0, 1), "BB"),
        ((1, 1), "AA"),
        ((0.5, 0.5), "AC"),
    ],
)
def test_shares_of_nothing_all_and_equal_ones_are_shares(shares, letters):
    """Covers: ANA-03"""
    assert "".join(pareto.analyse([50, 50], *shares).abc) == letters


def test_the_bounds_of_the_windows():
    """Covers: ANA-01"""
    found = windows.windows(date(2026, 7, 15), 3, new_months=5, dormant_months=20)
    assert found == (
        date(2026, 7, 15),
        date(2026, 4, 15),
        date(2026, 1, 15),
        date(2026, 1, 15),
        date(2025, 7, 15),
        date(2025, 1, 15),
        date(2025, 7, 15),
        date(2024, 7, 15),
        date(2026, 2, 15),
        date(2024, 11, 15),
    )
