"""The hold-out group: repeatable, fair, in each stratum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_marketing.tools.holdout_draw import draw, share_out

units = st.dictionaries(
    st.integers(1, 10**6), st.sampled_from(["A", "B", "C", None]), max_size=200
).map(lambda strata: list(strata.items()))


@given(units, st.floats(0, 50), st.integers(0, 2**63))
def test_each_stratum_keeps_its_share_up_to_one_unit(found, percent, seed):
    """Covers: MKT-03"""
    held = draw(found, percent, seed)
    assert held <= {key for key, _stratum in found}
    assert len(held) == int(len(found) * percent / 100 + 0.5)
    for stratum in {stratum for _key, stratum in found}:
        keys = {key for key, other in found if other == stratum}
        assert abs(len(held & keys) - len(keys) * percent / 100) < 1


@given(units, st.integers(0, 2**63), st.randoms())
def test_the_draw_does_not_depend_on_the_order(found, seed, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert draw(found, 20, seed) == draw(shuffled, 20, seed)


@given(units, st.integers(0, 2**63))
def test_nobody_is_held_out_of_nothing(found, seed):
    assert draw(found, 0, seed) == frozenset()


def test_another_seed_draws_others():
    found = [(key, "A") for key in range(1000)]
    assert draw(found, 10, 1) == draw(found, 10, 1)
    assert draw(found, 10, 1) != draw(found, 10, 2)


def test_every_unit_is_drawn_about_as_often():
    """100 draws of 20 %: no unit far from 20 (binomial, 6 sigma is 24)."""
    found = [(key, key % 3) for key in range(60)]
    counts = dict.fromkeys(range(60), 0)
    for seed in range(100):
        for key in draw(found, 20, seed):
            counts[key] += 1
    assert sum(counts.values()) == 1200
    assert max(counts.values()) < 44
    assert min(counts.values()) > 0


def test_largest_remainders_get_the_units_left():
    assert share_out({"a": 10, "b": 25, "c": 5}, 10) == {"a": 1, "b": 2, "c": 1} or (
        share_out({"a": 10, "b": 25, "c": 5}, 10) == {"a": 1, "b": 3, "c": 0}
    )
    assert sum(share_out({"a": 7, "b": 8, "c": 15}, 10).values()) == 3


@pytest.mark.parametrize("percent", [-1, 100, 250])
def test_a_share_out_of_range_is_refused(percent):
    with pytest.raises(ValueError, match="share"):
        draw([(1, "A")], percent, 0)


def test_a_unit_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        draw([(1, "A"), (1, "B")], 10, 0)
