"""What can come back, who pays, what is credited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools import returns

quantities = st.integers(0, 10**6).map(lambda number: number / 1000)


@pytest.mark.parametrize(
    ("delivered", "taken", "left"),
    [(10, [], 10), (10, [4, 6], 0), (10, [11], 0), (0.3, [0.1, 0.1], 0.1)],
)
def test_the_rest_is_what_nobody_took(delivered, taken, left):
    """Covers: SRV-09"""
    assert returns.rest(delivered, taken) == left


@pytest.mark.parametrize(
    ("goodwill", "warranty", "outcome", "who"),
    [
        (True, False, "not_covered", "goodwill"),
        (True, True, "warranty", "goodwill"),
        (False, True, "blocked", "warranty"),
        (False, False, "warranty", "warranty"),
        (False, False, "covered", "covered"),
        (False, False, "exhausted", "charged"),
        (False, False, "not_covered", "charged"),
        (False, False, "blocked", "charged"),
        (False, False, None, "charged"),
    ],
)
def test_who_pays_for_a_repair(goodwill, warranty, outcome, who):
    """Covers: SRV-03, SRV-09"""
    found = returns.coverage(goodwill=goodwill, warranty=warranty, outcome=outcome)
    assert found == who


@given(wanted=quantities, left=st.lists(quantities, max_size=6))
def test_a_credit_takes_all_it_wants_and_no_line_gives_more_than_it_has(wanted, left):
    """Covers: SRV-09"""
    lines = [returns.InvoiceRest(key, number) for key, number in enumerate(left)]
    if round(sum(left), 6) < wanted:
        with pytest.raises(returns.NotEnough) as problem:
            returns.allocate(wanted, lines)
        assert problem.value.left == pytest.approx(sum(left), abs=1e-5)
        return
    shares = returns.allocate(wanted, lines)
    assert sum(share.quantity for share in shares) == pytest.approx(wanted, abs=1e-5)
    assert all(0 < share.quantity <= left[share.key] for share in shares)
    # the older invoice is used up before the younger one is touched
    for share in shares[:-1]:
        assert share.quantity == left[share.key]


def test_a_line_credited_beyond_its_quantity_gives_nothing():
    """Covers: SRV-09"""
    lines = [returns.InvoiceRest(1, -2.0), returns.InvoiceRest(2, 3.0)]
    assert returns.allocate(3, lines) == [returns.InvoiceRest(2, 3)]


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        ([], None),
        (["open", "credited"], None),
        (["credited", "credited"], "credited"),
        (["credited", "repaired"], "mixed"),
        (["missing"], "missing"),
    ],
)
def test_what_became_of_a_return(states, outcome):
    """Covers: SRV-09"""
    assert returns.outcome(states) == outcome
