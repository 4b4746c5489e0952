"""Ledger of entitlements: grants, expiry, and the sum."""

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools import entitlement as ent
from odoo.addons.crm_service.tools.contract_periods import Rhythm

START = date(2025, 1, 1)


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(ent).attempted
    assert not doctest.testmod(ent).failed


def _grants(as_of, until=None, end=None):
    return ent.due_grants(START, end, Rhythm("quarterly"), 12.0, until, as_of)


def test_a_period_is_granted_when_it_begins():
    assert [g.start for g in _grants(date(2025, 3, 31))] == [START]
    assert [g.start for g in _grants(date(2025, 4, 1))] == [START, date(2025, 4, 1)]


def test_what_is_granted_is_not_granted_again():
    assert _grants(date(2025, 4, 1), until=date(2025, 6, 30)) == []


@pytest.mark.parametrize(
    ("carry", "limit", "expected"),
    [
        ("none", 0, [("expire", -8.0), ("grant", 12.0)]),
        ("limited", 5, [("expire", -3.0), ("grant", 12.0)]),
        ("limited", 10, [("grant", 12.0)]),
        ("all", 0, [("grant", 12.0)]),
    ],
)
def test_the_rest_expires_as_far_as_it_is_not_carried(carry, limit, expected):
    grants = _grants(date(2025, 4, 1), until=date(2025, 3, 31))
    postings = ent.roll(8.0, date(2025, 3, 31), grants, carry, limit)
    assert [(p.kind, p.quantity) for p in postings] == expected


def test_several_periods_at_once_expire_in_order():
    postings = ent.roll(0.0, None, _grants(date(2025, 7, 1)), "none")
    assert [p.kind for p in postings] == [
        "grant",
        "expire",
        "grant",
        "expire",
        "grant",
    ]
    assert ent.balance(p.quantity for p in postings) == 12.0


@given(
    st.sampled_from(["none", "limited", "all"]),
    st.floats(0, 50).map(lambda x: round(x, 2)),
    st.lists(st.tuples(st.integers(0, 200), st.floats(0, 30)), max_size=10),
)
def test_the_balance_is_never_negative_and_bounded_by_the_rule(carry, limit, steps):
    """Covers: SRV-03"""
    today, until, left = START, None, 0.0
    for days, wanted in steps:
        today += timedelta(days=days)
        grants = _grants(today, until)
        for posting in ent.roll(left, until, grants, carry, limit):
            left = ent.balance([left, posting.quantity])
        until = grants[-1].end if grants else until
        covered, billable = ent.split(left, round(wanted, 2))
        assert covered + billable == pytest.approx(round(wanted, 2), abs=1e-3)
        left = ent.balance([left, -covered])
        assert left >= -ent.EPSILON
        if carry != "all":
            keep = limit if carry == "limited" else 0.0
            assert left <= 12.0 + keep + ent.EPSILON


@given(st.lists(st.integers(0, 150), max_size=8))
def test_many_runs_grant_the_same_as_one(gaps):
    today, until, granted = START, None, []
    for gap in gaps:
        today += timedelta(days=gap)
        new = _grants(today, until, end=date(2026, 5, 20))
        granted += new
        until = new[-1].end if new else until
    if gaps:
        assert granted == _grants(today, end=date(2026, 5, 20))
