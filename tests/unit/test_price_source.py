"""Covers: SAL-14"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools.price_source import price_source

prices = st.floats(0.01, 1e6)


@pytest.mark.parametrize(
    ("unit", "discount", "agreed", "listed", "frame", "has_rule", "expected"),
    [
        (88, 0, 88, 100, None, True, "pricelist"),
        (100, 12, 88, 100, None, True, "pricelist"),
        (100, 0, 100, 100, None, False, "list"),
        (100, 0, 88, 100, None, True, "list"),
        (95, 0, 88, 100, None, True, "manual"),
        (71.25, 0, 88, 100, 71.25, True, "frame"),
        (88, 0, 88, 100, 71.25, True, "pricelist"),
        (88.004, 0, 88, 100, None, True, "pricelist"),
        (88.02, 0, 88, 100, None, True, "manual"),
        (100, 12.02, 88, 100, None, True, "manual"),
        (0, 0, 88, 100, None, True, "manual"),
        (0, 0, 0, 0, None, False, "list"),
    ],
)
def test_the_source_of_a_price(
    unit, discount, agreed, listed, frame, has_rule, expected
):
    source = price_source(unit, discount, agreed, listed, frame, has_rule)
    assert source == expected


@given(prices, prices, st.booleans())
def test_the_agreed_price_is_never_called_manual(agreed, listed, has_rule):
    expected = "pricelist" if has_rule else "list"
    assert price_source(agreed, 0, agreed, listed, None, has_rule) == expected


@given(prices, prices, st.floats(0.01, 99))
def test_a_discount_rounded_to_two_digits_keeps_its_source(unit, listed, discount):
    agreed = unit * (1 - discount / 100)
    source = price_source(unit, round(discount, 2), agreed, listed, None, True)
    assert source == "pricelist"


@given(prices, prices)
def test_a_price_off_all_others_was_entered_by_hand(agreed, listed):
    assert price_source(agreed + listed + 1, 0, agreed, listed, None, True) == "manual"
