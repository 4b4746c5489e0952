"""Covers: SAL-04, SAL-17"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools.business_kind import business_kind
from odoo.addons.crm_b2b.tools.scorecard import Answer, score


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], 0),
        ([Answer(0, 100)], 0),
        ([Answer(1, 100), Answer(1, 0)], 50),
        ([Answer(3, 100), Answer(1, 0)], 75),
        ([Answer(1, 100), Answer(1, None)], 50),
        ([Answer(2, 50), Answer(0, 100)], 50),
    ],
)
def test_the_score_is_the_weighted_mean(answers, expected):
    assert score(answers) == expected


answers = st.lists(
    st.builds(
        Answer,
        st.integers(0, 10),
        st.one_of(st.none(), st.integers(0, 100)),
    )
)


@given(answers)
def test_the_score_stays_between_0_and_100(rows):
    assert -1e-9 <= score(rows) <= 100 + 1e-9


@given(answers, st.integers(1, 9))
def test_only_the_proportion_of_weights_matters(rows, factor):
    scaled = [row._replace(weight=row.weight * factor) for row in rows]
    assert score(scaled) == pytest.approx(score(rows))


@pytest.mark.parametrize(
    ("bought", "families", "kind"),
    [
        (None, (), "new_customer"),
        (set(), (1,), "new_customer"),
        ({1}, (), "repeat"),
        ({1, 2}, (1,), "repeat"),
        ({1}, (1, 2), "new_product"),
        ({None}, (1,), "new_product"),
    ],
)
def test_the_kind_follows_from_what_was_bought_before(bought, families, kind):
    assert business_kind(bought, families) == kind
