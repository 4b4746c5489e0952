"""Effect of a campaign against the hold-out group, from published examples."""

import math
from statistics import fmean, variance

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.addons.crm_marketing.tools import uplift

# Student (1908), The probable error of a mean: hours of sleep gained; the data set
# "sleep" of R, whose help page prints the Welch test of it.
SLEEP_1 = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SLEEP_2 = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)

# Newcombe (1998), table II: hits and sizes, then bounds by method 10 and method 1.
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339, 0.0575, 0.3425),
    (9, 10, 3, 10, 0.1705, 0.8090, 0.2605, 0.9395),
    (6, 7, 2, 7, 0.0582, 0.8062, 0.1481, 0.9947),
    (5, 56, 0, 29, -0.0381, 0.1926, 0.0146, 0.1640),
    (0, 10, 0, 20, -0.1611, 0.2775, 0.0, 0.0),
    (0, 10, 0, 10, -0.2775, 0.2775, 0.0, 0.0),
    (10, 10, 0, 20, 0.6791, 1.0, 1.0, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0, 1.0, 1.0),
]
ANY = {"least": 2, "both": 4}


def test_welch_interval_is_that_of_student_s_sleep_data():
    """Covers: MKT-03"""
    effect = uplift.mean_difference(
        uplift.sample(SLEEP_1), uplift.sample(SLEEP_2), **ANY
    )
    assert effect.difference == pytest.approx(-1.58)
    assert (effect.low, effect.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)
    assert effect.degrees == pytest.approx(17.776, abs=1e-3)
    assert effect.p_value == pytest.approx(0.07939, abs=1e-5)
    assert not effect.is_certain


@pytest.mark.parametrize("row", NEWCOMBE, ids=lambda row: f"{row[:4]}")
def test_share_intervals_are_those_of_newcombe_s_table(row):
    """Covers: MKT-03"""
    counts, (low, high, wald_low, wald_high) = row[:4], row[4:]
    effect = uplift.share_difference(*counts, **ANY)
    assert (effect.low, effect.high) == pytest.approx((low, high), abs=6e-5)
    simple = uplift.wald_difference(*counts)
    assert (simple.low, simple.high) == pytest.approx((wald_low, wald_high), abs=6e-5)


def test_too_small_groups_get_words_and_no_number():
    """Covers: MKT-03"""
    few = uplift.mean_difference(uplift.sample([1, 2] * 20), uplift.sample([1] * 14))
    assert few == uplift.Refusal("too_few", 40, 14)
    assert uplift.share_difference(3, 15, 2, 20).code == "too_few"
    assert uplift.share_difference(3, 100, 0, 0).code == "no_hold_out"
    alike = uplift.sample([5.0] * 20)
    assert uplift.mean_difference(alike, alike).code == "no_spread"


@pytest.mark.parametrize("level", [0, 1, -0.5, 95])
def test_a_level_is_a_probability(level):
    with pytest.raises(ValueError, match="level"):
        uplift.mean_difference(uplift.sample([1]), uplift.sample([2]), level)


@pytest.mark.parametrize("counts", [(-1, 20, 0, 20), (21, 20, 0, 20), (1, 20, 21, 20)])
def test_counts_fit_their_group(counts):
    with pytest.raises(ValueError, match="count"):
        uplift.share_difference(*counts)


money = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 2))
group = st.lists(money, min_size=2, max_size=40)


@given(group)
def test_a_sample_says_mean_and_variance_of_its_values(values):
    found = uplift.sample(values)
    assert found.mean == pytest.approx(fmean(values), abs=1e-6)
    scale = max(1.0, max(abs(value) for value in values)) ** 2
    assert math.isclose(
        found.variance, variance(values), rel_tol=1e-6, abs_tol=1e-9 * scale
    )


@given(group, group, st.floats(0.5, 0.99))
def test_groups_that_change_places_turn_the_sign(one, two, level):
    effect = uplift.mean_difference(
        uplift.sample(one), uplift.sample(two), level, **ANY
    )
    other = uplift.mean_difference(uplift.sample(two), uplift.sample(one), level, **ANY)
    assume(isinstance(effect, uplift.Effect))
    assert effect.low <= effect.difference <= effect.high
    assert (effect.low, effect.high) == pytest.approx((-other.high, -other.low))
    assert effect.p_value == pytest.approx(other.p_value)
    assert min(len(one), len(two)) - 1 <= effect.degrees + 1e-6
    assert effect.degrees <= len(one) + len(two) - 2 + 1e-6


@given(group, group)
def test_a_higher_level_gives_a_wider_interval(one, two):
    narrow, wide = (
        uplift.mean_difference(uplift.sample(one), uplift.sample(two), level, **ANY)
        for level in (0.8, 0.95)
    )
    assume(isinstance(narrow, uplift.Effect))
    assert wide.low <= narrow.low <= narrow.high <= wide.high


@st.composite
def counts(draw):
    n, m = draw(st.integers(15, 500)), draw(st.integers(25, 500))
    return draw(st.integers(0, n)), n, draw(st.integers(0, m)), m


@given(counts())
def test_a_difference_of_shares_stays_between_minus_one_and_one(row):
    effect = uplift.share_difference(*row)
    assert -1 <= effect.low <= effect.difference <= effect.high <= 1
    hits, n, others, m = row
    turned = uplift.share_difference(others, m, hits, n, least=1, both=2)
    assert (effect.low, effect.high) == pytest.approx((-turned.high, -turned.low))
    # the opposite question has the opposite answer
    against = uplift.share_difference(n - hits, n, m - others, m)
    assert (effect.low, effect.high) == pytest.approx((-against.high, -against.low))
