"""Due dates of preventive maintenance: calendar, counter, suspension."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools.maintenance import (
    Due,
    Past,
    Reading,
    Rhythm,
    accumulate,
    daily_use,
    next_due,
    reach,
    settle,
)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
months = st.integers(1, 60)


@given(days, months, st.integers(1, 40))
def test_the_calendar_gives_each_date_of_the_grid_once_and_in_order(start, step, many):
    """Covers: SRV-06"""
    past, found = Past(), []
    for _number in range(many):
        due = next_due(Rhythm(start, months=step), past)
        found.append(due.day)
        past = Past(last_due=due.day)
    assert found == [start + relativedelta(months=step * k) for k in range(many)]


@given(days, months, days)
def test_after_any_day_comes_the_first_grid_date_later(start, step, last):
    due = next_due(Rhythm(start, months=step), Past(last_due=last)).day
    grid = (start + relativedelta(months=step * k) for k in range(5000))
    assert due == next(day for day in grid if day > last or last < start)


@given(days, months, days)
def test_from_done_waits_for_the_service_and_counts_from_it(start, step, done):
    rhythm = Rhythm(start, months=step, from_done=True)
    assert next_due(rhythm).day == start
    assert next_due(rhythm, Past(start, is_open=True)) is None
    expected = done + relativedelta(months=step)
    assert next_due(rhythm, Past(start, done)).day == expected


def test_the_counter_is_forecast_from_its_use():
    """Covers: SRV-06"""
    readings = [Reading(date(2026, 1, 1), 100), Reading(date(2026, 1, 31), 400)]
    rhythm = Rhythm(date(2026, 1, 1), units=500)
    assert next_due(rhythm, readings=readings) == Due(date(2026, 2, 10), True)


def test_the_counter_begins_anew_after_a_service():
    readings = [
        Reading(date(2026, 1, 1), 0),
        Reading(date(2026, 3, 1), 590),
        Reading(date(2026, 3, 11), 690),
    ]
    rhythm = Rhythm(date(2026, 1, 1), units=500)
    past = Past(date(2026, 2, 20), done_on=date(2026, 3, 1))
    due = next_due(rhythm, past, readings).day
    assert due == reach(readings, 590 + 500)
    assert due > date(2026, 3, 11)


def test_an_open_service_by_counter_is_not_made_twice():
    readings = [Reading(date(2026, 1, 1), 0), Reading(date(2026, 3, 1), 5000)]
    rhythm = Rhythm(date(2026, 1, 1), units=500)
    assert next_due(rhythm, Past(date(2026, 3, 1), is_open=True), readings) is None


def test_what_comes_first_is_due():
    rhythm = Rhythm(date(2026, 6, 1), months=6, units=500)
    quick = [Reading(date(2026, 1, 1), 0), Reading(date(2026, 2, 1), 400)]
    slow = [Reading(date(2026, 1, 1), 0), Reading(date(2026, 2, 1), 4)]
    assert next_due(rhythm, readings=quick).by_counter
    assert next_due(rhythm, readings=slow) == Due(date(2026, 6, 1), False)


@pytest.mark.parametrize(
    "readings",
    [
        [],
        [Reading(date(2026, 1, 1), 40)],
        [Reading(date(2026, 1, 1), 40), Reading(date(2026, 5, 1), 40)],
        [Reading(date(2026, 1, 1), 40), Reading(date(2026, 5, 1), 40.001)],
    ],
)
def test_without_use_there_is_no_forecast(readings):
    assert next_due(Rhythm(date(2026, 1, 1), units=500), readings=readings) is None


def test_old_readings_do_not_blur_the_use_of_today():
    readings = [
        Reading(date(2020, 1, 1), 0),
        Reading(date(2026, 1, 1), 100),
        Reading(date(2026, 1, 11), 200),
    ]
    assert daily_use(readings) == 10


@given(st.lists(st.tuples(days, st.floats(0, 1e6), st.booleans()), max_size=20))
def test_a_replaced_counter_never_runs_backwards_at_its_replacement(rows):
    readings = [Reading(*row) for row in rows]
    found = accumulate(readings)
    assert [r.day for r in found] == sorted(r.day for r in readings)
    ordered = sorted(readings, key=lambda r: (r.day, r.replaced, r.value))
    for before, after, reading in zip(found, found[1:], ordered[1:], strict=False):
        if reading.replaced:
            assert after.value >= before.value


@pytest.mark.parametrize("rhythm", [{"months": 0}, {"months": -1}, {"units": 0.0}])
def test_an_interval_is_positive(rhythm):
    with pytest.raises(ValueError, match="positive"):
        next_due(Rhythm(date(2026, 1, 1), **rhythm))


@given(days, days, st.integers(0, 90))
def test_a_service_is_made_from_its_lead_time_on(day, today, lead):
    found = settle(day, today, lead, suspended=False)
    assert (found == "make") == (today >= day - timedelta(days=lead))


@given(days, days, st.integers(0, 90))
def test_a_suspended_service_is_skipped_when_its_day_has_come(day, today, lead):
    found = settle(day, today, lead, suspended=True)
    assert found == ("skip" if day <= today else "wait")
