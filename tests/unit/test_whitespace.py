import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools import whitespace

SITES, FAMILIES = (1, 2, 3), ("a", "b")
FACTS = st.lists(
    st.builds(
        whitespace.Fact,
        st.sampled_from((*SITES, 9)),
        st.sampled_from((*FAMILIES, "z")),
        st.sampled_from(whitespace.STATES),
        st.integers(0, 1000),
        st.integers(1, 5),
    )
)


@given(FACTS)
def test_each_pair_has_one_cell_with_its_strongest_state(facts):
    """Covers: CUS-05"""
    cells = whitespace.build_cells(SITES, FAMILIES, facts)
    assert set(cells) == {(s, f) for s in SITES for f in FAMILIES}
    for (site, family), cell in cells.items():
        own = [f for f in facts if (f.site, f.family) == (site, family)]
        expected = next(
            (s for s in whitespace.STATES if any(f.state == s for f in own)), "white"
        )
        assert cell.state == expected
        same = [f for f in own if f.state == expected]
        assert cell.amount == sum(f.amount for f in same)
        assert cell.count == sum(f.count for f in same)


@given(FACTS)
def test_the_order_of_the_facts_does_not_matter(facts):
    forward = whitespace.build_cells(SITES, FAMILIES, facts)
    assert forward == whitespace.build_cells(SITES, FAMILIES, facts[::-1])


def test_coverage_is_the_share_of_bought_cells():
    facts = [whitespace.Fact(1, "a", "bought", 5), whitespace.Fact(2, "a", "open", 5)]
    cells = whitespace.build_cells((1, 2), ("a", "b"), facts)
    assert whitespace.coverage(cells) == 0.25
    assert whitespace.coverage({}) == 0.0


def test_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="unknown state"):
        whitespace.build_cells((1,), ("a",), [whitespace.Fact(1, "a", "maybe", 1)])
