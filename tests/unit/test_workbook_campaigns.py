"""The workbook of campaigns computes its results from its documents."""

from datetime import date

import openpyxl
import pytest

from odoo.addons.crm_marketing.tools import workbook_campaigns as campaigns

from .recalculation import differences, recalculate, spoil

DAY = date(2026, 6, 1)
ENTRIES = [
    campaigns.Entry("=Spring*", "Deal", DAY, "A", "Acme", 1, 0, 0.0, 0.0, 0.0, 0.0),
    campaigns.Entry("=Spring*", "Order", DAY, "S1", "Acme", 0, 1, 500.0, 0.0, 0.0, 0.0),
    campaigns.Entry("=Spring*", "Invoice", DAY, "I1", None, 0, 0, 0, 480.0, 200.0, 0),
    campaigns.Entry("=Spring*", "Bill", None, "=B1", "Print", 0, 0, 0, 0, 0, 80.0),
    campaigns.Entry("=SPRING*", "Order", DAY, "S2", "新客户", 0, 1, 9.0, 0, 0, 0),
]
EFFECTS = [
    campaigns.Effect("=Spring*", "Revenue", 40, 20, 9.0, 7.0, 2.0, -1.0, 5.0, 80.0, "-")
]
BUDGETS = [campaigns.Budget("2026", "Fair", DAY, 100.0, 80.0)]


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "campaigns.xlsx"
    with campaigns.campaigns(ENTRIES, EFFECTS, BUDGETS, "Kelvane", DAY) as stream:
        target.write_bytes(stream.read())
    return target


def rows(path, sheet):
    book = openpyxl.load_workbook(path, data_only=True)
    return {row[0]: row[1:] for row in book[sheet].values}


def test_sheets_have_filters_frozen_heads_and_a_chart(path):
    """Covers: ANA-13"""
    book = openpyxl.load_workbook(path)
    names = ["Campaigns", "Documents", "Effect", "Budget", "Proof"]
    assert book.sheetnames == names
    assert all(sheet.freeze_panes and sheet.auto_filter.ref for sheet in book)
    assert len(book["Campaigns"]._charts) == 1


def test_names_that_differ_by_case_or_look_like_patterns_are_two(path):
    """Covers: ANA-13"""
    again = recalculate(path)
    for book in (path, again):
        found = rows(book, "Campaigns")
        assert found["=Spring*"] == (1, 1, 500, 480, 200, 80, 120, 1.5)
        assert found["=SPRING*"][:6] == (0, 1, 9, 0, 0, 0)


def test_another_program_computes_the_same_numbers(path):
    """Covers: ANA-13"""
    other = path.with_name("spoilt.xlsx")
    other.write_bytes(path.read_bytes())
    spoil(other)
    assert differences(path, recalculate(other)) == []


def test_who_corrects_a_document_sees_result_and_proof_follow(path):
    """Covers: ANA-13"""
    spoil(path, [("Documents", "J4", 260)])
    moved = recalculate(path)
    assert rows(moved, "Campaigns")["=Spring*"][4:] == (260, 80, 180, 2.25)
    proof = rows(moved, "Proof")
    assert proof["Invoiced margin"] == (260, 260, "yes")


def test_a_document_of_a_campaign_that_is_not_listed_is_seen_in_the_proof(path):
    """Covers: ANA-13"""
    spoil(path, [("Documents", "A3", "Another")])
    proof = rows(recalculate(path), "Proof")
    assert proof["Ordered"] == (9, 509, "no")
    assert proof["Leads"] == (1, 1, "yes")


def test_a_name_is_never_a_formula(path):
    """Covers: ANA-13"""
    book = openpyxl.load_workbook(path)
    for cell in (
        book["Documents"]["A2"],
        book["Documents"]["D5"],
        book["Effect"]["A2"],
    ):
        assert (cell.data_type, bool(cell.quotePrefix)) == ("s", True)


def test_no_campaign_is_a_workbook_too():
    """Covers: ANA-13"""
    book = openpyxl.load_workbook(campaigns.campaigns([], [], [], "Kelvane", DAY))
    assert len(book.sheetnames) == 5
