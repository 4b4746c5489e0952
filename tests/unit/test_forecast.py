"""The forecast waterfall balances, and names each change rightly."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools import demo_forecast, demo_plan, forecast
from odoo.addons.crm_b2b.tools.forecast import Deal

START, END = datetime.date(2026, 10, 1), datetime.date(2026, 12, 31)
INSIDE, OUTSIDE = datetime.date(2026, 11, 15), datetime.date(2027, 1, 5)

amounts = st.decimals(0, 10**7, places=2)
dates = st.none() | st.dates(datetime.date(2026, 8, 1), datetime.date(2027, 2, 28))
pending = st.builds(Deal, amounts, dates, st.just("pending"))
opened = st.dictionaries(st.integers(0, 30), pending)
later = st.dictionaries(
    st.integers(0, 30),
    st.builds(Deal, amounts, dates, st.sampled_from(["pending", "won", "lost"])),
)


@given(opened, later)
def test_opening_plus_changes_is_closing_to_the_cent(before, after):
    result = forecast.waterfall(before, after, START, END)
    assert result.opening + sum(result.totals().values()) == result.closing


@given(opened, later)
def test_signs_and_sums_are_those_of_the_deals(before, after):
    result = forecast.waterfall(before, after, START, END)
    totals = result.totals()
    assert min(totals["new"], totals["pulled_in"], totals["grown"]) >= 0
    assert max(totals[step] for step in ("shrunk", "slipped", "won", "lost")) <= 0
    assert result.opening == sum(
        d.amount for d in before.values() if d.closing and START <= d.closing <= END
    )


@given(opened)
def test_nothing_changed_is_no_move(deals):
    result = forecast.waterfall(deals, deals, START, END)
    assert result.moves == () and result.opening == result.closing


@given(opened, later, later)
def test_two_weeks_add_up_like_one_step_in_what_is_open(first, second, third):
    one = forecast.waterfall(first, second, START, END)
    opened_then = {k: d for k, d in second.items() if d.status == "pending"}
    two = forecast.waterfall(opened_then, third, START, END)
    assert one.closing == two.opening


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, Deal(Decimal(5), INSIDE), {"new": 5}),
        (Deal(Decimal(5), OUTSIDE), Deal(Decimal(5), INSIDE), {"pulled_in": 5}),
        (Deal(Decimal(5), INSIDE), Deal(Decimal(7), INSIDE), {"grown": 2}),
        (Deal(Decimal(5), INSIDE), Deal(Decimal(4), INSIDE), {"shrunk": -1}),
        (Deal(Decimal(5), INSIDE), Deal(Decimal(9), OUTSIDE), {"slipped": -5}),
        (Deal(Decimal(5), INSIDE), Deal(Decimal(9), None), {"slipped": -5}),
        (Deal(Decimal(5), INSIDE), Deal(Decimal(9), INSIDE, "won"), {"won": -5}),
        (Deal(Decimal(5), INSIDE), Deal(Decimal(5), OUTSIDE, "lost"), {"lost": -5}),
        (Deal(Decimal(5), INSIDE), None, {"lost": -5}),
        (None, Deal(Decimal(5), INSIDE, "won"), {"new": 5, "won": -5}),
        (None, Deal(Decimal(5), OUTSIDE), {}),
        (Deal(Decimal(5), OUTSIDE), Deal(Decimal(8), OUTSIDE), {}),
    ],
)
def test_each_change_has_its_name(before, after, expected):
    result = forecast.waterfall(
        {1: before} if before else {}, {1: after} if after else {}, START, END
    )
    assert {step: value for step, value in result.totals().items() if value} == expected


def test_error_measures_on_known_numbers():
    pairs = [(110, 100), (80, 100), (50, 0)]
    assert forecast.mean_absolute_percentage_error(pairs) == pytest.approx(15)
    assert forecast.bias(pairs) == pytest.approx(20)
    assert forecast.brier([(0.7, True), (0.4, False)]) == pytest.approx(0.125)
    assert forecast.mean_absolute_percentage_error([(1, 0)]) is None
    assert forecast.bias([]) is None and forecast.brier([]) is None


def test_demo_history_never_says_more_than_the_deals_lived():
    today = datetime.date(2026, 11, 20)
    plan = demo_plan.build_plan(today)
    rows = demo_forecast.past_rows(plan.deals, today)
    deals = {deal.key: deal for deal in plan.deals}
    assert len({row.date for row in rows}) == demo_forecast.WEEKS
    assert len({(row.date, row.deal) for row in rows}) == len(rows)
    for row in rows:
        deal = deals[row.deal]
        assert deal.created <= row.date < today
        assert (row.status == "pending") == (
            deal.status == "open" or deal.moved > row.date
        )
    ended = [row.deal for row in rows if row.status != "pending"]
    assert len(ended) == len(set(ended)) > 5
