"""What becomes of an occasion."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_marketing.tools.trigger_rules import Occasion, Rule, decide

TODAY = date(2026, 6, 30)
occasions = st.builds(
    Occasion,
    due=st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days)),
    bought=st.booleans(),
    open_deal=st.booleans(),
    open_ticket=st.booleans(),
    sent=st.integers(0, 3),
)
rules = st.builds(
    Rule,
    stop_bought=st.booleans(),
    stop_deal=st.booleans(),
    stop_ticket=st.booleans(),
    cap_count=st.integers(0, 3),
    max_late=st.integers(0, 30),
)


@pytest.mark.parametrize(
    ("rule", "occasion", "expected"),
    [
        (Rule(), Occasion(TODAY), "send"),
        (Rule(), Occasion(TODAY + timedelta(days=1), bought=True), "wait"),
        (Rule(), Occasion(TODAY, bought=True), "bought"),
        (Rule(stop_bought=False), Occasion(TODAY, bought=True), "send"),
        (Rule(), Occasion(TODAY, open_deal=True), "send"),
        (Rule(stop_deal=True), Occasion(TODAY, open_deal=True), "deal"),
        (Rule(), Occasion(TODAY, open_ticket=True), "ticket"),
        (Rule(), Occasion(TODAY - timedelta(days=14)), "send"),
        (Rule(), Occasion(TODAY - timedelta(days=15)), "late"),
        (Rule(cap_count=2), Occasion(TODAY, sent=1), "send"),
        (Rule(cap_count=2), Occasion(TODAY, sent=2), "cap"),
        (Rule(cap_count=0), Occasion(TODAY, sent=9), "send"),
        (Rule(), Occasion(TODAY, bought=True, sent=5), "bought"),
    ],
)
def test_an_occasion_is_sent_stopped_or_waited_for(rule, occasion, expected):
    """Covers: MKT-02"""
    assert decide(rule, occasion, TODAY) == expected


@given(rules, occasions)
def test_nothing_is_sent_early_late_or_over_the_limit(rule, occasion):
    """Covers: MKT-05"""
    decision = decide(rule, occasion, TODAY)
    assert (decision == "wait") is (occasion.due > TODAY)
    if decision == "send":
        assert (TODAY - occasion.due).days <= rule.max_late
        assert not rule.cap_count or occasion.sent < rule.cap_count
        assert not (rule.stop_bought and occasion.bought)


@given(rules, occasions)
def test_waiting_longer_never_turns_a_stop_into_a_mail(rule, occasion):
    later = TODAY + timedelta(days=1)
    if decide(rule, occasion, TODAY) not in ("wait", "send"):
        assert decide(rule, occasion, later) != "send"
