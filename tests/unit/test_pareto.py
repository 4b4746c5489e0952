"""Contribution curve, letters and shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import pareto

money = st.lists(st.integers(-500, 5_000).map(lambda c: c / 4), min_size=1, max_size=80)


def test_letters_shares_and_losses_of_a_small_book():
    """Covers: ANA-03"""
    found = pareto.analyse([50, 600, 200, 100, 0, 40, 10, -30, -70, 0])
    assert found.abc.tolist() == ["B", "A", "A", "B", "C", "C", "C", "D", "D", "C"]
    assert (found.total, found.positive_total) == (900, 1_000)
    assert (found.top_count, found.top_share) == (2, pytest.approx(800 / 900))
    assert (found.bottom_count, found.destroyed) == (3, 100)
    assert found.rank.tolist() == [4, 1, 2, 3, 7, 5, 6, 9, 10, 8]
    assert found.cumulative[0] == 950


def test_the_customer_that_crosses_the_line_is_still_a():
    assert pareto.analyse([79, 2, 19]).abc.tolist() == ["A", "C", "A"]
    assert pareto.analyse([80, 15, 5]).abc.tolist() == ["A", "B", "C"]


def test_equal_customers_are_cut_at_exactly_eighty_percent():
    letters = pareto.analyse([0.1] * 10).abc.tolist()
    assert letters == ["A"] * 8 + ["B"] * 2


def test_a_book_of_losses_has_no_share_and_no_gini():
    found = pareto.analyse([-5, -1, 0])
    assert found.abc.tolist() == ["D", "D", "C"]
    assert found.top_share is None and found.gini is None and found.destroyed == 5


def test_gini_of_known_distributions():
    assert pareto.gini([3, 3, 3]) == pytest.approx(0)
    assert pareto.gini([1, 2, 3, 4]) == pytest.approx(0.25)


@given(money)
def test_the_letters_agree_with_a_plain_loop(values):
    found = pareto.analyse(values)
    total, before, expected = sum(max(v, 0) for v in values), 0.0, {}
    for index in sorted(range(len(values)), key=lambda i: (-values[i], i)):
        value = values[index]
        if value < 0:
            letter = "D"
        elif value == 0 or round(before, 2) >= round(0.95 * total, 2):
            letter = "C"
        else:
            letter = "A" if round(before, 2) < round(0.8 * total, 2) else "B"
        expected[index] = letter
        before += max(value, 0)
    assert found.abc.tolist() == [expected[i] for i in range(len(values))]


@given(money)
def test_gini_equals_the_mean_difference_and_the_curve_ends_at_the_total(values):
    gains = np.clip(values, 0, None)
    if gains.sum():
        pairs = np.abs(gains[:, None] - gains[None, :]).mean()
        assert pareto.gini(values) == pytest.approx(pairs / (2 * gains.mean()))
    curve = pareto.whale_curve(values, 20)
    assert len(curve.customer_share) <= 22
    assert (curve.customer_share[0], curve.cumulative[0]) == (0, 0)
    assert curve.customer_share[-1] == 1
    assert curve.cumulative[-1] == pytest.approx(sum(values))
    assert curve.cumulative.max() <= pareto.analyse(values).positive_total + 1e-6


@pytest.mark.parametrize(
    ("values", "message"), [([], "no customer"), ([1, float("nan")], "needs a contri")]
)
def test_degenerate_books_are_refused_in_words(values, message):
    with pytest.raises(ValueError, match=message):
        pareto.analyse(values)
