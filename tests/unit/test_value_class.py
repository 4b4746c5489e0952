"""The decision list of the value classes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import value_class
from odoo.addons.crm_analytics.tools.value_class import Facts, Limits, decide

AS_OF = date(2026, 6, 30)
OLD, LATELY = date(2020, 1, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(None, None), ("dormant", "never_bought")),
        (Facts(OLD, date(2024, 6, 30)), ("dormant", "no_purchase")),
        (Facts(OLD, date(2024, 7, 1)), ("transactional", "no_other_rule")),
        (Facts(date(2025, 12, 31), LATELY), ("new", "first_purchase")),
        (Facts(date(2025, 12, 30), LATELY), ("transactional", "no_other_rule")),
        (
            Facts(OLD, LATELY, abc="A", abc_before="B", churn_risk=0.5, loyalty=90),
            ("being_lost", "churn_risk"),
        ),
        (
            Facts(OLD, LATELY, abc_before="A", revenue_change=-0.30),
            ("being_lost", "revenue_down"),
        ),
        (
            Facts(OLD, LATELY, abc_before="C", churn_risk=0.9, revenue_change=-0.9),
            ("transactional", "no_other_rule"),
        ),
        (
            Facts(OLD, LATELY, abc="A", abc_before="A", loyalty=60, churn_risk=0.49),
            ("most_valuable", "valuable_and_loyal"),
        ),
        (Facts(OLD, LATELY, abc="B", loyalty=60), ("growth", "loyal")),
        (
            Facts(OLD, LATELY, 3, abc="A", revenue_change=0.20, loyalty=59.9),
            ("growth", "revenue_up"),
        ),
        (
            Facts(OLD, LATELY, 2, abc="A", revenue_change=5.0),
            ("transactional", "no_other_rule"),
        ),
    ],
)
def test_the_first_rule_that_fits_decides(facts, expected):
    """Covers: ANA-04"""
    decision = decide(facts, AS_OF)
    assert (decision.value_class, decision.rule) == expected


def test_the_rule_keeps_the_numbers_that_it_compared():
    """Covers: ANA-04"""
    facts = Facts(OLD, LATELY, abc_before="A", churn_risk=0.7)
    assert decide(facts, AS_OF).numbers == (
        ("abc_before", "A"),
        ("churn_risk", 0.7),
        ("churn_risk_limit", 0.5),
    )


def test_limits_are_those_of_the_policy():
    facts = Facts(OLD, date(2026, 1, 1), abc="A", loyalty=50.0)
    assert decide(facts, AS_OF).value_class == "transactional"
    assert decide(facts, AS_OF, Limits(loyalty=50)).value_class == "most_valuable"
    assert decide(facts, AS_OF, Limits(dormant_months=3)).value_class == "dormant"


shares = st.one_of(st.none(), st.floats(0, 1))


@given(
    st.integers(0, 3_000),
    st.integers(0, 3_000),
    st.integers(0, 40),
    st.sampled_from([None, "A", "B", "C", "D"]),
    st.sampled_from([None, "A", "B", "C", "D"]),
    shares,
    st.one_of(st.none(), st.floats(-1, 5)),
    st.one_of(st.none(), st.floats(0, 100)),
)
def test_everybody_gets_one_of_the_six_classes(
    a, b, frequency, abc, before, risk, change, loyalty
):
    first, last = sorted((AS_OF - timedelta(a), AS_OF - timedelta(b)))
    facts = Facts(first, last, frequency, abc, before, risk, change, loyalty)
    assert decide(facts, AS_OF).value_class in value_class.CLASSES


@pytest.mark.parametrize(
    ("first", "last"),
    [(LATELY, OLD), (OLD, date(2026, 7, 1)), (None, OLD), (OLD, None)],
)
def test_purchases_that_cannot_be_are_refused(first, last):
    with pytest.raises(ValueError, match="purchase"):
        decide(Facts(first, last), AS_OF)
