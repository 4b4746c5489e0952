"""Service clocks over working time.

All moments are seconds since the epoch (UTC, int or float), all durations are
seconds. Time zones, holidays, lunch breaks and clock changes are already in the
working intervals: an interval is a pair ``(start, stop)`` of absolute moments,
so that a day of 23 or 25 hours needs no special case here.

A clock is a target and a list of :class:`Segment`. One sentence defines all the
rest: *the working seconds of a running segment count, by the calendar of that
segment; the deadline is the first moment at which the count reaches the target.*
A pause, a move to a team with other working hours, or a reopening is a new
segment; a new priority is a new target over the same segments.
"""

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import NamedTuple


class Segment(NamedTuple):
    """A stretch of a clock's life; ``stop`` is None while it lasts."""

    start: float
    stop: float | None
    running: bool
    reason: str
    calendar: object = None


def merge(intervals):
    """Return ``intervals`` sorted, disjoint, without empty ones.

    >>> merge([(8, 9), (1, 3), (2, 5), (7, 7), (5, 6)])
    [(1, 6), (8, 9)]
    """
    merged = []
    for start, stop in sorted(intervals):
        if start >= stop:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


class WorkingTime:
    """Working intervals with prefix sums: every question is one bisection.

    ``end`` is the last moment the intervals were asked for; nothing is known
    beyond it.
    """

    __slots__ = ("starts", "stops", "before", "end")

    def __init__(self, intervals, end=None):
        intervals = merge(intervals)
        self.starts = [start for start, _stop in intervals]
        self.stops = [stop for _start, stop in intervals]
        lengths = (stop - start for start, stop in intervals)
        self.before = [0, *accumulate(lengths)]
        self.end = end if end is not None else (self.stops or [0])[-1]

    def position(self, moment):
        """Return the seconds worked from the first interval up to ``moment``."""
        index = bisect_right(self.starts, moment)
        if not index:
            return 0
        return self.before[index - 1] + (
            min(moment, self.stops[index - 1]) - self.starts[index - 1]
        )

    def between(self, start, stop):
        """Return the seconds worked in ``[start, stop)``; 0 if they are swapped."""
        return self.position(stop) - self.position(start) if stop > start else 0

    def after(self, start, seconds):
        """Return the first moment by which ``seconds`` were worked since ``start``.

        None when the known intervals do not hold that much time.
        """
        if seconds <= 0:
            return start
        wanted = self.position(start) + seconds
        index = bisect_left(self.before, wanted)
        if index >= len(self.before):
            return None
        return self.starts[index - 1] + (wanted - self.before[index - 1])

    def after_many(self, pairs):
        """Return :meth:`after` for each ``(start, seconds)`` of ``pairs``."""
        starts, stops, before = self.starts, self.stops, self.before
        size, result = len(before), []
        append = result.append
        for start, seconds in pairs:
            if seconds <= 0:
                append(start)
                continue
            index = bisect_right(starts, start)
            if index:
                last = index - 1
                stop = stops[last]
                done = start if start < stop else stop
                wanted = before[last] + done - starts[last] + seconds
            else:
                wanted = seconds
            index = bisect_left(before, wanted)
            append(
                starts[index - 1] + wanted - before[index - 1] if index < size else None
            )
        return result


class AllTime:
    """The calendar of a team that never closes: every second counts."""

    end = float("inf")

    def position(self, moment):
        return moment

    def between(self, start, stop):
        return max(0, stop - start)

    def after(self, start, seconds):
        return start + max(0, seconds)

    def after_many(self, pairs):
        return [start + max(0, seconds) for start, seconds in pairs]


def turn(segments, at, running, reason, calendar=None):
    """Return ``segments`` with a new open segment from ``at`` on.

    The open segment ends at ``at``; one that would be empty disappears. ``at``
    before the last boundary is moved to it: clocks do not run backwards.
    """
    closed = stop(segments, at)
    if closed:
        at = max(at, closed[-1].stop)
    last = closed[-1] if closed else None
    same = (running, reason, calendar)
    if last and last.stop == at and (last.running, last.reason, last.calendar) == same:
        return [*closed[:-1], last._replace(stop=None)]
    return [*closed, Segment(at, None, running, reason, calendar)]


def stop(segments, at):
    """Return ``segments`` with the open one closed at ``at``."""
    if not segments or segments[-1].stop is not None:
        return list(segments)
    last = segments[-1]
    if at <= last.start:
        # An empty first segment stays: it says when the clock began.
        return (
            list(segments[:-1])
            if len(segments) > 1
            else [last._replace(stop=last.start)]
        )
    return [*segments[:-1], last._replace(stop=at)]


def counted(segments, calendars, now):
    """Return the working seconds that count for ``segments`` until ``now``."""
    total = 0
    for segment in segments:
        if segment.running:
            end = now if segment.stop is None else min(segment.stop, now)
            total += calendars[segment.calendar].between(segment.start, end)
    return total


def paused(segments, now):
    """Return the seconds (by the wall clock) that the clock stood still."""
    return sum(
        max(0, (now if segment.stop is None else segment.stop) - segment.start)
        for segment in segments
        if not segment.running
    )


def reached(segments, target, calendars):
    """Return the first moment at which the count reaches ``target`` seconds.

    None when it does not: the clock is stopped or paused before, or the known
    working time ends before.
    """
    left = target
    for segment in segments:
        if not segment.running:
            continue
        working = calendars[segment.calendar]
        if segment.stop is None:
            return working.after(segment.start, left)
        done = working.between(segment.start, segment.stop)
        if done >= left:
            return working.after(segment.start, left)
        left -= done
    return None


def next_step(segments, target, calendars, percents):
    """Return ``(moment, percent)`` of the first of ``percents`` that will be hit.

    ``percents`` are those not yet dealt with, in percent of ``target``. None when
    the clock does not run towards any of them.
    """
    if not percents:
        return None
    percent = min(percents)
    moment = reached(segments, target * percent / 100, calendars)
    return None if moment is None else (moment, percent)


def outcome(segments, target, calendars, stopped, void=False):
    """Return ``met``, ``missed``, ``void``, ``running`` or ``paused``.

    ``stopped`` is the moment the promise was kept, None while it is open. A clock
    that is open is never ``missed`` here: being late is a question of the present,
    answered by comparing the stored deadline.
    """
    if void:
        return "void"
    if stopped is not None:
        deadline = reached(segments, target, calendars)
        return "missed" if deadline is not None and deadline < stopped else "met"
    return "running" if segments and segments[-1].running else "paused"
