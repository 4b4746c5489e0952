"""When preventive maintenance is due: by the calendar, by a counter, or what is first.

By the calendar, due dates are ``start`` plus ``k`` intervals, always counted from the
start, so that a plan of the 31st does not slide to the 28th. Or, with ``from_done``,
one interval after the last service was done; while one is open nothing new is due.

By a counter (hours, kilometres, cycles), the next service is due when the counter has
run one interval since the last service. The day is told by the readings: the first that
reached the value, else the straight line through the first and the last reading of the
last year prolonged. Without two readings there is no forecast.

Dates are ``datetime.date`` and inclusive, counters non-negative numbers. Nothing here
reads a clock. ``ValueError`` for an interval that is not positive.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

#: Readings older than this say nothing about how much a machine runs today.
FORECAST_DAYS = 365
#: A machine that hardly runs is not forecast beyond this.
HORIZON_DAYS = 3650


class Rhythm(NamedTuple):
    """How often: every ``months``, every ``units`` of the counter, or both."""

    start: date
    months: int | None = None
    units: float | None = None
    from_done: bool = False
    start_value: float = 0.0


class Reading(NamedTuple):
    """What a counter showed; ``replaced``: a new counter that began at zero."""

    day: date
    value: float
    replaced: bool = False


class Past(NamedTuple):
    """Last due date, day of the last service done, and whether one is open."""

    last_due: date | None = None
    done_on: date | None = None
    is_open: bool = False


NOTHING_YET = Past()


class Due(NamedTuple):
    day: date
    by_counter: bool


def accumulate(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings in order of day as if the counter had never been replaced.

    >>> jan, feb, mar = (date(2026, month, 1) for month in (1, 2, 3))
    >>> found = accumulate([Reading(jan, 900), Reading(feb, 5, True), Reading(mar, 30)])
    >>> [reading.value for reading in found]
    [900, 905, 930]
    """
    total, last, result = 0.0, 0.0, []
    for reading in sorted(readings, key=lambda r: (r.day, r.replaced, r.value)):
        if reading.replaced:
            total += last
        last = reading.value
        result.append(Reading(reading.day, total + last))
    return result


def value_on(readings: Sequence[Reading], day: date) -> float | None:
    """Return what the (accumulated) counter showed last on ``day`` or before."""
    values = [reading.value for reading in readings if reading.day <= day]
    return values[-1] if values else None


def daily_use(readings: Sequence[Reading]) -> float | None:
    """Return units per day over the readings of the last year; None if unknown."""
    recent = [
        reading
        for reading in readings
        if (readings[-1].day - reading.day).days <= FORECAST_DAYS
    ]
    days = (recent[-1].day - recent[0].day).days if recent else 0
    return (recent[-1].value - recent[0].value) / days if days else None


def reach(readings: Sequence[Reading], value: float) -> date | None:
    """Return the day the (accumulated) counter reached or will reach ``value``.

    >>> use = [Reading(date(2026, 1, 1), 0), Reading(date(2026, 1, 11), 100)]
    >>> reach(use, 100), reach(use, 150)
    (datetime.date(2026, 1, 11), datetime.date(2026, 1, 16))
    """
    for reading in readings:
        if reading.value >= value:
            return reading.day
    use = daily_use(readings)
    if not use or use <= 0:
        return None
    days = ceil((value - readings[-1].value) / use)
    return readings[-1].day + timedelta(days=days) if days <= HORIZON_DAYS else None


def next_by_calendar(rhythm: Rhythm, past: Past) -> date | None:
    """Return the next due date of the calendar; None while ``from_done`` waits."""
    if rhythm.from_done and past.last_due:
        if past.is_open:
            return None
        since = past.done_on or past.last_due
        return since + relativedelta(months=rhythm.months)
    if not past.last_due or past.last_due < rhythm.start:
        return rhythm.start
    passed = relativedelta(past.last_due, rhythm.start)
    step = (passed.years * 12 + passed.months) // rhythm.months
    while True:
        day = rhythm.start + relativedelta(months=step * rhythm.months)
        if day > past.last_due:
            return day
        step += 1


def next_by_counter(
    rhythm: Rhythm, past: Past, readings: Sequence[Reading]
) -> date | None:
    """Return the day on which the counter makes the next service due."""
    if past.is_open:
        return None
    readings = accumulate(readings)
    base = rhythm.start_value
    served = past.done_on or past.last_due
    if served:
        before = value_on(readings, served)
        base = base if before is None else max(base, before)
    day = reach(readings, base + rhythm.units)
    if day and past.last_due and day <= past.last_due:
        # reached again on the day of the last one: not earlier than the day after
        return past.last_due + timedelta(days=1)
    return day


def next_due(
    rhythm: Rhythm, past: Past = NOTHING_YET, readings: Sequence[Reading] = ()
) -> Due | None:
    """Return what is due next, or None if nothing can be said.

    >>> next_due(Rhythm(date(2026, 1, 31), months=1), Past(date(2026, 1, 31)))
    Due(day=datetime.date(2026, 2, 28), by_counter=False)
    """
    if rhythm.months is not None and rhythm.months <= 0:
        raise ValueError("an interval in months is positive")
    if rhythm.units is not None and rhythm.units <= 0:
        raise ValueError("an interval of the counter is positive")
    found = []
    if rhythm.months:
        day = next_by_calendar(rhythm, past)
        found += [Due(day, False)] if day else []
    if rhythm.units:
        day = next_by_counter(rhythm, past, readings)
        found += [Due(day, True)] if day else []
    return min(found, default=None)


def settle(day: date, today: date, lead: int, *, suspended: bool) -> str:
    """Say what to do about what is due on ``day``, ``lead`` days ahead.

    ``make`` it, ``wait``, or ``skip`` it for good. What falls into a suspension is not
    made, and skipped only when its day has come: until then the suspension may end.
    """
    if day - timedelta(days=lead) > today:
        return "wait"
    if suspended:
        return "skip" if day <= today else "wait"
    return "make"
