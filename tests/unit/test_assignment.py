"""Requests go to who can do them and has least to do."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools.assignment import Candidate, choose, spread

skills = st.frozensets(st.sampled_from("abc"))
people = st.lists(
    st.builds(Candidate, st.integers(), skills, st.floats(0, 50)),
    unique_by=lambda one: one.key,
    max_size=6,
)


@given(people, skills)
def test_nobody_with_more_of_the_skills_or_less_to_do_is_passed_over(found, needed):
    """Covers: SRV-01"""
    best = choose(found, needed)
    assert (best is None) == (not found)
    for one in found:
        assert len(one.skills & needed) <= len(best.skills & needed)
        if len(one.skills & needed) == len(best.skills & needed):
            assert best.load <= one.load


@given(st.integers(1, 6), st.integers(0, 60))
def test_a_batch_is_spread_evenly(number, requests):
    """Covers: SRV-01"""
    chosen = spread(
        [Candidate(key) for key in range(number)], [(frozenset(), "1")] * requests
    )
    counts = [chosen.count(key) for key in range(number)]
    assert max(counts) - min(counts) <= 1


def test_an_urgent_request_weighs_more():
    """Covers: SRV-01"""
    chosen = spread(
        [Candidate("ann"), Candidate("bob")],
        [(frozenset(), priority) for priority in "3111"],
    )
    assert chosen == ["ann", "bob", "bob", "ann"]


def test_without_people_nobody_is_chosen():
    assert spread([], [(frozenset(), "1")]) == [None]
