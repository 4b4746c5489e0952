"""Stages on the cumulative contribution curve."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import lifecycle

START = date(2024, 1, 15)


def test_a_whole_life_passes_the_four_stages_with_dates():
    """Covers: CUS-02"""
    monthly = [-50, 20, 40, 100, 100, 100, 100, 0, 0, 0, 0, 0, 0, -10]
    found = lifecycle.analyse(monthly, START)
    assert found.stages == (
        *("discovery",) * 2,
        *("growth",) * 6,  # smoothed 73 at its peak of 76.7
        *("growth",) * 1,
        *("transfer",) * 3,
        "termination",
        "termination",
    )
    assert found.stage == "termination"
    assert found.t1 == date(2024, 3, 1)
    assert found.t2 == date(2024, 10, 1)
    assert found.t3 == found.since == date(2025, 1, 1)
    assert found.cumulative[-1] == 400


def test_winning_the_customer_must_be_paid_back_first():
    found = lifecycle.analyse([60, 60], START, acquisition_cost=100)
    assert found.stages == ("discovery", "growth")
    assert lifecycle.analyse([60], START, acquisition_cost=100).t1 is None


def test_a_recovered_customer_grows_again():
    monthly = [100] * 6 + [0] * 3 + [300] * 4
    found = lifecycle.analyse(monthly, START)
    assert "transfer" in found.stages
    assert (found.stage, found.t2, found.t3) == ("growth", None, None)


def test_a_dormant_customer_is_at_its_end():
    found = lifecycle.analyse([100] * 6, START, dormant_since=date(2024, 5, 31))
    assert (found.stage, found.since) == ("termination", date(2024, 5, 1))


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=40), st.integers(0, 200))
def test_the_present_stage_follows_its_definition(monthly, cost):
    found = lifecycle.analyse(monthly, START, cost)
    assert len(found.stages) == len(monthly)
    recent = np.mean(monthly[-6:])
    assert found.smoothed[-1] == pytest.approx(recent)
    if max(np.cumsum(monthly)) <= cost:
        assert found.stage == "discovery"
    elif found.smoothed[-1] <= 0:
        assert found.stage == "termination"
    else:
        declined = found.smoothed[-1] < 0.7 * max(found.smoothed)
        assert found.stage == ("transfer" if declined else "growth")


@given(
    st.lists(st.integers(-100, 100), min_size=1, max_size=30),
    st.integers(0, 200),
)
def test_a_month_that_begins_changes_nothing(monthly, cost):
    """Covers: CUS-02"""
    before = lifecycle.analyse(monthly, START, cost)
    after = lifecycle.analyse([*monthly, 0], START, cost, elapsed=1e-9)
    assert after.smoothed[-1] == pytest.approx(before.smoothed[-1], abs=1e-5)
    assert after.cumulative[-1] == before.cumulative[-1]


def test_an_even_buyer_stays_on_the_first_of_a_month():
    """Covers: CUS-02"""
    for day in range(1, 31):
        found = lifecycle.analyse(
            [100] * 12 + [100 * day / 30], START, elapsed=day / 30
        )
        assert found.stage == "growth"
        assert found.smoothed[-1] == pytest.approx(100)
    # the same as a whole month would be a fall by a sixth
    assert lifecycle.smooth([100] * 12 + [0])[-1] == pytest.approx(500 / 6)
    few = lifecycle.analyse([100, 0], START, elapsed=1 / 30)
    assert few.stage == "growth", "the second month of a new customer has just begun"


def test_the_curve_begins_with_what_winning_cost():
    found = lifecycle.analyse([60, 60], START, acquisition_cost=100)
    assert found.cumulative.tolist() == [-40, 20]
    assert found.t1 == date(2024, 2, 1)


@pytest.mark.parametrize("monthly", [[], [1, float("nan")]])
def test_missing_months_are_refused(monthly):
    with pytest.raises(ValueError, match="month"):
        lifecycle.analyse(monthly, START)
