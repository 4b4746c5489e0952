"""What no model can be fitted to is refused in words, and still has a value."""

import numpy as np
import pytest

from odoo.addons.crm_analytics.tools import bgnbd, clv, gamma_gamma, lifetime

from . import buyers

COUNT = 60


def alike(days, last, contribution, half, count=COUNT):
    """A history of customers that are all alike but for their age."""
    age = np.linspace(300, 700, count)
    return lifetime.History(
        np.full(count, float(days)),
        last * age,
        age,
        np.full(count, float(contribution)),
        np.full(count, float(half)),
    )


def history(spend, half=90, seed=1, count=300):
    """Customers that come and go, by what one spends on a day with a purchase."""
    days, last, age = buyers.histories(seed, count)
    return lifetime.History(days, last, age, days * spend, np.full(count, float(half)))


CASES = {
    "all bought once": (alike(1, 0, 100, 100), "0 of 60 customers bought again"),
    "one customer": (alike(5, 0.5, 500, 200, 1), "1 of 1 customers bought again"),
    "zero spend": (history(0, 0), "0 customers with a mean value"),
    "negative months": (history(-100), "0 customers with a mean value"),
    "all spend the same": (history(100), "all mean values are equal"),
}


@pytest.mark.parametrize("name", CASES)
def test_degenerate_histories_are_refused_in_words(name):
    """Covers: ANA-07"""
    given, words = CASES[name]
    found = lifetime.compute(given, clv.Policy(12, 0.0), 50)
    assert words in found.report["refused"]
    assert found.report["rule"] == "half_year_repeats"
    assert found.value == pytest.approx(2 * given.half)
    assert np.isfinite(found.value).all()


def test_a_few_losses_among_the_others_are_no_degenerate_history():
    """Covers: ANA-07"""
    spend = np.random.default_rng(1).gamma(3, 200, 300)
    spend[:5] = -50
    given = history(spend)
    found = lifetime.fit(given, 50)
    assert "refused" not in found.report
    again = lifetime.fit(given, 50)
    assert found.purchases == again.purchases and found.spend == again.spend


def lognormal(seed, sigma):
    """Customers whose order sizes are lognormal."""
    rng = np.random.default_rng(seed)
    return history(np.exp(rng.normal(5, sigma, 300)), seed=seed)


@pytest.mark.parametrize("seed", range(6))
def test_values_that_vary_too_much_for_a_mean_are_refused_in_words(seed):
    """A tail as heavy as this has no mean (q <= 1): the simple rule gives the value.

    Covers: ANA-07
    """
    given = lognormal(seed, 2.5)
    found = lifetime.compute(given, clv.Policy(12, 0.0), 50)
    assert found.report["gamma_gamma"]["q"] <= 1
    assert "so much that no mean exists" in found.report["refused"]
    assert found.report["rule"] == "half_year_repeats"
    assert found.value == pytest.approx(2 * given.half)
    assert np.isfinite(found.p_active).all()  # of purchases the model is a good one


def test_values_with_a_mean_are_modelled():
    """Covers: ANA-07"""
    found = lifetime.fit(lognormal(1, 0.5), 50)
    assert "refused" not in found.report
    assert found.spend.q > 1
    assert found.report["bgnbd"]["converged"]
    assert found.report["gamma_gamma"]["converged"]


def test_a_fit_that_did_not_converge_is_told_and_not_used():
    """Perfectly regular buyers never leave: nothing tells a rate of leaving.

    Covers: ANA-07
    """
    age = np.linspace(300, 700, 100)
    again = np.floor(age / 30)
    given = lifetime.History(
        again + 1, again * 30, age, 90 + 10 * again, np.full(100, 60.0)
    )
    found = lifetime.compute(given, clv.Policy(12, 0.0), 50)
    assert found.report["bgnbd"]["converged"] is False
    assert "model of purchases: its fit did not converge" in found.report["refused"]
    assert np.isnan(found.p_active).all() and np.isnan(found.expected).all()
    assert found.value == pytest.approx(2 * given.half)


def test_a_model_without_expectations_is_refused():
    """Covers: ANA-07"""
    with pytest.raises(ValueError, match="no number for 1 of 3 customers"):
        bgnbd.check_expected([1.0, np.nan, 2.0])
    bgnbd.check_expected([1.0, 0.0])


def test_a_spend_model_that_did_not_converge_is_refused():
    """Covers: ANA-07"""
    fit = gamma_gamma.Fit(
        gamma_gamma.Parameters(1.0, 2.0, 3.0), -1.0, False, "ABNORMAL: ", 5, 60, 0.0
    )
    with pytest.raises(ValueError, match=r"did not converge \(ABNORMAL\)"):
        gamma_gamma.check(fit)
    gamma_gamma.check(fit._replace(converged=True))
