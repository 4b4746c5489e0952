"""Bounds of the windows, and the features put together from the kernels."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import features, lifecycle, months
from odoo.addons.crm_analytics.tools.windows import windows

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, DAYS, DAYS, st.integers(1, 24))
def test_only_documents_in_a_shifted_interval_change_side(before, after, day, months):
    """Covers: ANA-01. What no bound passed lies in the same windows at both dates."""
    first, second = windows(before, months), windows(after, months)
    passed = any(low < day <= high for low, high in second.shifted_since(first))
    if not passed:
        sides = [[day > bound for bound in w[:8]] for w in (first, second)]
        assert sides[0] == sides[1]


@given(DAYS, st.integers(1, 36))
def test_the_calendar_months_of_a_window_at_a_month_end_are_the_window(day, months):
    """Covers: ANA-03"""
    end = day.replace(day=1) - timedelta(days=1)
    window = windows(end, months)
    assert window.months == months
    last_before = window.start_month - timedelta(days=1)
    assert last_before.month == window.start.month
    assert last_before.year == window.start.year


@pytest.mark.parametrize("months", [3, 6, 12, 24])
def test_before_the_window_are_twelve_months_however_long_it_is(months):
    """Covers: ANA-04"""
    window = windows(date(2026, 6, 30), months)
    first, before = window.start_month, window.previous_month
    assert (first.year - before.year, first.month, first.day) == (1, before.month, 1)


def test_a_window_needs_a_month():
    with pytest.raises(ValueError, match="at least one month"):
        windows(date(2026, 1, 1), 0)


def _facts(count, **changes):
    usual = dict.fromkeys(features.Facts._fields, np.zeros(count)) | {
        "age": np.full(count, 700.0),
        "recency": np.full(count, 30.0),
        "cadence": np.full(count, 30.0),
        "active_months": np.full(count, 12.0),
        "monthly": np.full((count, 12), 100.0),
        "half": np.full(count, 600.0),
        "half_before": np.full(count, 600.0),
        "purchase_days": np.full(count, 24.0),
        "contribution": np.full(count, 1200.0),
        "contribution_half": np.full(count, 600.0),
        "contribution_total": np.full(count, 2400.0),
        "breadth": np.full(count, np.nan),
        "rating": np.full(count, np.nan),
        "commitment": np.full(count, np.nan),
    }
    return features.Facts(**(usual | changes))


def test_a_customer_that_never_bought_has_neither_loyalty_nor_risk():
    """Covers: ANA-08"""
    age = np.array([np.nan, 700.0])
    recency, purchases = np.array([np.nan, 30.0]), np.array([0.0, 24.0])
    result = features.compute(
        _facts(2, age=age, recency=recency, purchase_days=purchases), features.Policy()
    )
    assert np.isnan(result.loyalty[0]) and np.isnan(result.risk[0])
    assert result.loyalty[1] > 0


def test_components_without_data_are_left_out():
    """Covers: ANA-08"""
    result = features.compute(_facts(1), features.Policy())
    assert set(result.parts(slice(1))[0]) == {"continuity", "tenure"}


def test_a_late_customer_is_more_at_risk_and_told_why():
    """Covers: ANA-02"""
    result = features.compute(
        _facts(2, recency=np.array([30.0, 240.0])), features.Policy()
    )
    assert result.risk[1] > result.risk[0]
    assert result.reasons(slice(2))[1][0][0] == "overdue"


def test_few_customers_get_no_model():
    """Covers: ANA-07"""
    result = features.compute(_facts(3), features.Policy())
    assert np.isnan(result.p_active).all()
    assert "not enough history" in result.models["refused"]
    assert (result.value > 0).all()


def test_a_customer_that_stopped_long_ago_is_at_the_end_of_its_life():
    """Covers: CUS-02"""
    first, now = 2022 * 12, 2026 * 12 + 5
    contributions = np.array([(0, first + month, 100.0) for month in range(13)])
    found, since = features.stages(
        contributions, np.array([first, np.nan]), np.array([2025 * 12, np.nan]), now
    )
    assert found == ["termination", None]
    assert since == [date(2023, 7, 1), None]  # half a year after the last purchase


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(-100, 100), min_size=1, max_size=30),
            st.integers(0, 40),
            st.integers(0, 90),
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 30),
)
def test_stages_of_many_are_those_of_each(customers, day):
    """Covers: CUS-02"""
    now = 2026 * 12 + 5
    rows, first, dormant = [], [], []
    for index, (monthly, rest, winning) in enumerate(customers):
        first.append(now - len(monthly) + 1)
        dormant.append(first[-1] + rest if rest < len(monthly) else np.nan)
        rows += [(index, first[-1] + i, value) for i, value in enumerate(monthly)]
        rows += [(index, first[-1] - i, -winning / 2) for i in (1, 5)]
    stages, since = features.stages(
        np.array(rows, dtype=float),
        np.array(first, dtype=float),
        np.array(dormant),
        now,
        day / 30,
    )
    for index, (monthly, rest, winning) in enumerate(customers):
        one = lifecycle.analyse(
            monthly,
            months.first_day(first[index]),
            winning,
            elapsed=day / 30,
            dormant_since=months.first_day(first[index] + rest)
            if rest < len(monthly)
            else None,
        )
        assert (stages[index], since[index]) == (one.stage, one.since)
