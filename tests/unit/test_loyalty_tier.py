"""Loyalty and service tiers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import loyalty, tier

NAN = float("nan")
share = st.one_of(st.just(NAN), st.floats(0, 1))


def test_all_components_known_is_the_weighted_mean():
    """Covers: ANA-08"""
    found = loyalty.score([[1, 0.5, 0.25, 0, 1]])
    assert found.score == pytest.approx([35 + 7.5 + 5 + 0 + 15])
    assert found.used(0) == loyalty.COMPONENTS


def test_a_missing_component_raises_the_others_in_proportion():
    """Covers: ANA-08"""
    found = loyalty.score([[0.8, 0.4, NAN, NAN, NAN], [NAN] * 5])
    assert found.score[0] == pytest.approx(100 * (0.35 * 0.8 + 0.15 * 0.4) / 0.5)
    assert found.used(0) == ("continuity", "tenure")
    assert found.weights[0] == pytest.approx([0.7, 0.3, 0, 0, 0])
    assert np.isnan(found.score[1]) and found.used(1) == ()


@given(st.lists(st.lists(share, min_size=5, max_size=5), min_size=1, max_size=20))
def test_the_score_lies_between_its_components(rows):
    found = loyalty.score(rows)
    for row, value in zip(rows, found.score, strict=True):
        known = [100 * item for item in row if item == item]
        if known:
            assert min(known) - 1e-9 <= value <= max(known) + 1e-9
        else:
            assert np.isnan(value)


def test_components_from_their_facts():
    found = loyalty.continuity([12, 6, 2, 3, 1], [30, 30, 91.3125, NAN, 10], [24] * 5)
    assert found[:3] == pytest.approx([1, 0.5, 0.5], rel=0.02)
    assert np.isnan(found[3]) and found[4] == pytest.approx(1 / 12)
    assert loyalty.continuity([2], [30], [2]) == pytest.approx([1])
    assert loyalty.tenure([0, 2.5, 9]).tolist() == [0, 0.5, 1]
    breadth = loyalty.breadth([2, 9, 1], [4, 4, 0])
    assert breadth[:2].tolist() == [0.5, 1] and np.isnan(breadth[2])
    assert loyalty.satisfaction([1, 3, 5]).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("rows", "weights", "message"),
    [
        ([[1.2, 0, 0, 0, 0]], None, "between 0 and 1"),
        ([[1, 0]], None, "5 components"),
        ([[1, 0, 0, 0, 0]], loyalty.Weights(0, 0, 0, 0, 0), "not all zero"),
    ],
)
def test_bad_components_are_refused(rows, weights, message):
    with pytest.raises(ValueError, match=message):
        loyalty.score(rows, weights)


def test_best_loyalty_and_contribution_give_the_first_tier():
    """Covers: ANA-05"""
    found = tier.tiers([1, 2, 3, 4, 5, NAN], [10, 20, 30, 40, 50, 60])
    assert found.tolist() == [5, 4, 3, 2, 1, tier.NO_TIER]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-9, 9)), min_size=1))
def test_more_loyalty_and_value_never_mean_less_service(rows):
    found = tier.tiers(*zip(*rows, strict=True))
    for (loyal, money), own in zip(rows, found, strict=True):
        for (other_loyal, other_money), other in zip(rows, found, strict=True):
            if loyal >= other_loyal and money >= other_money:
                assert own <= other


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        (((1,) * 5,) * 4, "five rows"),
        (((0,) * 5,) * 5, "from 1 to 5"),
        (((1, 2, 2, 2, 2),) * 5, "better quintile"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(grid, message):
    with pytest.raises(ValueError, match=message):
        tier.tiers([1], [1], grid)
