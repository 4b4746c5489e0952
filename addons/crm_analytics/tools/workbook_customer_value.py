"""The customer value workbook, with a proof that computes.

The sheet *Proof* recomputes recency, frequency, monetary, their scores and the value
class by live formulas from the sheets *Ledger entries* and *Thresholds*; who changes a
threshold in the spreadsheet sees customers move between classes. What cannot be derived
from entries (costs, ABC of the year before, churn risk, loyalty) is carried over from
the run and marked as such.
"""

from array import array
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import BinaryIO, NamedTuple

from . import rfm, value_class
from .workbook import MAX_ROWS, Book, Column, Formula, Sheet, reference
from .workbook_labels import CUSTOMER_VALUE
from .workbook_proof import Proof, Slice
from .workbook_summary import write_curve, write_summary
from .workbook_thresholds import Thresholds

ENTRY_ROWS = MAX_ROWS - 2


class CustomerValueRow(NamedTuple):
    """One customer as the run left it; money in company currency, shares as fractions.

    ``customer_id``, ``name``, ``value_class`` (code), ``monetary`` and ``contribution``
    are needed; None in another field leaves its cell empty. Texts are already
    translated.
    """

    customer_id: int
    name: str
    value_class: str
    monetary: float
    contribution: float
    recency: int | None = None
    frequency: int | None = None
    r: int | None = None
    f: int | None = None
    m: int | None = None
    rfm_group: str | None = None
    abc: str | None = None
    abc_before: str | None = None
    loyalty: float | None = None
    revenue_change: float | None = None
    churn_risk: float | None = None
    value_at_risk: float | None = None
    lifecycle: str | None = None
    tier: str | None = None
    p_active: float | None = None
    clv: float | None = None
    first_purchase: date | None = None
    last_purchase: date | None = None
    salesperson: str | None = None
    reasons: str | None = None


class LedgerEntry(NamedTuple):
    """A posted invoice or credit note; ``amount`` untaxed, a credit note negative."""

    customer_id: int
    entry_id: int
    name: str
    date: date
    amount: float
    refund: bool = False


class Meta(NamedTuple):
    """What the workbook says about its origin, and the thresholds it computes with.

    ``cuts`` are the limits in force: those of the policy, or those that
    :func:`rfm.score_quintile` returned. ``labels`` holds translated words by the codes
        of
    :data:`workbook_labels.CUSTOMER_VALUE`; a missing code stays English.
    """

    as_of: date
    company: str = ""
    currency: str = ""
    policy: str = ""
    run: str = ""
    window_months: int = 12
    cuts: rfm.Cuts = rfm.Cuts()
    limits: value_class.Limits = value_class.Limits()
    abc_a: float = 0.80
    abc_b: float = 0.95
    labels: Mapping[str, str] = {}


_CUSTOMER_KINDS = {
    "customer_id": "int",
    "recency": "int",
    "frequency": "int",
    "r": "score",
    "f": "score",
    "m": "score",
    "monetary": "money",
    "contribution": "money",
    "value_at_risk": "money",
    "clv": "money",
    "loyalty": "number",
    "revenue_change": "percent",
    "churn_risk": "percent",
    "p_active": "percent",
    "first_purchase": "date",
    "last_purchase": "date",
}
_CUSTOMER_ORDER = (
    "customer_id",
    "name",
    "value_class",
    "salesperson",
    "rfm_group",
    "r",
    "f",
    "m",
    "recency",
    "frequency",
    "monetary",
    "contribution",
    "abc",
    "abc_before",
    "revenue_change",
    "loyalty",
    "churn_risk",
    "value_at_risk",
    "reasons",
    "lifecycle",
    "tier",
    "p_active",
    "clv",
    "first_purchase",
    "last_purchase",
)
_NARROW = {"abc": 6, "abc_before": 10, "tier": 8, "reasons": 50, "name": 34}
_ENTRY_COLUMNS = (
    ("customer_id", "int"),
    ("entry_id", "int"),
    ("entry", "text"),
    ("date", "date"),
    ("kind", "text"),
    ("amount", "money"),
    ("purchase_day", "score"),
)


def customer_value(
    rows: Iterable[CustomerValueRow], entries: Iterable[LedgerEntry], meta: Meta
) -> BinaryIO:
    """Workbook of one run as an open file, positioned at its beginning.

    Both iterables are read once, ``entries`` first, and may be generators.

    :param rows: customers by descending contribution
    :param entries: the whole history of these customers up to the as-of date, the
        entries of one customer next to each other
    :raises ValueError: when ``rows`` do not descend or name a customer twice, when a
        customer's entries are apart, when entries lie after the as-of date, or when a
        customer has more entries than a sheet has rows
    """
    labels = {**CUSTOMER_VALUE, **meta.labels}
    title = f"{labels['title']} {meta.as_of.isoformat()}"
    book = Book(title, meta.company)
    summary = book.sheet(labels["summary"])
    customers = book.sheet(labels["customers"], _customer_columns(labels))
    ledger = _Ledger(book, labels, meta)
    slices = ledger.write(entries)
    proof = Proof(book, labels, meta.as_of, _thresholds(meta))
    contributions = _write_customers(customers, proof, rows, slices, labels)
    proof.finish()
    curve = write_curve(book, labels, contributions)
    write_summary(summary, book, labels, meta, title, proof, curve)
    return book.finish()


