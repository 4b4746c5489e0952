"""Alarms of value classes: once, worst first, over by a margin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import alarms

RISK = alarms.Rule(1, "most_valuable", "churn_risk", 0.5)
MARK = alarms.Rule(2, "being_lost", "satisfaction", 3.0)


def customer(key, value_class="most_valuable", weight=1.0, **figures):
    known = dict.fromkeys(alarms.BAD_SIDE) | figures
    return alarms.Customer(key, value_class, weight, known)


@pytest.mark.parametrize(
    ("rule", "figure", "rings"),
    [
        (RISK, 0.5, True),
        (RISK, 0.49, False),
        (RISK, None, False),
        (RISK, float("nan"), False),
        (MARK, 3.0, True),
        (MARK, 3.1, False),
    ],
)
def test_an_alarm_rings_on_the_bad_side_of_the_limit(rule, figure, rings):
    """Covers: ANA-15"""
    assert alarms.breaks(rule, figure) is rings


def test_a_rule_rings_in_its_class_only():
    """Covers: ANA-15"""
    found = alarms.judge([RISK], [customer(1, churn_risk=0.9), customer(2, "growth")])
    assert found.raised == [(1, 1, 0.9)]


def test_what_rings_already_does_not_ring_again():
    """Covers: ANA-15"""
    found = alarms.judge([RISK], [customer(1, churn_risk=0.9)], [(1, 1)])
    assert found == alarms.Alarms([], set())


def test_an_alarm_is_over_only_when_the_figure_is_better_by_a_margin():
    """Covers: ANA-15"""
    near = alarms.judge([RISK], [customer(1, churn_risk=0.47)], [(1, 1)])
    far = alarms.judge([RISK], [customer(1, churn_risk=0.44)], [(1, 1)])
    assert (near.over, far.over) == (set(), {(1, 1)})


def test_an_alarm_is_over_when_class_rule_or_customer_is_gone():
    """Covers: ANA-15"""
    rows = [customer(1, "growth", churn_risk=0.9)]
    found = alarms.judge([RISK], rows, [(1, 1), (1, 8), (9, 1)])
    assert found.over == {(1, 1), (1, 8), (9, 1)}


def test_the_largest_customers_come_first_when_there_are_too_many():
    """Covers: ANA-15"""
    rule = RISK._replace(most=2)
    rows = [customer(key, weight=float(key), churn_risk=0.8) for key in range(1, 6)]
    assert [key for _r, key, _f in alarms.judge([rule], rows).raised] == [5, 4]


def test_an_unknown_indicator_is_refused_in_words():
    with pytest.raises(ValueError, match="unknown indicators"):
        alarms.judge([RISK._replace(indicator="luck")], [])


figures = st.floats(0, 1) | st.none()


@given(st.lists(st.tuples(figures, figures), max_size=8))
def test_run_after_run_each_customer_has_one_alarm_at_most(histories):
    """Covers: ANA-15"""
    ringing: set = set()
    for index in (0, 1):
        rows = [
            customer(key, churn_risk=history[index])
            for key, history in enumerate(histories)
        ]
        found = alarms.judge([RISK], rows, ringing)
        new = {(rule, key) for rule, key, _figure in found.raised}
        assert not new & ringing
        assert found.over <= ringing
        ringing = (ringing - found.over) | new
        for rule, key in new:
            assert alarms.breaks(RISK, rows[key].figures["churn_risk"]), rule
