"""The workbook of contracts computes its revenue from its lines, here and elsewhere."""

from datetime import date

import openpyxl
import pytest

from odoo.addons.crm_analytics.tools import workbook_contracts as contracts

from .recalculation import differences, recalculate, spoil

AS_OF = date(2026, 6, 30)
END = date(2026, 12, 31)
ROWS = [
    contracts.Contract(
        1, "=S0001", "Acme", "Growth", "Gold*", "Active", "Li",
        date(2026, 1, 1), END, 105.0, 900.0, 300.0,
    ),
    contracts.Contract(
        2, "S0002", "新客户", None, "Gold", "Active", None,
        date(2026, 1, 1), None, 50.0, 0.0, 10.0,
    ),
    contracts.Contract(
        3, "S0003", "Beta", None, None, "Ended", None,
        date(2025, 1, 1), END, 0.0, None, None,
    ),
]  # fmt: skip
LINES = [
    contracts.Line(1, "=S0001", "Hotline", AS_OF, END, True, 1, 1200, 0.1, 12, 1.0),
    contracts.Line(1, "=S0001", "Visits", AS_OF, END, True, 2, 22.5, 0.0, 3, 1.0),
    contracts.Line(2, "S0002", "Hotline", AS_OF, None, True, 1, 40.0, 0.0, 1, 1.25),
    contracts.Line(3, "S0003", "Hotline", AS_OF, END, False, 1, 99.0, 0.0, 1, 1.0),
]


CHINESE = {"no_level": "无级别", "no_end": "无结束"}


@pytest.fixture(params=[{}, CHINESE], ids=["en", "zh"])
def path(tmp_path, request):
    """The workbook, also with words that the reader's language has for groups."""
    target = tmp_path / "contracts.xlsx"
    data = iter(ROWS), iter(LINES), "Kelvane", AS_OF
    with contracts.contracts(*data, labels=request.param) as stream:
        target.write_bytes(stream.read())
    return target


def values(path, sheet, first=2):
    book = openpyxl.load_workbook(path, data_only=True)
    return {row[0]: row[1:] for row in book[sheet].iter_rows(first, values_only=True)}


def test_sheets_have_filters_frozen_heads_and_charts(path):
    """Covers: ANA-13"""
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Levels", "Renewals", "Contracts", "Lines", "Proof"]
    for sheet in book:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
    assert len(book["Levels"]._charts) == len(book["Renewals"]._charts) == 1


def test_the_revenue_of_a_contract_is_that_of_its_running_lines(path):
    """Covers: ANA-13"""
    found = values(path, "Contracts")
    assert [found[row.name][8] for row in ROWS] == [105.0, 50.0, 0.0]
    assert found["=S0001"][12:] == (600.0, 600 / 900)
    assert {row[2] for row in values(path, "Proof").values()} == {"yes"}


def test_another_program_computes_the_same_numbers(path):
    """Covers: ANA-13"""
    other = path.with_name("spoilt.xlsx")
    other.write_bytes(path.read_bytes())
    spoil(other)
    assert differences(path, recalculate(other)) == []


def test_who_changes_a_price_sees_the_sums_and_the_proof_move(path):
    """Covers: ANA-13"""
    spoil(path, [("Lines", "H2", 2400)])
    moved = recalculate(path)
    assert values(moved, "Contracts")["=S0001"][8] == pytest.approx(195.0)
    levels = values(moved, "Levels", 4)
    assert levels["Gold*"][:2] == (1, pytest.approx(195.0))
    assert levels["Gold"][:2] == (1, pytest.approx(50.0))
    assert values(moved, "Proof")["=S0001"][2] == "no"


def test_a_name_is_never_a_formula(path):
    """Covers: ANA-13"""
    cell = openpyxl.load_workbook(path)["Contracts"]["A2"]
    assert (cell.data_type, bool(cell.quotePrefix)) == ("s", True)


def test_no_contract_is_a_workbook_too():
    """Covers: ANA-13"""
    book = openpyxl.load_workbook(contracts.contracts([], [], "Kelvane", AS_OF))
    assert len(book.sheetnames) == 5
