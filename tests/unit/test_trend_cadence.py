"""Trend and cadence."""

from itertools import combinations
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from odoo.addons.crm_analytics.tools import cadence, trend


def test_a_straight_line_has_its_slope_over_its_mean():
    """Covers: ANA-02"""
    line = [100 + 10 * month for month in range(12)]
    assert trend.slope_over_level(line) == pytest.approx([10 / 155])


def test_one_exceptional_invoice_does_not_make_a_trend():
    months = [100.0] * 12
    months[11] = 50_000
    assert trend.slope_over_level(months) == [0]


@given(st.lists(st.lists(st.integers(0, 999), min_size=12, max_size=12), min_size=1))
def test_slopes_equal_those_of_scipy(table):
    found = trend.slope_over_level(table)
    for row, slope in zip(table, found, strict=True):
        if sum(row):
            expected = theilslopes(row).slope / np.mean(row)
            assert slope == pytest.approx(expected)
        else:
            assert np.isnan(slope)


def test_season_compares_with_the_same_half_year_before():
    change = trend.season_change([130, 50, 0, 10], [100, 100, 10, -5])
    assert change[:3] == pytest.approx([0.3, -0.5, -1])
    assert np.isnan(change[3])


@pytest.mark.parametrize("months", [[1], [1, float("nan")]])
def test_too_few_or_missing_months_are_refused(months):
    with pytest.raises(ValueError, match="month"):
        trend.slope_over_level(months)


def test_cadence_is_the_median_gap_of_purchase_days():
    """Covers: ANA-02"""
    customer = [7, 7, 7, 7, 3, 7]
    day = [900, 930, 930, 990, 950, 1_000]
    found = cadence.cadences(customer, day, 1_060)
    assert found.customer.tolist() == [3, 7]
    assert found.purchase_days.tolist() == [1, 4]
    assert np.isnan(found.cadence[0]) and found.cadence[1] == 30
    assert found.recency.tolist() == [110, 60]
    assert found.overdue_ratio[1] == 2


purchases = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 1_500)), max_size=60)


@given(purchases)
def test_cadences_agree_with_a_plain_loop(rows):
    as_of, window = 1_500, 731
    keys, days = [key for key, _ in rows], [day for _, day in rows]
    found = cadence.cadences(keys, days, as_of, window)
    assert found.customer.tolist() == sorted(set(keys))
    for index, key in enumerate(found.customer):
        own = sorted({day for other, day in rows if other == key})
        inside = [day for day in own if day > as_of - window]
        gaps = [b - a for a, b in zip(inside, inside[1:], strict=False)]
        assert found.recency[index] == as_of - own[-1]
        assert found.purchase_days[index] == len(inside)
        if gaps:
            assert found.cadence[index] == median(gaps)
        else:
            assert np.isnan(found.cadence[index])


def test_a_purchase_in_the_future_is_refused():
    with pytest.raises(ValueError, match="after the date"):
        cadence.cadences([1], [11], 10)


def test_theil_sen_is_the_median_of_all_pairs():
    row = [3.0, 8.0, 1.0, 9.0]
    slopes = [(row[b] - row[a]) / (b - a) for a, b in combinations(range(4), 2)]
    assert trend.slope_over_level(row) == pytest.approx([median(slopes) / np.mean(row)])
