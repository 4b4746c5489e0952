"""Blocks are chosen by class x season x product x industry, in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_marketing.tools.content_rules import (
    Block,
    Recipient,
    choose,
    fits,
    in_season,
)

months = st.integers(1, 12)
sets = st.frozensets(st.integers(1, 5), max_size=3)
classes = st.sampled_from(["growth", "new", "dormant"])
recipients = st.builds(
    Recipient,
    value_class=st.none() | classes,
    industry=st.none() | st.integers(1, 5),
    products=sets,
    categories=sets,
    has_offer=st.booleans(),
)


@st.composite
def blocks(draw):
    found = []
    for key in range(draw(st.integers(0, 6))):
        season = draw(st.booleans())
        found.append(
            Block(
                key,
                classes=draw(st.frozensets(classes, max_size=2)),
                industries=draw(sets),
                products=draw(sets),
                categories=draw(sets),
                month_from=draw(months) if season else None,
                month_to=draw(months) if season else None,
                needs_offer=draw(st.booleans()),
                fallback=draw(st.booleans()),
            )
        )
    return found


@given(blocks(), recipients, months, st.integers(1, 4))
def test_what_is_chosen_fits_and_keeps_the_order(found, recipient, month, most):
    """Covers: MKT-04"""
    chosen = choose(found, recipient, month, most)
    assert chosen == sorted(chosen)
    assert len(chosen) <= most
    by_key = {block.key: block for block in found}
    assert all(fits(by_key[key], recipient, month) for key in chosen)


@given(blocks(), recipients, months, st.integers(1, 4))
def test_a_fallback_stands_alone_and_only_where_nothing_else_fits(
    found, recipient, month, most
):
    """Covers: MKT-04"""
    chosen = choose(found, recipient, month, most)
    fallbacks = {block.key for block in found if block.fallback}
    others = [b for b in found if not b.fallback and fits(b, recipient, month)]
    if others:
        assert not fallbacks.intersection(chosen)
        assert chosen == [block.key for block in others][:most]
    else:
        assert len(chosen) <= 1
        assert set(chosen) <= fallbacks


@given(months, months)
def test_a_season_and_the_rest_of_the_year_part_the_months(first, last):
    inside = [month for month in range(1, 13) if in_season(month, first, last)]
    assert len(inside) == (last - first) % 12 + 1
    assert first in inside
    assert last in inside


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Block(1), True),
        (Block(1, classes=frozenset({"growth"})), True),
        (Block(1, classes=frozenset({"new"})), False),
        (Block(1, industries=frozenset({7})), True),
        (Block(1, industries=frozenset({8})), False),
        (Block(1, products=frozenset({3})), True),
        (Block(1, products=frozenset({4}), categories=frozenset({9})), True),
        (Block(1, products=frozenset({4})), False),
        (Block(1, month_from=11, month_to=2), True),
        (Block(1, month_from=5, month_to=9), False),
        (Block(1, needs_offer=True), False),
    ],
)
def test_all_that_a_block_asks_for_must_hold(block, expected):
    """Covers: MKT-04"""
    recipient = Recipient("growth", 7, frozenset({3}), frozenset({9}))
    assert fits(block, recipient, 1) is expected


def test_no_month_and_no_room_are_refused():
    with pytest.raises(ValueError, match="month"):
        choose([], Recipient(), 13, 1)
    with pytest.raises(ValueError, match="one block"):
        choose([], Recipient(), 1, 0)
