import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools.work_coverage import Cover, Share, decide


@pytest.mark.parametrize(
    ("kind", "cover", "shares"),
    [
        ("hours", Cover("warranty"), [Share("covered", 4.0)]),
        ("part", Cover("warranty"), [Share("covered", 4.0)]),
        ("hours", Cover("not_covered"), [Share("billable", 4.0)]),
        ("hours", Cover("exhausted", "hours", 0.0), [Share("billable", 4.0)]),
        ("hours", Cover("blocked", "hours", 9.0), [Share("billable", 4.0)]),
        ("hours", Cover("covered", "hours", 9.0), [Share("covered", 4.0, True)]),
        (
            "hours",
            Cover("covered", "hours", 1.5),
            [Share("covered", 1.5, True), Share("billable", 2.5)],
        ),
        ("hours", Cover("covered", "requests"), [Share("covered", 4.0)]),
        ("hours", Cover("covered", "visits"), [Share("covered", 4.0)]),
        ("part", Cover("covered", "visits"), [Share("billable", 4.0)]),
        ("part", Cover("covered", "hours", 4.0), [Share("covered", 4.0, True)]),
        ("part", Cover("covered", None), [Share("covered", 4.0)]),
        ("hours", Cover("covered", None), [Share("covered", 4.0)]),
    ],
)
def test_who_pays_by_table(kind, cover, shares):
    """Covers: SRV-08"""
    assert decide(kind, 4.0, cover) == shares


@given(
    st.sampled_from(["hours", "part"]),
    st.floats(0.01, 1000),
    st.sampled_from(["covered", "warranty", "exhausted", "not_covered", "blocked"]),
    st.sampled_from([None, "hours", "requests", "visits", "parts"]),
    st.one_of(st.none(), st.floats(0, 1000)),
)
def test_every_hour_is_paid_by_somebody_once(kind, quantity, outcome, payer, left):
    """Covers: SRV-08"""
    shares = decide(kind, quantity, Cover(outcome, payer, left))
    assert sum(share.quantity for share in shares) == pytest.approx(quantity, abs=1e-3)
    ledger = sum(share.quantity for share in shares if share.from_ledger)
    assert ledger <= (left or 0) + 1e-6
