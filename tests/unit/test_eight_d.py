"""Order, days and states of the eight disciplines."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools import eight_d

DAY = date(2026, 3, 2)
ORDER = ("open", "contained", "analysed", "corrected", "closed")


def test_each_step_is_due_no_earlier_than_the_one_before():
    """Covers: SRV-10"""
    days = eight_d.deadlines(DAY)
    assert list(days) == list(eight_d.CODES)
    assert sorted(days.values()) == list(days.values())
    assert days["D3"] == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (0, "open"),
        (2, "open"),
        (3, "contained"),
        (4, "analysed"),
        (5, "analysed"),
        (6, "corrected"),
        (7, "corrected"),
        (8, "closed"),
    ],
)
def test_the_state_follows_the_steps(number, state):
    """Covers: SRV-10"""
    done = dict.fromkeys(eight_d.CODES[:number], True)
    assert eight_d.state(done) == state


@given(st.sets(st.sampled_from(eight_d.CODES)), st.sampled_from(eight_d.CODES))
def test_a_gap_holds_the_state_back_and_is_named(codes, code):
    """Covers: SRV-10"""
    done = dict.fromkeys(codes, True)
    missing = eight_d.missing_before(code, done)
    assert set(missing) == {c for c in eight_d.CODES if c < code} - codes
    with_one_more = eight_d.state(done | {code: True})
    assert ORDER.index(with_one_more) >= ORDER.index(eight_d.state(done))
    if "D1" not in codes:
        assert eight_d.state(done) == "open"


def test_late_is_what_is_due_before_today_and_open():
    """Covers: SRV-10"""
    steps = [
        ("D1", date(2026, 3, 1), True),
        ("D2", date(2026, 3, 1), False),
        ("D3", DAY, False),
        ("D4", None, False),
    ]
    assert eight_d.late(steps, DAY) == ["D2"]
