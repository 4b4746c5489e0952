"""Gamma-Gamma, lifetime value and hold-out."""

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import check_grad

from odoo.addons.crm_analytics.tools import bgnbd, clv, gamma_gamma, holdout

from . import cdnow

CDNOW = gamma_gamma.Parameters(6.25, 3.74, 15.45)


def repeat_values():
    """Repeat purchases and their mean value, as published."""
    name = "cdnow_customers_summary_with_transactions.csv"
    text = (files("lifetimes") / "datasets" / name).read_text()
    rows = [
        (int(row["x"]), float(row["zbar"])) for row in csv.DictReader(text.splitlines())
    ]
    return np.array([row for row in rows if row[0]]).T


def test_cdnow_gives_the_published_parameters():
    """Covers: ANA-07"""
    fit = gamma_gamma.fit(*repeat_values())
    assert fit.converged and fit.customers == 946
    assert fit.parameters == pytest.approx(CDNOW, abs=0.01)
    assert fit.correlation == pytest.approx(0.11, abs=0.01)


def test_the_unit_of_money_changes_only_v():
    count, mean = repeat_values()
    p, q, v = gamma_gamma.fit(count, mean * 1_000).parameters
    assert (p, q, v / 1_000) == pytest.approx(gamma_gamma.fit(count, mean).parameters)


@given(st.lists(st.floats(-1, 2), min_size=3, max_size=3))
def test_the_gradient_is_the_derivative(point):
    x, m = np.array([1.0, 2, 9, 30]), np.array([0.5, 3, 1, 0.1])
    error = check_grad(
        lambda v: gamma_gamma._objective(v, x, m)[0],
        lambda v: gamma_gamma._objective(v, x, m)[1],
        np.array(point),
    )
    assert error < 1e-4


@given(st.integers(1, 200), st.floats(0.01, 500))
def test_the_expectation_lies_between_own_mean_and_that_of_all(count, mean):
    p, q, v = CDNOW
    everybody = p * v / (q - 1)
    found = gamma_gamma.expected_mean(CDNOW, [count], [mean])[0]
    low, high = sorted((mean, everybody))
    assert low - 1e-9 <= found <= high + 1e-9
    more = gamma_gamma.expected_mean(CDNOW, [count + 1], [mean])[0]
    assert abs(more - mean) <= abs(found - mean) + 1e-9


@pytest.mark.parametrize(
    ("count", "mean", "message"),
    [
        ([1] * 49, [2.0] * 49, "not enough history: 49"),
        ([1] * 60, [0.0] * 60, "positive mean value"),
        ([0] * 60, [2.0] * 60, "needs a transaction"),
        ([1] * 60, [2.0] * 60, "all mean values are equal"),
    ],
)
def test_degenerate_values_are_refused_in_words(count, mean, message):
    with pytest.raises(ValueError, match=message):
        gamma_gamma.fit(count, mean)


def test_no_discount_makes_the_sum_of_expected_purchases():
    """Covers: ANA-07"""
    parameters = bgnbd.Parameters(0.2426, 4.4135, 0.7929, 2.4258)
    rows = ([0, 3, 10], [0, 20, 38], [39, 39, 39])
    free = clv.discounted_purchases(parameters, *rows, clv.Policy(12, 0.0), 52 / 12)
    assert free == pytest.approx(bgnbd.expected_purchases(parameters, *rows, 52))
    dear = clv.discounted_purchases(parameters, *rows, clv.Policy(12, 0.2), 52 / 12)
    assert (dear < free).all() and (dear > free / 1.2).all()


def test_discount_factors_of_a_year():
    factors = clv.discount(clv.Policy(12, 0.21))
    assert factors[11] == pytest.approx(1 / 1.21)
    assert factors[5] == pytest.approx(1 / 1.1)


def test_a_contract_adds_its_rest_and_its_probable_renewal():
    """Covers: ANA-07"""
    assert clv.lifetime_value([2], [100], [500], [0.5], [1_000]) == [1_200]
    with pytest.raises(ValueError, match="between 0 and 1"):
        clv.lifetime_value([2], [100], [500], [1.5], [1_000])


def test_the_simple_rule_repeats_the_half_year():
    rule = clv.half_year_repeats([600, -60], clv.Policy(12, 0.0))
    assert rule == pytest.approx([1_200, -120])


@pytest.mark.parametrize("policy", [clv.Policy(0), clv.Policy(12, -1)])
def test_impossible_policies_are_refused(policy):
    with pytest.raises(ValueError):
        clv.discount(policy)


def test_on_cdnow_the_model_forecasts_the_hold_out_by_bin():
    """Covers: ANA-07"""
    sample = cdnow.sample()
    parameters = bgnbd.fit(sample.x, sample.t_x, sample.T).parameters
    expected = bgnbd.expected_purchases(parameters, *sample[:3], 39)
    bins = holdout.by_frequency(sample.x, expected, sample.later)
    assert sum(part.customers for part in bins) == 2_357
    assert [part.frequency for part in bins] == list(range(8))
    for part in bins:
        assert part.predicted == pytest.approx(part.actual, rel=0.35)


def test_on_cdnow_model_and_simple_rule_are_about_equally_good():
    """Covers: ANA-07"""
    sample = cdnow.sample()
    parameters = bgnbd.fit(sample.x, sample.t_x, sample.T).parameters
    expected = bgnbd.expected_purchases(parameters, *sample[:3], 39)
    known = sample.mean > 0
    values = gamma_gamma.fit(sample.x[known], sample.mean[known]).parameters
    mean = gamma_gamma.expected_mean(values, sample.x, sample.mean)
    verdict = holdout.judge(
        {
            holdout.MODEL: expected * mean,
            holdout.SIMPLE: clv.half_year_repeats(sample.half_year, clv.Policy(9, 0.0)),
        },
        sample.later_money,
    )
    shares = {score.name: score.captured for score in verdict.scores}
    assert shares[holdout.MODEL] == pytest.approx(0.66, abs=0.03)
    assert shares[holdout.SIMPLE] == pytest.approx(0.66, abs=0.03)
    assert verdict.better in shares


def test_the_share_captured_does_not_depend_on_the_order_of_equal_scores():
    assert holdout.captured([5, 1, 1, 1, 1], [10, 40, 0, 0, 0], 0.4) == (
        pytest.approx((10 + 10) / 50)
    )
    assert holdout.captured([1, 2], [0, 0]) is None


def test_the_better_forecast_is_named():
    verdict = holdout.judge({"bad": [1, 2, 9], "good": [9, 2, 1]}, [10, 1, 1], 1 / 3)
    assert verdict.better == "good"
    with pytest.raises(ValueError, match="nothing to judge"):
        holdout.judge({}, [1])
