"""The clock of services against a counter that looks at every minute."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.crm_service.tools import sla_clock
from odoo.addons.crm_service.tools.sla_clock import AllTime, Segment, WorkingTime

HORIZON = 240  # "minutes"; the kernel does not care for the unit

interval_lists = st.lists(
    st.tuples(st.integers(0, HORIZON), st.integers(0, 40)).map(
        lambda pair: (pair[0], min(HORIZON, pair[0] + pair[1]))
    ),
    max_size=12,
)


@st.composite
def histories(draw):
    """Random lives of a clock: pauses, moves to another calendar, a stop."""
    moment = draw(st.integers(0, 60))
    segments = sla_clock.turn([], moment, True, "new", draw(st.sampled_from("ab")))
    for _step in range(draw(st.integers(0, 5))):
        moment += draw(st.integers(0, 50))
        if draw(st.booleans()):
            segments = sla_clock.turn(
                segments, moment, True, "go", draw(st.sampled_from("ab"))
            )
        elif draw(st.booleans()):
            segments = sla_clock.turn(segments, moment, False, "wait")
        else:
            segments = sla_clock.stop(segments, moment)
    return segments


def works(intervals, minute):
    return any(start <= minute < stop for start, stop in intervals)


def count_minutes(segments, calendars, target):
    """Return (minutes counted until the horizon, minute the target is reached)."""
    count, hit = 0, None
    for minute in range(HORIZON):
        running = any(
            segment.running
            and segment.start <= minute
            and (segment.stop is None or minute < segment.stop)
            and works(calendars[segment.calendar], minute)
            for segment in segments
        )
        count += running
        if hit is None and running and count == target:
            hit = minute + 1
    return count, hit


@settings(max_examples=400, deadline=None)
@given(histories(), interval_lists, interval_lists, st.integers(1, 120))
def test_deadline_and_count_equal_those_of_a_minute_counter(segments, a, b, target):
    """Covers: SRV-04"""
    calendars = {"a": WorkingTime(a), "b": WorkingTime(b)}
    count, hit = count_minutes(segments, {"a": a, "b": b}, target)
    assert sla_clock.counted(segments, calendars, HORIZON) == count
    assert sla_clock.reached(segments, target, calendars) == hit


@settings(max_examples=300, deadline=None)
@given(
    interval_lists,
    st.lists(st.tuples(st.integers(0, HORIZON), st.integers(0, 150)), max_size=20),
)
def test_bulk_gives_the_same_as_one_by_one(intervals, pairs):
    working = WorkingTime(intervals)
    single = [working.after(start, seconds) for start, seconds in pairs]
    assert working.after_many(pairs) == single


@given(histories())
def test_segments_are_ordered_and_only_the_last_is_open(segments):
    assert all(segment.stop is not None for segment in segments[:-1])
    for before, after in zip(segments, segments[1:], strict=False):
        assert before.stop <= after.start
        assert before.start < before.stop or before.start == segments[0].start


@given(histories(), interval_lists, st.integers(1, 60), st.integers(61, 120))
def test_more_urgent_never_means_later(segments, intervals, short, long):
    calendars = dict.fromkeys("ab", WorkingTime(intervals))
    urgent = sla_clock.reached(segments, short, calendars)
    relaxed = sla_clock.reached(segments, long, calendars)
    assert relaxed is None or urgent <= relaxed


def test_a_pause_moves_the_deadline_by_the_working_time_it_lasts():
    calendars = {None: WorkingTime([(0, 100), (200, 300)])}
    segments = sla_clock.turn([], 50, True, "new")
    assert sla_clock.reached(segments, 80, calendars) == 230
    segments = sla_clock.turn(segments, 60, False, "waiting for the customer")
    assert sla_clock.reached(segments, 80, calendars) is None
    segments = sla_clock.turn(segments, 90, True, "answered")
    assert sla_clock.reached(segments, 80, calendars) == 260
    assert sla_clock.paused(segments, 500) == 30


def test_a_target_shortened_below_what_is_used_was_passed_at_that_moment():
    calendars = {None: AllTime()}
    segments = sla_clock.turn([], 0, True, "new")
    segments = sla_clock.turn(segments, 60, True, "priority raised")
    assert sla_clock.reached(segments, 40, calendars) == 40


def test_kept_at_the_last_moment_is_met_and_a_second_later_is_missed():
    calendars = {None: WorkingTime([(0, 10), (20, 30)])}
    running = sla_clock.turn([], 0, True, "new")
    for stopped, verdict in [(10, "met"), (12, "missed"), (9, "met"), (25, "missed")]:
        segments = sla_clock.stop(running, stopped)
        assert sla_clock.outcome(segments, 10, calendars, stopped) == verdict


def test_cancelled_is_void_whether_late_or_not():
    calendars = {None: AllTime()}
    segments = sla_clock.stop(sla_clock.turn([], 0, True, "new"), 1000)
    assert sla_clock.outcome(segments, 10, calendars, 1000, void=True) == "void"


def test_reopened_goes_on_where_it_stopped():
    calendars = {None: AllTime()}
    segments = sla_clock.stop(sla_clock.turn([], 0, True, "new"), 30)
    segments = sla_clock.turn(segments, 100, True, "reopened")
    assert sla_clock.counted(segments, calendars, 110) == 40
    assert sla_clock.reached(segments, 50, calendars) == 120


def test_a_calendar_without_working_time_never_reaches_the_deadline():
    assert WorkingTime([]).after(5, 1) is None
    assert (
        sla_clock.reached([Segment(0, None, True, "")], 1, {None: WorkingTime([])})
        is None
    )


def test_the_next_step_is_the_smallest_percent_left():
    calendars = {None: AllTime()}
    segments = sla_clock.turn([], 0, True, "new")
    assert sla_clock.next_step(segments, 100, calendars, [100, 75, 150]) == (75, 75)
    assert sla_clock.next_step(segments, 100, calendars, [150]) == (150, 150)
    assert sla_clock.next_step(segments, 100, calendars, []) is None
    waiting = sla_clock.turn(segments, 50, False, "wait")
    assert sla_clock.next_step(waiting, 100, calendars, [75]) is None
