"""The customer value workbook: what is in it, and that its formulas compute."""

from datetime import date

import openpyxl
import pytest

from odoo.addons.crm_analytics.tools import rfm
from odoo.addons.crm_analytics.tools.workbook_customer_value import (
    CustomerValueRow,
    LedgerEntry,
    Meta,
    customer_value,
)

from .recalculation import recalculate, spoil

AS_OF = date(2026, 6, 30)
ENTRIES = [
    # loyal A customer: 3 days, a refund on a purchase day, an invoice before the window
    LedgerEntry(1, 10, "INV/10", date(2025, 3, 1), 4_000.0),
    LedgerEntry(1, 11, "INV/11", date(2025, 9, 1), 30_000.0),
    LedgerEntry(1, 12, "INV/12", date(2026, 2, 1), 20_000.0),
    LedgerEntry(1, 13, "RINV/13", date(2026, 2, 1), -500.25, True),
    LedgerEntry(1, 14, "INV/14", date(2026, 2, 1), 100.0),
    LedgerEntry(1, 15, "INV/15", date(2026, 6, 20), 10_000.0),
    # was an A customer, half-year revenue down 70 %
    LedgerEntry(2, 20, "INV/20", date(2025, 3, 10), 10_000.0),
    LedgerEntry(2, 21, "INV/21", date(2026, 3, 10), 3_000.0),
    # new
    LedgerEntry(3, 30, "INV/30", date(2026, 5, 5), 2_000.0),
    # dormant
    LedgerEntry(4, 40, "INV/40", date(2023, 5, 5), 9_000.0),
    # transactional, costs above revenue
    LedgerEntry(5, 50, "INV/50", date(2025, 12, 31), 700.0),
    LedgerEntry(5, 51, "INV/51", date(2025, 5, 31), 700.0),
]
ROWS = [
    CustomerValueRow(
        1, "=HYPERLINK(0)", "most_valuable", 59_599.75, 30_000.0, abc="A", loyalty=80.0
    ),
    CustomerValueRow(
        2, "Beta & Söhne <b>", "being_lost", 3_000.0, 2_500.0, abc="B", abc_before="A"
    ),
    CustomerValueRow(3, "新客户", "new", 2_000.0, 1_500.0, abc="C", churn_risk=0.9),
    CustomerValueRow(4, "@old", "dormant", 0.0, 0.0, abc="C", loyalty=10.0),
    CustomerValueRow(
        5, "-5 Ltd", "transactional", 700.0, -100.0, abc="D", loyalty=20.0
    ),
]
META = Meta(AS_OF, "My Company", "EUR", "3", "Run 7", cuts=rfm.Cuts())


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "value.xlsx"
    with customer_value(iter(ROWS), iter(ENTRIES), META) as stream:
        target.write_bytes(stream.read())
    return target


def column(path, sheet, label, data_only=True):
    """Values of a column by its head, top to bottom."""
    found = openpyxl.load_workbook(path, data_only=data_only)[sheet]
    head = [cell.value for cell in found[1]]
    index = head.index(label)
    return [row[index].value for row in found.iter_rows(min_row=2)]


def test_the_sheets_stand_in_order_with_frozen_heads_and_filters(path):
    """Covers: ANA-13"""
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "Summary",
        "Customers",
        "Ledger entries",
        "Proof",
        "Thresholds",
        "Curve",
    ]
    assert book["Customers"].freeze_panes == "C2"
    assert book["Customers"].auto_filter.ref == "A1:Y6"
    assert book["Ledger entries"].auto_filter.ref == "A1:G13"
    assert len(book["Summary"]._charts) == 2


def test_names_stay_text_and_carry_the_quote_prefix(path):
    """A name that looks like a formula is neither computed nor computable."""
    sheet = openpyxl.load_workbook(path)["Customers"]
    for row, name in enumerate([row.name for row in ROWS], 2):
        cell = sheet.cell(row, 2)
        assert (cell.value, cell.data_type) == (name, "s")
        assert bool(cell.quotePrefix) == (name[0] in "=+-@")


def test_the_file_keeps_the_figures_for_viewers_that_do_not_compute(path):
    assert column(path, "Proof", "Monetary (net revenue)") == [
        59_599.75,
        3_000,
        2_000,
        0,
        700,
    ]
    assert column(path, "Proof", "Frequency (purchase days)") == [3, 1, 1, 0, 1]
    assert column(path, "Proof", "Recency (days)") == [10, 112, 56, 1152, 181]
    assert column(path, "Proof", "Agrees") == ["yes"] * 5


def test_recalculation_in_another_program_gives_the_same_numbers(path):
    """Covers: ANA-01, ANA-13"""
    before = {
        sheet: [
            [cell.value for cell in row]
            for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows()
        ]
        for sheet in ("Summary", "Ledger entries", "Proof", "Thresholds")
    }
    spoil(path)
    book = openpyxl.load_workbook(recalculate(path), data_only=True)
    for sheet, rows in before.items():
        for number, row in enumerate(rows, 1):
            for index, value in enumerate(row, 1):
                again = book[sheet].cell(number, index).value
                where = f"{sheet} {number},{index}"
                if isinstance(value, float):
                    assert again == pytest.approx(value), where
                else:
                    assert (again or None) == (value or None), where


@pytest.mark.parametrize(
    ("threshold", "value", "classes"),
    [
        ("Most valuable and growth from loyalty", 90, {1: "Growth"}),
        ("Being lost from revenue down by", 0.8, {2: "Transactional"}),
        ("New up to (months since the first purchase)", 1, {3: "Transactional"}),
        ("Dormant without purchase for (months)", 60, {4: "Transactional"}),
        ("A up to (cumulative share)", 0, {1: "Growth"}),
    ],
)
def test_a_changed_threshold_moves_the_class(path, threshold, value, classes):
    book = openpyxl.load_workbook(path)
    for row in book["Thresholds"].iter_rows():
        if row[0].value == threshold:
            row[1].value = value
    book.save(path)
    expected = {
        1: "Most valuable",
        2: "Being lost",
        3: "New",
        4: "Dormant",
        5: "Transactional",
    } | classes
    again = recalculate(path)
    assert column(again, "Proof", "Class, recomputed") == list(expected.values())
    changed = [number in classes for number in expected]
    assert column(again, "Proof", "Agrees") == ["NO" if c else "yes" for c in changed]
