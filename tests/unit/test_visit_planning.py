import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.crm_service.tools import travel
from odoo.addons.crm_service.tools.visit_planning import (
    Busy,
    Job,
    Shift,
    Technician,
    advance,
    find_slots,
    overlaps,
    plan,
)

BRUSSELS = (50.85, 4.35)
EIGHT, TWELVE, ONE, FIVE = 480, 720, 780, 1020
DAY = Shift(EIGHT, FIVE, ((TWELVE, ONE),))
ALL_DAY = (0, 1440)


def at(minutes):
    return lambda a, b: 0 if a == b else minutes


def technician(key="ann", **values):
    return Technician(key, (DAY,), **{"home": BRUSSELS, **values})


def job(key="j", duration=60, **values):
    return Job(key, duration, **{"window": ALL_DAY, "place": (50.0, 4.0), **values})


def test_the_distance_of_known_cities():
    """Covers: SRV-07"""
    berlin, tokyo = (52.52, 13.405), (35.6762, 139.6503)
    assert travel.great_circle(berlin, tokyo) == pytest.approx(8918, rel=0.005)
    assert travel.great_circle((0, 0), (0, 180)) == pytest.approx(20015, rel=0.001)


def test_the_first_slot_is_after_the_way_from_home_and_before_the_way_back():
    """Covers: SRV-07"""
    slots, reasons = find_slots(job(), [technician()], at(30))
    assert [(s.start, s.end, s.travel) for s in slots] == [(510, 570, 30)]
    assert not reasons
    slots, reasons = find_slots(job(window=(950, 1440)), [technician()], at(30))
    assert not slots
    assert reasons[0].code == "short"


def test_a_visit_is_not_cut_by_the_pause_unless_it_is_longer_than_half_the_day():
    slots, _ = find_slots(job(duration=120, window=(660, 1440)), [technician()], at(0))
    assert slots[0].start == ONE
    slots, _ = find_slots(job(duration=360), [technician()], at(0))
    assert (slots[0].start, slots[0].end) == (EIGHT, EIGHT + 360 + 60)


def test_other_visits_and_meetings_are_respected_with_their_way():
    """Covers: SRV-07"""
    busy = (Busy(EIGHT, 600, (51.0, 4.0), True), Busy(660, 690))
    slots, _ = find_slots(job(), [technician(busy=busy)], at(30))
    assert slots[0].start == ONE  # 10:30 to 11:00 is too short, 11:30 to 12:00 as well


def test_each_technician_who_cannot_is_told_with_the_reason():
    """Covers: SRV-07"""
    full = (Busy(EIGHT, FIVE, BRUSSELS, True),)
    people = [
        technician("skill"),
        Technician("absent", (), skills=frozenset({"hv"})),
        technician("full", skills=frozenset({"hv"}), busy=full),
        technician("short", skills=frozenset({"hv"}))._replace(
            shifts=(Shift(EIGHT, 500),)
        ),
    ]
    slots, reasons = find_slots(job(skills=frozenset({"hv"})), people, at(10))
    assert not slots
    assert [(r.technician, r.code) for r in reasons] == [
        ("skill", "skills"),
        ("absent", "absent"),
        ("full", "full"),
        ("short", "short"),
    ]
    assert reasons[0].value == ("hv",)


def check(result, jobs, people, way):
    """Assert that tours respect skills, windows, pauses, meetings and travel."""
    by_key = {j.key: j for j in jobs}
    for person in people:
        mine = sorted(
            (s for s in result.slots if s.technician == person.key),
            key=lambda s: s.start,
        )
        stops = [(s.start, s.end, by_key[s.job].place) for s in mine]
        stops += [(b.start, b.end, b.place) for b in person.busy if b.located]
        meetings = [(b.start, b.end) for b in person.busy if not b.located]
        for slot in mine:
            wanted = by_key[slot.job]
            assert wanted.skills <= person.skills
            assert wanted.technician in (None, person.key)
            assert wanted.window[0] <= slot.start
            assert slot.end <= wanted.window[1]
            [shift] = [s for s in person.shifts if s.start <= slot.start < s.end]
            assert not overlaps(slot.start, slot.end, meetings)
            if wanted.duration <= 240:
                assert not overlaps(slot.start, slot.end, shift.pauses)
        for shift in person.shifts:
            place, now = person.home, shift.start
            blocked = [*shift.pauses, *meetings]
            for start, end, here in sorted(stops):
                if shift.start <= start < shift.end:
                    assert advance(now, way(place, here), blocked) <= start
                    place, now = here, end
            if place != person.home:
                assert advance(now, way(place, person.home), blocked) <= shift.end


