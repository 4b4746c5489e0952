"""Scores, cells and named groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import rfm

NAN = float("nan")
customers = st.lists(
    st.tuples(
        st.one_of(st.just(NAN), st.integers(0, 900).map(float)),
        st.integers(0, 30),
        st.integers(-1_000, 1_000).map(float),
    ),
    min_size=1,
    max_size=60,
)


def test_quintiles_of_ten_distinct_customers_hold_two_each():
    """Covers: ANA-01"""
    scores = rfm.score_quintile(range(10), range(10), range(10))
    assert scores.recency.tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert scores.frequency.tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert scores.cell.tolist()[0] == 511


def test_fixed_limits_belong_to_the_better_score():
    """Covers: ANA-01"""
    cuts = rfm.Cuts((30, 60, 120, 240), (2, 3, 6, 12), (10, 20, 30, 40))
    scores = rfm.score_fixed(
        [0, 30, 31, 240, 241, NAN], [0, 1, 2, 11, 12, 0], [-5, 9, 10, 20, 40, 0], cuts
    )
    assert scores.recency.tolist() == [5, 5, 4, 2, 1, 1]
    assert scores.frequency.tolist() == [1, 1, 2, 4, 5, 1]
    assert scores.monetary.tolist() == [1, 1, 2, 3, 5, 1]


@given(customers)
def test_equal_values_get_equal_scores_and_better_ones_never_less(rows):
    recency, frequency, monetary = zip(*rows, strict=True)
    scores = rfm.score_quintile(recency, frequency, monetary)
    freshness = [-(1e9 if day != day else day) for day in recency]
    for values, found in zip((freshness, frequency, monetary), scores[:3], strict=True):
        assert found.min() == 1 and found.max() <= 5
        order = np.argsort(values, kind="stable")
        for low, high in zip(order, order[1:], strict=False):
            assert found[low] <= found[high]
            if values[low] == values[high]:
                assert found[low] == found[high]


@given(customers)
def test_the_limits_returned_give_the_same_scores(rows):
    quintile = rfm.score_quintile(*zip(*rows, strict=True))
    fixed = rfm.score_fixed(*zip(*rows, strict=True), quintile.cuts)
    assert quintile.cell.tolist() == fixed.cell.tolist()


def test_ten_groups_cover_each_of_the_125_cells_once():
    """Covers: ANA-01"""
    found = rfm.group_by_cell()
    assert len(found) == 125
    assert len(rfm.GROUP_CODES) == 10
    assert set(found.values()) == set(rfm.GROUP_CODES)
    expected = {555: "champions", 155: "cannot_lose", 111: "hibernating", 511: "new"}
    assert {cell: found[cell] for cell in expected} == expected
    assert rfm.groups_of([555, 111]) == ["champions", "hibernating"]


def test_overlapping_and_missing_groups_are_named():
    whole = rfm.Group("all", (1, 5), (1, 5), (1, 5))
    with pytest.raises(ValueError, match="cell 555 lies in all and in top"):
        rfm.group_by_cell((whole, rfm.Group("top", (5, 5), (5, 5), (5, 5))))
    with pytest.raises(ValueError, match=r"no group covers .*\[111"):
        rfm.group_by_cell((rfm.Group("some", (2, 5), (1, 5), (1, 5)),))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1], [1, 2], [1]), "differ in length"),
        (([1], [NAN], [1]), "must be numbers"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        rfm.score_quintile(*arguments)


def test_limits_that_do_not_ascend_are_refused():
    with pytest.raises(ValueError, match="must ascend"):
        rfm.score_fixed([1], [1], [1], rfm.Cuts((60, 30, 120, 240)))
