"""Association rules against a brute-force count."""

import tracemalloc
from itertools import combinations
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import advice, association_counts
from odoo.addons.crm_analytics.tools import association_rules as ar

baskets = st.lists(
    st.sets(st.integers(0, 7), min_size=1, max_size=6), min_size=1, max_size=30
)
EVERY = ar.Limits(0.0, 0.0, 0.0)


def lines(sets):
    rows = [(number, item) for number, items in enumerate(sets) for item in items]
    return [row[0] for row in rows], [row[1] for row in rows]


def brute_force(sets, limits):
    """Every rule by counting baskets anew for each."""
    n, found = len(sets), {}
    items = sorted(set().union(*sets))
    for size in (1, 2):
        for left in combinations(items, size):
            for right in items:
                both = sum({*left, right} <= basket for basket in sets)
                if right in left or not both or both < limits.support * n - 1e-9:
                    continue
                have = sum(set(left) <= basket for basket in sets)
                goods = sum(right in basket for basket in sets)
                confidence, lift = both / have, both * n / have / goods
                if confidence >= limits.confidence and lift >= limits.lift - 1e-12:
                    leverage = both / n - have * goods / n**2
                    found[left, right] = (
                        both,
                        have,
                        goods,
                        both / n,
                        confidence,
                        lift,
                        leverage,
                    )
    return found


@given(baskets, st.sampled_from([EVERY, ar.Limits(0.1, 0.5, 1.0), ar.Limits()]))
def test_rules_equal_those_counted_by_brute_force(sets, limits):
    """Covers: ANA-09"""
    found = ar.rules(ar.count(*lines(sets)), limits, *lines(sets))
    rows = {(rule.left, rule.right): rule[2:] for rule in found.rows()}
    expected = brute_force(sets, limits)
    assert rows.keys() == expected.keys()
    assert len(rows) == len(found.right)
    for key, values in rows.items():
        assert values == pytest.approx(expected[key])


@given(baskets, st.integers(1, 3))
def test_triples_tallied_in_small_batches_are_those_tallied_at_once(sets, least):
    """Covers: ANA-09"""
    counts = ar.count(*lines(sets))
    frequent = counts.pair_counts >= least
    pairs = counts.first[frequent], counts.second[frequent]
    whole = association_counts.triples(*lines(sets), *pairs, least)
    with patch.object(association_counts, "_PENDING", 1):
        parts = association_counts.triples(*lines(sets), *pairs, least)
    assert [part.tolist() for part in parts] == [part.tolist() for part in whole]


def test_triples_need_memory_for_lines_not_for_each_basket():
    """Covers: ANA-09"""
    number, items = 4_000, 40  # 9,880 triples a basket, 39 million in all
    basket = np.repeat(np.arange(number), items)
    item = np.tile(np.arange(items), number)
    counts = ar.count(basket, item)
    tracemalloc.start()
    found, total = association_counts.triples(
        basket, item, counts.first, counts.second, 2
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(found), set(total.tolist())) == (9_880, {number})
    assert peak < 1 << 27


def test_a_literal_market_basket():
    """Covers: ANA-09"""
    sets = [{1, 2, 3}, {1, 2}, {1, 2, 4}, {1, 3}, {3, 4}]
    rules = {
        (rule.left, rule.right): rule
        for rule in ar.rules(ar.count(*lines(sets)), EVERY, *lines(sets)).rows()
    }
    rule = rules[(1,), 2]
    assert (rule.count, rule.left_count, rule.right_count) == (3, 4, 3)
    assert rule[5:] == pytest.approx((0.6, 0.75, 1.25, 0.12))
    assert rules[(1, 2), 3].confidence == pytest.approx(1 / 3)


@given(baskets, baskets)
def test_counts_are_additive_and_can_be_taken_away_again(old, new):
    """Covers: ANA-09"""
    whole = ar.count(*lines(old + new))
    before, more = ar.count(*lines(old)), ar.count(*lines(new))
    same(ar.add(before, more), whole)
    same(ar.add(whole, more, -1), before)


def same(left, right):
    assert left.baskets == right.baskets
    for a, b in zip(left[1:], right[1:], strict=True):
        assert a.tolist() == b.tolist()


def test_many_items_are_counted_the_same_way_as_few():
    random = np.random.default_rng(3)
    basket, item = random.integers(0, 900, 4_000), random.integers(0, 9_000, 4_000)
    found = ar.count(basket, item)
    small = ar.count(basket, np.searchsorted(found.items, item))
    assert found.items[small.first].tolist() == found.first.tolist()
    assert found.pair_counts.tolist() == small.pair_counts.tolist()
    sets = {}
    for key, good in zip(basket.tolist(), item.tolist(), strict=True):
        sets.setdefault(key, set()).add(good)
    pairs = sum(len(goods) * (len(goods) - 1) // 2 for goods in sets.values())
    assert found.pair_counts.sum() == pairs


def test_an_item_twice_in_a_basket_counts_once():
    counts = ar.count([1, 1, 1], [5, 5, 6])
    assert (counts.item_counts.tolist(), counts.pair_counts.tolist()) == ([1, 1], [1])


def test_more_cannot_leave_than_came():
    with pytest.raises(ValueError, match="more is subtracted"):
        ar.add(ar.count([1], [5]), ar.count([1], [6]), -1)


def test_no_basket_is_refused():
    with pytest.raises(ValueError, match="no basket"):
        ar.rules(ar.count([], []))


def test_advice_names_the_rule_and_skips_what_is_bought_or_not_saleable():
    """Covers: ANA-09"""
    sets = [{1, 2}] * 8 + [{1}] * 3 + [{3, 4}, {1, 4}] + [{5}] * 9
    limits = ar.Limits(0.0, 0.0, 0.0)
    rules = list(ar.rules(ar.count(*lines(sets)), limits, *lines(sets)).rows())
    found = advice.advise(rules, {1})
    assert [(a.item, a.count, a.left_count) for a in found] == [(2, 8, 12), (4, 1, 12)]
    assert found[0].because == (1,)
    assert [a.item for a in advice.advise(rules, {1}, saleable={4})] == [4]
    assert [a.item for a in advice.advise(rules, {1}, margin={4: 0.3})] == [4]
    assert advice.advise(rules, {1, 2, 3, 4, 5}) == ()
