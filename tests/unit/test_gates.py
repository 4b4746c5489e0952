"""Covers: SAL-02"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools.gates import Requirement, passed_stages, progress

STAGES = ("new", "qualified", "proposal", "won")


@pytest.mark.parametrize(
    ("origin", "target", "passed"),
    [
        ("new", "qualified", ("new",)),
        ("new", "won", ("new", "qualified", "proposal")),
        ("qualified", "qualified", ()),
        ("won", "new", ()),
        (None, "new", ()),
        (None, "proposal", ("new", "qualified")),
        ("elsewhere", "proposal", ("new", "qualified")),
        ("new", "elsewhere", ()),
    ],
)
def test_going_forward_passes_every_gate_on_the_way(origin, target, passed):
    assert passed_stages(STAGES, origin, target) == passed


@given(st.sampled_from(STAGES), st.sampled_from(STAGES), st.sampled_from(STAGES))
def test_two_steps_forward_pass_the_same_gates_as_one(first, second, third):
    order = sorted((first, second, third), key=STAGES.index)
    assert passed_stages(STAGES, order[0], order[2]) == (
        passed_stages(STAGES, order[0], order[1])
        + passed_stages(STAGES, order[1], order[2])
    )


def test_only_mandatory_requirements_are_missing():
    state = progress(
        [
            Requirement("new", "decider met", True),
            Requirement("new", "budget known", False),
            Requirement("new", "nice lunch", False, mandatory=False),
        ]
    )
    assert (state.done, state.total, state.missing) == (1, 3, ("budget known",))
    assert not state.is_open


def test_without_requirements_the_gate_is_open():
    assert progress([]).is_open


@given(st.lists(st.tuples(st.booleans(), st.booleans())))
def test_a_gate_is_open_exactly_when_all_mandatory_are_done(rows):
    state = progress(Requirement(1, str(n), *row) for n, row in enumerate(rows))
    assert state.is_open == all(done for done, mandatory in rows if mandatory)
    assert 0 <= state.done <= state.total == len(rows)
