"""BG/NBD against the published fit, `lifetimes`, and simulated customers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad

from odoo.addons.crm_analytics.tools import bgnbd, churn_fit

from . import cdnow

PUBLISHED = bgnbd.Parameters(0.2426, 4.4135, 0.7929, 2.4258)


def test_cdnow_gives_the_published_parameters_and_log_likelihood():
    """Covers: ANA-07"""
    fit = bgnbd.fit(*cdnow.summary())
    assert fit.converged and fit.customers == 2_357 and fit.repeaters == 946
    assert fit.parameters == pytest.approx(PUBLISHED, abs=2e-4)
    assert fit.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    assert fit.gradient < 1e-6


def test_the_fit_does_not_depend_on_order_nor_on_the_unit_of_time():
    """Covers: ANA-07"""
    x, t_x, T = cdnow.summary()
    fit, days = bgnbd.fit(x, t_x, T), bgnbd.fit(x[::-1], t_x[::-1] * 7, T[::-1] * 7)
    r, alpha, a, b = days.parameters
    assert (r, alpha / 7, a, b) == pytest.approx(fit.parameters, rel=1e-5)


def test_the_log_likelihood_of_given_parameters_is_that_of_the_fit():
    data = cdnow.summary()
    fit = bgnbd.fit(*data)
    again = bgnbd.log_likelihood(fit.parameters, *data)
    assert again == pytest.approx(fit.log_likelihood, abs=1e-6)
    assert bgnbd.log_likelihood(bgnbd.Parameters(0.3, 5, 1, 3), *data) < again


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4), st.integers(0, 99))
def test_the_gradient_is_the_derivative(log_parameters, seed):
    data = bgnbd._merge(*customers(PUBLISHED, 40, seed)[:3], 1.0)
    error = check_grad(
        lambda v: bgnbd._objective(v, data)[0],
        lambda v: bgnbd._objective(v, data)[1],
        np.array(log_parameters),
    )
    assert error < 1e-4


def test_probabilities_and_expectations_equal_those_of_lifetimes():
    """Covers: ANA-07"""
    lifetimes = pytest.importorskip("lifetimes")
    x, t_x, T = cdnow.summary()
    other = lifetimes.BetaGeoFitter().fit(x, t_x, T)
    parameters = bgnbd.Parameters(*other.params_)
    alive = other.conditional_probability_alive(x, t_x, T)
    assert bgnbd.p_alive(parameters, x, t_x, T) == pytest.approx(alive)
    later = other.conditional_expected_number_of_purchases_up_to_time(39, x, t_x, T)
    found = bgnbd.expected_purchases(parameters, x, t_x, T, 39)
    assert found == pytest.approx(later)
    new = other.expected_number_of_purchases_up_to_time(np.array([1.0, 52.0]))
    assert bgnbd.expected_new(parameters, [1, 52]) == pytest.approx(new)


def customers(parameters, count, seed, later=0.0, age=40.0):
    """Simulated customers: x, t_x, T, purchases in the time after the cut."""
    random = np.random.default_rng(seed)
    r, alpha, a, b = parameters
    rows = []
    for _ in range(count):
        rate, quit_after = random.gamma(r) / alpha, random.beta(a, b)
        t, x, t_x, after = 0.0, 0, 0.0, 0
        T = random.uniform(age / 2, age)
        while (t := t + random.exponential(1 / rate)) <= T + later:
            if t <= T:
                x, t_x = x + 1, t
            else:
                after += 1
            if random.random() < quit_after:
                break
        rows.append((x, t_x, T, after))
    return np.array(rows).T


def test_simulated_customers_give_back_their_parameters_and_their_future():
    """Covers: ANA-07"""
    truth = bgnbd.Parameters(1.0, 6.0, 0.8, 3.0)
    x, t_x, T, after = customers(truth, 6_000, 5, later=20)
    fit = bgnbd.fit(x, t_x, T)
    assert fit.converged
    assert fit.parameters == pytest.approx(truth, rel=0.25)
    expected = bgnbd.expected_purchases(fit.parameters, x, t_x, T, 20)
    assert expected.sum() == pytest.approx(after.sum(), rel=0.05)


def test_one_purchase_is_always_alive_and_useless_as_a_warning():
    """P(alive) ranks CDNOW's hold-out worse than chance, expected purchases well.

    Covers: ANA-02, ANA-07
    """
    x, t_x, T, *_rest, later, _money = cdnow.sample()
    parameters = bgnbd.fit(x, t_x, T).parameters
    alive = bgnbd.p_alive(parameters, x, t_x, T)
    assert (alive[x == 0] == 1).all()
    bought = later > 0
    expected = bgnbd.expected_purchases(parameters, x, t_x, T, 39)
    assert churn_fit.auc(alive, bought) < 0.5
    assert churn_fit.auc(expected, bought) > 0.75


def test_many_purchases_do_not_overflow():
    found = bgnbd.expected_purchases(PUBLISHED, [5_000], [38.0], [39.0], 39)
    assert np.isfinite(found).all() and found[0] > 0


@pytest.mark.parametrize("a", [1.0, 1 + 1e-9, 0.9999999])
def test_the_expectation_is_continuous_where_the_formula_is_not(a):
    near = bgnbd.expected_purchases(PUBLISHED._replace(a=1.0001), [3], [20], [39], 10)
    found = bgnbd.expected_purchases(PUBLISHED._replace(a=a), [3], [20], [39], 10)
    assert found == pytest.approx(near, rel=1e-3)


def test_nothing_is_expected_in_no_time_and_more_in_more():
    values = [
        bgnbd.expected_purchases(PUBLISHED, [4], [30], [39], span)[0]
        for span in (0, 1, 10, 100)
    ]
    assert values[0] == 0 and values == sorted(values)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (([0] * 80, [0] * 80, [10] * 80), "not enough history: 0 of 80"),
        (([2], [5], [10]), "not enough history: 1 of 1"),
        (([1], [11], [10]), "between the first and the cut"),
        (([0], [3], [10]), "t_x is 0"),
        (([1.5], [3], [10]), "whole numbers"),
        (([1], [3], [float("nan")]), "must be numbers"),
        (([1, 2], [3], [9]), "differ in length"),
    ],
)
def test_degenerate_data_are_refused_in_words(rows, message):
    """Covers: ANA-07"""
    with pytest.raises(ValueError, match=message):
        bgnbd.fit(*rows)


def test_customers_who_never_leave_end_at_a_limit_and_say_so():
    fit = bgnbd.fit([9] * 60, [10.0] * 60, [10.0] * 60)
    assert not fit.converged and fit.message
