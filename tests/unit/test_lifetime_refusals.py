"""What no model can be fitted to is refused in words, and still has a value."""

import numpy as np
import pytest

from odoo.addons.crm_analytics.tools import clv, lifetime

COUNT = 60


def history(days, last, contribution, half, count=COUNT):
    """A history of customers that are all alike but for their age."""
    age = np.linspace(300, 700, count)
    return lifetime.History(
        np.full(count, float(days)),
        np.broadcast_to(np.asarray(last, float), count) * age,
        age,
        np.broadcast_to(np.asarray(contribution, float), count).copy(),
        np.broadcast_to(np.asarray(half, float), count).copy(),
    )


CASES = {
    "all bought once": (history(1, 0, 100, 100), "0 of 60 customers bought again"),
    "one customer": (history(5, 0.5, 500, 200, 1), "1 of 1 customers bought again"),
    "zero spend": (history(5, 0.5, 0, 0), "0 customers with a mean value"),
    "negative months": (history(5, 0.5, -500, -90), "0 customers with a mean value"),
    "all spend the same": (history(5, 0.5, 500, 90), "all mean values are equal"),
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
    rng = np.random.default_rng(1)
    given = history(5, 0.5, 500, 90)
    given.contribution[:] = rng.gamma(3, 200, COUNT)
    given.contribution[:5] = -50
    given.last[:] = given.age * rng.uniform(0.2, 0.9, COUNT)
    found = lifetime.fit(given, 50)
    assert "refused" not in found.report
    again = lifetime.fit(given, 50)
    assert found.purchases == again.purchases and found.spend == again.spend
