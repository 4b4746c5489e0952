"""The five relationship levels without a database. Covers: CUS-03"""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools import relationship
from odoo.addons.crm_b2b.tools.relationship import LEVELS, Facts

PARTNER = Facts(12, 6, 4, 10, 8, 1, 4, True, 2)


@st.composite
def facts(draw):
    deliveries = draw(st.integers(0, 20))
    contacts = draw(st.integers(0, 20))
    own = draw(st.integers(0, contacts))
    return Facts(
        contacts=contacts,
        own_contacts=own,
        quarters=draw(st.integers(0, min(4, own))),
        deliveries=deliveries,
        followed=draw(st.integers(0, deliveries)),
        feedback=draw(st.integers(0, 3)),
        people=draw(st.integers(0, 6)),
        plan=draw(st.booleans()),
        reviews=draw(st.integers(0, 3)),
    )


@pytest.mark.parametrize(
    ("case", "level"),
    [
        (Facts(), "basic"),
        (Facts(contacts=1), "basic"),
        (Facts(contacts=2), "reactive"),
        (Facts(contacts=2, deliveries=4, followed=1), "reactive"),
        (Facts(contacts=2, deliveries=4, followed=2), "accountable"),
        (Facts(contacts=2, feedback=1), "accountable"),
        (PARTNER._replace(quarters=2), "accountable"),
        (PARTNER._replace(own_contacts=3, quarters=3), "accountable"),
        (PARTNER._replace(plan=False), "proactive"),
        (PARTNER._replace(reviews=0), "proactive"),
        (PARTNER._replace(people=2), "proactive"),
        (PARTNER, "partnership"),
        # a plan alone is no partnership
        (Facts(plan=True, reviews=3, people=9), "basic"),
    ],
)
def test_each_level_by_its_rule(case, level):
    assert relationship.observe(case) == level


@given(facts())
def test_nothing_is_missing_exactly_up_to_the_observed_level(case):
    observed = LEVELS.index(relationship.observe(case))
    for number, level in enumerate(LEVELS):
        assert bool(relationship.missing(case, level)) == (number > observed)


@given(facts(), st.sampled_from(("contacts", "own_contacts", "feedback", "people")))
def test_more_care_never_lowers_the_level(case, name):
    better = case._replace(**{name: getattr(case, name) + 1})
    assert LEVELS.index(relationship.observe(better)) >= LEVELS.index(
        relationship.observe(case)
    )


@given(st.sampled_from(LEVELS), st.sampled_from(LEVELS))
def test_the_gap_is_antisymmetric(one, other):
    assert relationship.gap(one, other) == -relationship.gap(other, one)


def test_the_examples_of_the_documentation_hold():
    assert not doctest.testmod(relationship).failed