def random_day(seed, technicians=5, visits=40):
    rng = random.Random(seed)
    skills = ["hv", "hydraulics", "plc"]

    def spot():
        return (50.85 + rng.uniform(-0.2, 0.2), 4.35 + rng.uniform(-0.3, 0.3))

    people = [
        Technician(
            f"t{i}",
            (DAY,),
            (Busy(900, 930),) if i == 1 else (),
            spot(),
            frozenset(rng.sample(skills, 2)),
        )
        for i in range(technicians)
    ]
    jobs = []
    for i in range(visits):
        first = rng.choice([EIGHT, EIGHT, EIGHT, ONE])
        jobs.append(
            Job(
                f"j{i:02}",
                rng.choice([30, 30, 45, 60]),
                (first, rng.choice([FIVE, FIVE, max(first + 180, 780)])),
                spot(),
                frozenset(rng.sample(skills, rng.choice([0, 0, 1]))),
                rng.choice([0, 0, 0, 1, 2]),
            )
        )
    return jobs, people


def test_forty_visits_of_five_technicians_are_planned_in_seconds_and_alike():
    """Covers: SRV-07"""
    jobs, people = random_day(7)
    start = time.monotonic()
    result = plan(jobs, people, travel.minutes, time_limit=20)
    seconds = time.monotonic() - start
    check(result, jobs, people, travel.minutes)
    assert len(result.slots) + len(result.refused) == 40
    assert len(result.slots) >= 34
    assert all(len(reasons) == 5 for reasons in result.refused.values())
    assert seconds < 15
    assert plan(jobs, people, travel.minutes, time_limit=20) == result


def test_what_does_not_fit_is_the_least_important_and_told_why():
    """Covers: SRV-07"""
    jobs = [job(f"low{i}", 120) for i in range(4)] + [job("top", 120, priority=3)]
    result = plan(jobs, [technician()], at(10), time_limit=5)
    check(result, jobs, [technician()], at(10))
    assert "top" in {slot.job for slot in result.slots}
    assert result.refused
    for reasons in result.refused.values():
        assert [reason.code for reason in reasons] == ["full"]


def test_a_whole_day_visit_is_planned_around_the_pause():
    jobs = [job("long", 420), job("short", 60)]
    people = [technician("ann"), technician("bob")]
    result = plan(jobs, people, at(20), time_limit=5)
    assert len({slot.technician for slot in result.slots}) == 2


def test_the_tour_is_the_short_one():
    """Two sites east and two west: each technician takes one side."""
    east, west = (50.85, 5.0), (50.85, 3.7)
    jobs = [
        job(f"{side}{i}", 60, place=(place[0], place[1] + i / 50))
        for side, place in (("e", east), ("w", west))
        for i in range(3)
    ]
    people = [technician("ann"), technician("bob")]
    result = plan(jobs, people, travel.minutes, time_limit=10)
    sides = {}
    for slot in result.slots:
        sides.setdefault(slot.technician, set()).add(slot.job[0])
    assert sorted(map(tuple, sides.values())) == [("e",), ("w",)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 12))
def test_no_plan_breaks_a_rule_and_no_visit_is_lost(seed, technicians, visits):
    """Covers: SRV-07"""
    jobs, people = random_day(seed, technicians, visits)
    result = plan(jobs, people, travel.minutes, time_limit=2)
    check(result, jobs, people, travel.minutes)
    assert {s.job for s in result.slots} | set(result.refused) == {j.key for j in jobs}
    assert len(result.slots) + len(result.refused) == len(jobs)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(15, 500))
def test_every_slot_offered_can_be_taken(seed, duration):
    """Covers: SRV-07"""
    jobs, people = random_day(seed, 3, 1)
    wanted = jobs[0]._replace(duration=duration, window=ALL_DAY)
    slots, _reasons = find_slots(wanted, people, travel.minutes)
    for slot in slots:
        fake = type("P", (), {"slots": (slot,)})
        if duration <= 240:
            check(fake, [wanted], people, travel.minutes)
