"""Covers: SAL-15"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools import telesales

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("first", "last", "orders", "interval", "state"),
    [
        (60, 10, 6, 10, "due"),
        (60, 0, 7, 10, "later"),
        (60, 9, 6, 10.2, "soon"),
        (5, 5, 1, None, "once"),
        (5, 5, 3, None, "once"),
    ],
)
def test_products_are_due_by_their_own_rhythm(first, last, orders, interval, state):
    pace = telesales.rhythm(
        TODAY - timedelta(days=first), TODAY - timedelta(days=last), orders, TODAY
    )
    assert (pace.interval, pace.state) == (interval, state)


@given(
    st.integers(0, 400), st.integers(0, 400), st.integers(1, 50), st.integers(0, 400)
)
def test_the_later_it_gets_the_more_it_is_due(ago, span, orders, wait):
    last = TODAY - timedelta(days=ago)
    first = last - timedelta(days=span)
    now = telesales.rhythm(first, last, orders, TODAY)
    then = telesales.rhythm(first, last, orders, TODAY + timedelta(days=wait))
    assert telesales.rank(then, orders) <= telesales.rank(now, orders)
    assert now.due is None or now.due >= last


def test_impossible_histories_are_refused():
    with pytest.raises(ValueError):
        telesales.rhythm(TODAY, TODAY - timedelta(days=1), 2, TODAY)
    with pytest.raises(ValueError):
        telesales.rhythm(TODAY, TODAY, 0, TODAY)
