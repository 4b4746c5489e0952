"""The credit gate without a database. Covers: SAL-19, SRV-05"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_credit.tools.credit_gate import (
    SEVERITY,
    Facts,
    Policy,
    Release,
    decide,
)

DAY = date(2026, 5, 4)
BLOCKED = Facts(limit=1000, exposure=1000, amount=100)


@pytest.mark.parametrize(
    "facts, result, codes",
    [
        (Facts(), "allow", []),
        (Facts(limit=1000, exposure=700, amount=99), "allow", []),
        (Facts(limit=1000, exposure=700, amount=100), "warn", ["near_limit"]),
        (Facts(limit=1000, exposure=900, amount=100), "warn", ["near_limit"]),
        (Facts(limit=1000, exposure=900, amount=100.01), "block", ["over_limit"]),
        (Facts(limit=0, exposure=9e9, amount=1), "allow", []),
        (Facts(overdue_amount=5, oldest_overdue_days=30), "allow", []),
        (Facts(overdue_amount=5, oldest_overdue_days=31), "block", ["overdue"]),
        (Facts(overdue_amount=0, oldest_overdue_days=99), "allow", []),
        (Facts(hold=True), "block", ["hold"]),
        (
            Facts(limit=1, exposure=2, overdue_amount=1, oldest_overdue_days=60),
            "block",
            ["over_limit", "overdue"],
        ),
    ],
)
def test_the_decision_table(facts, result, codes):
    decision = decide(facts, Policy(), today=DAY)
    assert (decision.result, [r.code for r in decision.reasons]) == (result, codes)


def test_a_policy_that_only_warns_never_blocks():
    policy = Policy(over_limit="warn", overdue="warn")
    assert decide(BLOCKED, policy, today=DAY).result == "warn"


def test_a_policy_that_lets_pass_leaves_no_reason():
    policy = Policy(over_limit="allow", warn_percent=0)
    assert decide(BLOCKED, policy, today=DAY) == ("allow", (), None)


@pytest.mark.parametrize(
    "release, passes",
    [
        (Release(1), True),
        (Release(1, amount=100), True),
        (Release(1, amount=99.99), False),
        (Release(1, until=DAY), True),
        (Release(1, until=DAY - timedelta(days=1)), False),
    ],
)
def test_a_release_turns_a_block_into_a_warning_that_names_it(release, passes):
    decision = decide(BLOCKED, Policy(), (release,), DAY)
    assert decision.result == ("warn" if passes else "block")
    assert decision.release == (1 if passes else None)
    assert decision.reasons, "what was overridden stays visible"


def test_the_release_that_ends_first_is_taken_first():
    releases = (
        Release(1),
        Release(2, until=DAY + timedelta(days=9)),
        Release(3, until=DAY),
    )
    assert decide(BLOCKED, Policy(), releases, DAY).release == 3


amounts = st.floats(0, 1e6, allow_nan=False)


@given(limit=st.floats(1, 1e6), exposure=amounts, low=amounts, more=amounts)
def test_asking_for_more_is_never_easier(limit, exposure, low, more):
    small = decide(Facts(limit=limit, exposure=exposure, amount=low), Policy())
    large = decide(Facts(limit=limit, exposure=exposure, amount=low + more), Policy())
    assert SEVERITY[small.result] <= SEVERITY[large.result]
