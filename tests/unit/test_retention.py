"""Leaking bucket, revenue bridge, cohorts and class moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import cohorts, retention

AS_OF = 2_000
purchases = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, AS_OF)), min_size=1, max_size=60
)


def found(rows):
    return retention.spells([r[0] for r in rows], [r[1] for r in rows], AS_OF)


def test_lost_after_twice_the_own_cadence_but_not_before_half_a_year():
    """Covers: ANA-10"""
    monthly = [(1, day) for day in (0, 30, 60, 90)]
    yearly = [(2, day) for day in (0, 300, 600)]
    once = [(3, 1_900)]
    spells = found(monthly + yearly + once)
    assert spells.customer.tolist() == [1, 2, 2, 3]
    # A cadence is not known before the second purchase: half a year decides until then.
    assert spells.lost.tolist()[:3] == [90 + 183, 0 + 183, 600 + 600]
    assert spells.lost[3] > AS_OF


def test_a_customer_who_comes_back_is_regained():
    """Covers: ANA-10"""
    spells = found([(1, 0), (1, 20), (1, 900)])
    assert spells.start.tolist() == [0, 900]
    assert spells.lost.tolist() == [203, 900 + 183]
    assert spells.first.tolist() == [True, False]
    bridge = retention.bridge(spells, [0, 100, 300, 1_000, 1_100])
    assert bridge.opening.tolist() == [0, 1, 0, 1]
    assert bridge.gained.tolist() == [1, 0, 0, 0]
    assert bridge.regained.tolist() == [0, 0, 1, 0]
    assert bridge.lost.tolist() == [0, 1, 0, 1]
    assert bridge.closing.tolist() == [1, 0, 1, 0]
    assert retention.members(spells, 300, 1_000).regained.tolist() == [1]


@given(purchases, st.sets(st.integers(-10, AS_OF), min_size=2, max_size=8))
def test_every_period_closes_with_the_customers_then_active(rows, borders):
    """Covers: ANA-10"""
    spells, edges = found(rows), sorted(borders)
    bridge = retention.bridge(spells, edges)
    for index, (begin, end) in enumerate(zip(edges, edges[1:], strict=False)):
        opening, gained, regained, lost, closing = (row[index] for row in bridge)
        assert opening + gained + regained - lost == closing
        active = {
            int(key)
            for key, start, until in zip(*spells[:3], strict=True)
            if start < end <= until
        }
        assert closing == len(active)
        members = retention.members(spells, begin, end)
        assert (gained, regained, lost) == tuple(len(part) for part in members)
        if index:
            assert opening == bridge.closing[index - 1]


@given(purchases)
def test_each_customer_is_gained_once_and_each_purchase_lies_in_a_spell(rows):
    spells = found(rows)
    assert spells.customer[spells.first].tolist() == sorted({key for key, _ in rows})
    for key, day in rows:
        own = spells.customer == key
        inside = (spells.start[own] <= day) & (day < spells.lost[own])
        assert inside.sum() == 1


def test_the_revenue_bridge_of_six_customers():
    """Covers: ANA-10"""
    bridge = retention.revenue_bridge(
        [100, 200, 300, 0, 0, 0], [150, 120, -10, 80, 60, -5], [1, 1, 1, 0, 1, 1]
    )
    assert bridge[:8] == (600, 80, 60, 50, 80, 310, -5, 395)
    assert bridge.gross == pytest.approx(210 / 600)
    assert bridge.net == pytest.approx(260 / 600)


cents = st.integers(-5_000, 50_000).map(lambda value: value / 100)


@given(st.lists(st.tuples(cents, cents, st.booleans()), max_size=30))
def test_the_revenue_bridge_closes_to_the_cent(rows):
    bridge = retention.revenue_bridge(*(zip(*rows, strict=True) if rows else ((),) * 3))
    opening, gained, regained, expansion, contraction, lost, rest, closing = bridge[:8]
    moved = gained + regained + expansion - contraction - lost + rest
    assert opening + moved == pytest.approx(closing, abs=0.005)
    assert min(gained, regained, expansion, contraction, lost) >= 0
    if bridge.net is not None:
        assert bridge.gross <= bridge.net


def test_cohorts_by_first_quarter():
    """Covers: ANA-10"""
    table = cohorts.cohorts(
        [1, 1, 2, 3, 3, 4], [10, 11, 10, 11, 12, 12], [5, 7, 3, 2, 9, -4], 12
    )
    assert (table.cohort.tolist(), table.size.tolist()) == ([10, 11], [2, 1])
    assert table.customers[0].tolist() == [2, 1, 0]
    assert table.revenue[0].tolist() == [8, 7, 0]
    assert table.customers[1][:2].tolist() == [1, 1] and np.isnan(table.customers[1][2])
    assert table.retention[0].tolist() == [1, 0.5, 0]


rows = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 9), st.integers(-3, 9)), max_size=40
)


@given(rows)
def test_cohorts_hold_every_buyer_once_and_all_revenue_since(data):
    table = cohorts.cohorts(*(zip(*data, strict=True) if data else ((),) * 3), 9)
    sums = {}
    for key, period, money in data:
        sums[key, period] = sums.get((key, period), 0) + money
    start = {}
    for (key, period), money in sorted(sums.items()):
        if money > 0:
            start[key] = min(period, start.get(key, period))
    assert table.size.sum() == len(start)
    expected = sum(money for (key, p), money in sums.items() if p >= start.get(key, 99))
    assert np.nansum(table.revenue) == pytest.approx(expected)


def test_class_moves_name_their_members():
    """Covers: ANA-10"""
    moves = cohorts.moves(
        {1: "a", 2: "a", 3: "b"}, {1: "a", 2: "b", 4: "b"}, ["a", "b"]
    )
    assert moves.counts.tolist() == [[1, 1, 0], [0, 0, 1], [0, 1, 0]]
    assert moves.members["a", "b"] == (2,)
    assert moves.members["b", None] == (3,) and moves.members[None, "b"] == (4,)
    with pytest.raises(ValueError, match="unknown classes: c"):
        cohorts.moves({1: "c"}, {}, ["a"])


def test_no_customer_makes_empty_bridges():
    spells = retention.spells([], [], AS_OF)
    assert retention.bridge(spells, [0, 10]).closing.tolist() == [0]
    assert retention.revenue_bridge([], [], []).gross is None
    assert cohorts.cohorts([], [], [], 3).customers.shape == (0, 0)


def test_periods_must_ascend_and_purchases_be_past():
    with pytest.raises(ValueError, match="ascending borders"):
        retention.bridge(retention.spells([1], [1], AS_OF), [10, 10])
    with pytest.raises(ValueError, match="after the date"):
        retention.spells([1], [AS_OF + 1], AS_OF)
