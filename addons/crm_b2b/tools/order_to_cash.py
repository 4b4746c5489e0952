"""Order-to-cash figures: from facts about documents to the steps of the bar.

One basis for every step, so that they can be compared with each other and with the
receivable ledger: taxes included, in one currency. The caller gives each amount in the
currency of the document's company, at the rate of the document itself, and ``rate``
to reach the currency shown (1 when it is the same).

* quoted: total of the open quotations.
* ordered: total of the confirmed orders.
* delivered: delivered quantity x effective unit price of each line. Discounts kept on
  lines of their own (never "delivered") are spread over what was delivered.
* invoiced: posted invoices less credit notes.
* paid: the part of "invoiced" that is not open any more, whatever settled it
  (payment, credit note, write-off), hence ``invoiced - paid`` = open residual.
* overdue: open instalments of invoices whose date has passed.

Rounding: each document is rounded half away from zero to the currency's rounding after
conversion, then added exactly. Adding up the documents by hand gives the figure shown.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

STEPS = ("quoted", "ordered", "delivered", "invoiced", "paid", "overdue")
ALWAYS_COUNTED = ("quoted", "ordered", "invoiced")  # also with an amount of zero
ZERO = Decimal(0)


class OrderFact(NamedTuple):
    """One quotation or order. Amounts include taxes."""

    document: int  # opaque key, given back in ``Step.documents``
    open_quotation: bool  # still a quotation (draft, sent), else a confirmed order
    total: float
    deliverable: float = 0.0  # total of the lines that can be delivered
    delivered: float = 0.0  # of these, delivered quantity x effective unit price
    adjustment: float = 0.0  # discount lines: negative, never delivered by themselves
    rate: float = 1.0


class InvoiceFact(NamedTuple):
    """One posted invoice (positive) or credit note (negative amounts)."""

    document: int  # opaque key, given back in ``Step.documents``
    total: float
    residual: float  # what is open, same sign as ``total``
    overdue: float = 0.0  # open instalments whose date has passed, 0 for credit notes
    part: float = 1.0  # lines that belong to the owner ...
    whole: float = 1.0  # ... out of all lines of the document
    settled: bool = False  # paid outside the ledger: nothing is open
    rate: float = 1.0


class Step(NamedTuple):
    amount: Decimal
    documents: tuple[int, ...]  # what to open behind the amount


def round_amount(amount: Decimal, rounding: Decimal) -> Decimal:
    """Round half away from zero to a multiple of ``rounding`` (0.01, 0.05, 1)."""
    if not rounding:
        return amount
    return (amount / rounding).quantize(Decimal(1), ROUND_HALF_UP) * rounding


def delivered_value(fact: OrderFact) -> Decimal:
    """Delivered value of an order, with its share of the discount lines."""
    delivered, deliverable = _decimal(fact.delivered), _decimal(fact.deliverable)
    if not fact.adjustment or not deliverable:
        return delivered
    return delivered + _decimal(fact.adjustment) * delivered / deliverable


def order_amounts(fact: OrderFact, rounding: Decimal) -> dict[str, Decimal]:
    rate = _decimal(fact.rate)
    if fact.open_quotation:
        return {"quoted": round_amount(_decimal(fact.total) * rate, rounding)}
    return {
        "ordered": round_amount(_decimal(fact.total) * rate, rounding),
        "delivered": round_amount(delivered_value(fact) * rate, rounding),
    }


def invoice_amounts(fact: InvoiceFact, rounding: Decimal) -> dict[str, Decimal]:
    whole = _decimal(fact.whole)
    share = _decimal(fact.part) / whole if whole else ZERO
    factor = share * _decimal(fact.rate)
    invoiced = round_amount(_decimal(fact.total) * factor, rounding)
    if fact.settled:
        return {"invoiced": invoiced, "paid": invoiced, "overdue": ZERO}
    open_amount = round_amount(_decimal(fact.residual) * factor, rounding)
    return {
        "invoiced": invoiced,
        "paid": invoiced - open_amount,
        "overdue": round_amount(_decimal(fact.overdue) * factor, rounding),
    }


def order_to_cash(
    orders: Iterable[OrderFact],
    invoices: Iterable[InvoiceFact],
    rounding: Decimal = Decimal("0.01"),
) -> dict[str, Step]:
    """Return the six steps in order: amount, and the documents behind it.

    A confirmed order counts for "delivered" once something of it was delivered, an
    invoice for "paid" once something of it was settled, for "overdue" once it is.
    """
    amounts = dict.fromkeys(STEPS, ZERO)
    documents = {step: [] for step in STEPS}
    facts = [(fact.document, order_amounts(fact, rounding)) for fact in orders]
    facts += [(fact.document, invoice_amounts(fact, rounding)) for fact in invoices]
    for document, parts in facts:
        for step, amount in parts.items():
            amounts[step] += amount
            if amount or step in ALWAYS_COUNTED:
                documents[step].append(document)
    return {step: Step(amounts[step], tuple(documents[step])) for step in STEPS}


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))