def _thresholds(meta: Meta) -> Thresholds:
    return Thresholds(
        meta.window_months, meta.cuts, meta.limits, meta.abc_a, meta.abc_b
    )


def _customer_columns(labels: Mapping[str, str]) -> list[Column]:
    return [
        Column(key, labels[key], _CUSTOMER_KINDS.get(key, "text"), _NARROW.get(key, 0))
        for key in _CUSTOMER_ORDER
    ]


class _Ledger:
    """Writes the entries, on further sheets when one is full."""

    def __init__(self, book: Book, labels: Mapping[str, str], meta: Meta):
        self._book, self._labels, self._meta = book, labels, meta
        self._kinds = (labels["purchase"], labels["refund"])
        self._sheet = self._new_sheet()

    def _new_sheet(self) -> Sheet:
        labels = self._labels
        columns = [Column(key, labels[key], kind) for key, kind in _ENTRY_COLUMNS]
        return self._book.sheet(labels["ledger"], columns)

    # A plain class, no model.
    def write(  # pylint: disable=method-required-super
        self, entries: Iterable[LedgerEntry]
    ) -> dict[int, Slice]:
        """Write all entries; where each customer's stand, and what they sum up to."""
        slices: dict[int, Slice] = {}
        # Neighbours only: entries that are apart are refused below.
        neighbours = groupby(  # pylint: disable=bad-builtin-groupby
            entries, key=attrgetter("customer_id")
        )
        for customer_id, group in neighbours:
            if customer_id in slices:
                raise ValueError(f"the entries of customer {customer_id} are apart")
            found = sorted(group, key=lambda e: (e.date, e.refund, e.entry_id))
            if found[-1].date > self._meta.as_of:
                raise ValueError(
                    f"entry {found[-1].name} lies after {self._meta.as_of}"
                )
            slices[customer_id] = self._write_customer(found)
        self._sheet.autofilter()
        return slices

    def _write_customer(self, found: list[LedgerEntry]) -> Slice:
        if len(found) > ENTRY_ROWS:
            raise ValueError(f"customer {found[0].customer_id}: {len(found)} entries")
        if self._sheet.row + len(found) > MAX_ROWS:
            self._sheet.autofilter()
            self._sheet = self._new_sheet()
        sheet = self._sheet
        first = sheet.row + 1
        seen: set[date] = set()
        for entry in found:
            is_first = not entry.refund and entry.date not in seen
            seen.add(entry.date) if is_first else None
            line = sheet.row + 1
            day = Formula(_PURCHASE_DAY.format(line, line - 1), int(is_first))
            sheet.write(
                (
                    *entry[:4],
                    self._kinds[entry.refund],
                    entry.amount,
                    day,
                )
            )
        return Slice.of(
            reference(sheet.name), first, found, self._meta.as_of, self._meta
        )


# An invoice counts as a purchase day when the line above is not an invoice of that
# customer and day: the lines of a customer stand by date, invoices first.
_PURCHASE_DAY = (
    "=IF(AND(E{0}=k_purchase,NOT(AND(A{1}=A{0},D{1}=D{0},E{1}=k_purchase))),1,0)"
)


def _write_customers(
    sheet: Sheet,
    proof: Proof,
    rows: Iterable[CustomerValueRow],
    slices: Mapping[int, Slice],
    labels: Mapping[str, str],
) -> "array[float]":
    contributions = array("d")
    seen: set[int] = set()
    for row in rows:
        if contributions and row.contribution > contributions[-1]:
            raise ValueError(f"customers must descend by contribution: {row.name}")
        if row.customer_id in seen:
            raise ValueError(f"customer {row.customer_id} is listed twice")
        seen.add(row.customer_id)
        contributions.append(row.contribution)
        values = row._replace(value_class=labels[row.value_class])
        sheet.write([getattr(values, key) for key in _CUSTOMER_ORDER])
        proof.write(row, slices.get(row.customer_id))
    sheet.autofilter()
    _highlight(sheet)
    return contributions


def _highlight(sheet: Sheet) -> None:
    last = max(sheet.row - 1, 1)
    for key, rule in (
        ("churn_risk", {"type": "data_bar", "bar_color": "#F4B183", "bar_solid": True}),
        ("loyalty", {"type": "data_bar", "bar_color": "#A9D18E", "bar_solid": True}),
        (
            "value_at_risk",
            {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#F8CBAD"},
        ),
    ):
        column = sheet.column(key)
        sheet.sheet.conditional_format(1, column, last, column, rule)
