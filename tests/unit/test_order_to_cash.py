"""Covers: SAL-01"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools.order_to_cash import (
    STEPS,
    InvoiceFact,
    OrderFact,
    order_to_cash,
    round_amount,
)

D = Decimal
CENT = D("0.01")


def amounts(orders=(), invoices=(), rounding=CENT):
    steps = order_to_cash(orders, invoices, rounding)
    return {key: step.amount for key, step in steps.items() if step.amount}


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (OrderFact(1, True, 40), {"quoted": 40}),
        (OrderFact(1, False, 100, 100, 25), {"ordered": 100, "delivered": 25}),
        # over-delivered stays visible
        (OrderFact(1, False, 100, 100, 120), {"ordered": 100, "delivered": 120}),
        # ten percent discount on a line of its own, half delivered
        (OrderFact(1, False, 90, 100, 50, -10), {"ordered": 90, "delivered": 45}),
        # only a discount line: nothing to deliver, nothing to divide by
        (OrderFact(1, False, -10, 0, 0, -10), {"ordered": -10}),
        (OrderFact(1, False, 100, 100, 100, 0, 0.5), {"ordered": 50, "delivered": 50}),
    ],
)
def test_an_order_gives_quoted_or_ordered_and_delivered(fact, expected):
    assert amounts(orders=[fact]) == expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (InvoiceFact(1, 100, 100), {"invoiced": 100}),
        (InvoiceFact(1, 100, 40, 40), {"invoiced": 100, "paid": 60, "overdue": 40}),
        (InvoiceFact(1, 100, 100, 100, settled=True), {"invoiced": 100, "paid": 100}),
        (InvoiceFact(1, -20, -20), {"invoiced": -20}),
        (InvoiceFact(1, -20, 0), {"invoiced": -20, "paid": -20}),
        (InvoiceFact(1, 100, 50, 0, 30, 40), {"invoiced": 75, "paid": D("37.5")}),
        (InvoiceFact(1, 0, 0, 0, 0, 0), {}),
    ],
)
def test_an_invoice_gives_invoiced_paid_and_overdue(fact, expected):
    assert amounts(invoices=[fact]) == expected


@pytest.mark.parametrize(
    ("amount", "rounding", "expected"),
    [
        ("0.125", "0.01", "0.13"),
        ("-0.125", "0.01", "-0.13"),
        ("12.32", "0.05", "12.30"),
        ("12.5", "1", "13"),
        ("1.23456", "0", "1.23456"),
    ],
)
def test_rounding_is_half_away_from_zero(amount, rounding, expected):
    assert round_amount(D(amount), D(rounding)) == D(expected)


def test_each_step_names_the_documents_behind_it():
    steps = order_to_cash(
        [OrderFact(1, True, 5), OrderFact(2, False, 5, 5, 0), OrderFact(3, False, 0)],
        [InvoiceFact(7, 5, 5, 5), InvoiceFact(8, 5, 0)],
    )
    assert tuple(steps) == STEPS
    assert {key: step.documents for key, step in steps.items()} == {
        "quoted": (1,),
        "ordered": (2, 3),
        "delivered": (),
        "invoiced": (7, 8),
        "paid": (8,),
        "overdue": (7,),
    }


money = st.integers(0, 10**9).map(lambda cents: cents / 100)
share = st.integers(0, 100).map(lambda percent: percent / 100)


@st.composite
def invoice_facts(draw, refunds=False):
    total = draw(money)
    residual = round(total * draw(share), 2)
    overdue = round(residual * draw(share), 2)
    if refunds and draw(st.booleans()):
        return InvoiceFact(1, -total, -residual, settled=draw(st.booleans()))
    return InvoiceFact(1, total, residual, overdue, settled=draw(st.booleans()))


@given(st.lists(invoice_facts()))
def test_without_credit_notes_paid_and_overdue_stay_within_invoiced(facts):
    steps = order_to_cash((), facts)
    paid, overdue = steps["paid"].amount, steps["overdue"].amount
    assert 0 <= paid <= steps["invoiced"].amount
    assert 0 <= overdue <= steps["invoiced"].amount - paid


@given(st.lists(invoice_facts(refunds=True)))
def test_invoiced_less_paid_is_what_is_open(facts):
    steps = order_to_cash((), facts)
    residual = sum(D(str(f.residual)) for f in facts if not f.settled)
    assert steps["invoiced"].amount - steps["paid"].amount == residual


@given(money, share, share)
def test_delivered_stays_within_ordered_for_partial_deliveries(total, part, discount):
    adjustment = -round(total * discount, 2)
    fact = OrderFact(
        1, False, round(total + adjustment, 2), total, total * part, adjustment
    )
    steps = order_to_cash([fact], ())
    assert 0 <= steps["delivered"].amount <= steps["ordered"].amount + CENT


@given(st.lists(invoice_facts(refunds=True)), st.randoms())
def test_the_order_of_documents_does_not_matter(facts, random):
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert amounts(invoices=facts) == amounts(invoices=shuffled)


@given(money, st.integers(1, 20), st.integers(1, 20))
def test_shares_of_an_invoice_add_up_to_it_within_a_cent_each(total, mine, yours):
    whole = mine + yours
    facts = [InvoiceFact(1, total, total, total, part, whole) for part in (mine, yours)]
    split = sum(order_to_cash((), [fact])["invoiced"].amount for fact in facts)
    assert abs(split - D(str(total))) <= 2 * CENT
