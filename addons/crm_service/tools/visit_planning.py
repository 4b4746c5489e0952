"""Field visits: free slots for one, and tours for many.

Times are whole minutes from any common origin. A technician works in shifts, each
a day from its first to its last working minute with pauses in between. Visits are
not interrupted; only one that is longer than every stretch between pauses goes on
after the pause. Travel waits for pauses and meetings too.

``plan`` is a vehicle routing problem with time windows and skills, solved by OR-Tools
(https://developers.google.com/optimization/routing/vrptw); what the solver answers is
placed by the rules of this module, and what it leaves out is told with reasons.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .travel import Place

Span = tuple[int, int]
Travel = Callable[[Place | None, Place | None], int]


class Job(NamedTuple):
    """A visit to place. ``window`` is when it may begin and must have ended."""

    key: object
    duration: int
    window: Span
    place: Place | None = None
    skills: frozenset = frozenset()
    priority: int = 0
    technician: object = None  # only this one, if given


class Shift(NamedTuple):
    start: int
    end: int
    pauses: tuple = ()


class Busy(NamedTuple):
    """Time that is taken. With ``located``, the technician is at ``place`` then."""

    start: int
    end: int
    place: Place | None = None
    located: bool = False


class Technician(NamedTuple):
    key: object
    shifts: tuple
    busy: tuple = ()
    home: Place | None = None
    skills: frozenset = frozenset()


class Slot(NamedTuple):
    """A possible time. ``travel`` is to the visit, ``detour`` what the tour grows."""

    job: object
    technician: object
    start: int
    end: int
    travel: int
    detour: int


class Reason(NamedTuple):
    """Why a technician cannot: technician, skills, absent, short or full.

    ``value``: missing skills, or the minutes needed and the longest stretch.
    """

    code: str
    technician: object
    value: object = None


class Plan(NamedTuple):
    slots: tuple
    refused: dict  # key of the job: tuple of reasons


def advance(start: int, length: int, blocked: Sequence[Span]) -> int:
    """Return when ``length`` minutes of doing are over that stand still in ``blocked``.

    >>> advance(100, 30, [(110, 150)]), advance(100, 10, [(110, 150)])
    (170, 110)
    """
    now, left = start, length
    for first, last in sorted(blocked):
        if last <= now:
            continue
        if first - now >= left:
            break
        left -= max(first - now, 0)
        now = last
    return now + left


def stretches(shift: Shift, blocked: Iterable[Span]) -> list[Span]:
    """Return the parts of ``shift`` outside ``blocked``.

    >>> stretches(Shift(0, 100), [(40, 50), (90, 120)])
    [(0, 40), (50, 90)]
    """
    free, now = [], shift.start
    for first, last in sorted(blocked):
        if first > now:
            free.append((now, min(first, shift.end)))
        now = max(now, last)
    if now < shift.end:
        free.append((now, shift.end))
    return [(first, last) for first, last in free if last > first]


def longest(shift: Shift, blocked: Iterable[Span] = ()) -> int:
    return max((b - a for a, b in stretches(shift, blocked)), default=0)


def overlaps(first: int, last: int, blocked: Iterable[Span]) -> bool:
    return any(start < last and first < end for start, end in blocked)


class _Day(NamedTuple):
    """One shift of one technician, with what is fixed in it."""

    technician: Technician
    shift: Shift
    anchors: tuple  # located busy times in order
    meetings: tuple  # spans without a place

    @property
    def blocked(self):
        return sorted((*self.shift.pauses, *self.meetings))

    def gaps(self):
        """Yield (place before, free from, place after, expected there)."""
        home = self.technician.home
        place, now = home, self.shift.start
        for anchor in self.anchors:
            yield place, now, anchor.place, anchor.start
            place, now = anchor.place, max(anchor.end, now)
        yield place, now, home, self.shift.end

    def is_long(self, job):
        return job.duration > longest(self.shift, self.shift.pauses)

    def finish(self, job, start):
        """Return when ``job`` begun at ``start`` ends, None if it cannot begin then."""
        if self.is_long(job):
            if overlaps(start, start + 1, self.blocked):
                return None
            end = advance(start, job.duration, self.shift.pauses)
            hindrance = self.meetings
        else:
            end = start + job.duration
            hindrance = self.blocked
        return None if overlaps(start, end, hindrance) else end


def _days(technician: Technician) -> list[_Day]:
    days = []
    for shift in technician.shifts:
        inside = [
            busy
            for busy in sorted(technician.busy, key=lambda b: (b.start, b.end))
            if busy.start < shift.end and busy.end > shift.start
        ]
        days.append(
            _Day(
                technician,
                shift,
                tuple(busy for busy in inside if busy.located),
                tuple((busy.start, busy.end) for busy in inside if not busy.located),
            )
        )
    return days


def _round_up(value: int, step: int) -> int:
    return -(-value // step) * step


def _slot_in_gap(job, day, gap, travel, step, not_before):
    """Return the first slot of ``job`` in ``gap``, or None."""
    before, free_from, after, expected = gap
    way = travel(before, job.place)
    back = travel(job.place, after)
    earliest = advance(free_from, way, day.blocked)
    start = _round_up(max(earliest, job.window[0], not_before), step)
    ends = [last for _first, last in day.blocked if last > start]
    for candidate in [start, *(_round_up(end, step) for end in ends)]:
        end = day.finish(job, candidate)
        if end is None:
            continue
        home = advance(end, back, day.blocked)
        if end > job.window[1] or home > expected:
            return None
        return Slot(
            job.key,
            day.technician.key,
            candidate,
            end,
            way,
            way + back - travel(before, after),
        )
    return None


def _find_reason(job, technician, travel, step, not_before):
    """Return the :class:`Reason` why ``technician`` has no slot for ``job``."""
    if job.technician not in (None, technician.key):
        return Reason("technician", technician.key)
    missing = job.skills - technician.skills
    if missing:
        return Reason("skills", technician.key, tuple(sorted(missing)))
    first, last = max(job.window[0], not_before), job.window[1]
    if not any(s.start < last and s.end > first for s in technician.shifts):
        return Reason("absent", technician.key)
    empty = technician._replace(
        busy=tuple(busy for busy in technician.busy if not busy.located)
    )
    if any(_technician_slots(job, empty, travel, step, not_before)):
        return Reason("full", technician.key)
    room = max(
        (
            longest(Shift(max(s.start, first), min(s.end, last)), s.pauses)
            for s in technician.shifts
            if s.start < last and s.end > first
        ),
        default=0,
    )
    return Reason("short", technician.key, (job.duration, room))


def _technician_slots(job, technician, travel, step, not_before):
    for day in _days(technician):
        if day.shift.start >= job.window[1] or day.shift.end <= job.window[0]:
            continue
        for gap in day.gaps():
            slot = _slot_in_gap(job, day, gap, travel, step, not_before)
            if slot:
                yield slot


def find_slots(
    job: Job,
    technicians: Sequence[Technician],
    travel: Travel,
    *,
    not_before: int = 0,
    limit: int = 10,
    step: int = 15,
) -> tuple[list[Slot], list[Reason]]:
    """Return the best slots for ``job``, and why others cannot.

    One slot for each gap in each tour; sorted by day, then by the time the tour
    grows, then by the hour.
    """
    slots, reasons = [], []
    for technician in technicians:
        able = job.technician in (None, technician.key)
        found = (
            list(_technician_slots(job, technician, travel, step, not_before))
            if able and job.skills <= technician.skills
            else []
        )
        slots += found
        if not found:
            reasons.append(_find_reason(job, technician, travel, step, not_before))
    slots.sort(key=lambda s: (s.start // 1440, s.detour, s.start, str(s.technician)))
    return slots[:limit], reasons


def take(technicians: Sequence[Technician], slot: Slot, place) -> list[Technician]:
    """Return ``technicians`` with ``slot`` taken."""
    return [
        technician._replace(
            busy=(*technician.busy, Busy(slot.start, slot.end, place, True))
        )
        if technician.key == slot.technician
        else technician
        for technician in technicians
    ]


def _place_one(job, technicians, travel, not_before, step):
    """Return (slot or None, technicians, reasons), the cheapest slot being taken."""
    slots, reasons = find_slots(
        job, technicians, travel, not_before=not_before, limit=1, step=step
    )
    if not slots:
        return None, technicians, tuple(reasons)
    return slots[0], take(technicians, slots[0], job.place), ()


def plan(
    jobs: Sequence[Job],
    technicians: Sequence[Technician],
    travel: Travel,
    *,
    not_before: int = 0,
    time_limit: float = 10.0,
    step: int = 5,
) -> Plan:
    """Return tours for ``jobs``: the more important first, then the least travel.

    The same input gives the same answer as long as ``time_limit`` (seconds) is not
    reached; the search normally stops earlier by the number of solutions it has seen.
    """
    from .visit_routing import route  # noqa: PLC0415  OR-Tools is slow to import

    order = sorted(jobs, key=lambda job: (-job.priority, -job.duration, str(job.key)))
    shifts = [s for technician in technicians for s in technician.shifts]
    room = max((longest(shift, shift.pauses) for shift in shifts), default=0)
    slots, refused, ordinary = [], {}, []
    for job in order:
        if job.duration <= room:
            ordinary.append(job)
            continue
        slot, technicians, reasons = _place_one(
            job, technicians, travel, not_before, step
        )
        if slot:
            slots.append(slot)
        else:
            refused[job.key] = reasons
    tours = route(ordinary, technicians, travel, not_before, time_limit)
    by_key = {job.key: job for job in ordinary}
    placed = set()
    for key, technician, start in sorted(tours, key=lambda tour: tour[2]):
        job = by_key[key]
        end = start + job.duration
        placed.add(key)
        slots.append(Slot(key, technician, start, end, 0, 0))
        technicians = take(technicians, slots[-1], job.place)
    for job in ordinary:
        if job.key in placed:
            continue
        slot, technicians, reasons = _place_one(
            job, technicians, travel, not_before, step
        )
        if slot:
            slots.append(slot)
        else:
            refused[job.key] = reasons
    return Plan(tuple(_with_travel(slots, technicians, jobs, travel)), refused)


def _with_travel(slots, technicians, jobs, travel):
    """Return ``slots`` in the order of the tours, each with the way to it."""
    by_key = {technician.key: technician for technician in technicians}
    places = {job.key: job.place for job in jobs}
    result = []
    for slot in sorted(slots, key=lambda s: (str(s.technician), s.start)):
        technician = by_key[slot.technician]
        before = technician.home
        for day in _days(technician):
            if day.shift.start <= slot.start < day.shift.end:
                for anchor in day.anchors:
                    if anchor.end <= slot.start:
                        before = anchor.place
        way = travel(before, places[slot.job])
        result.append(slot._replace(travel=way))
    return result
