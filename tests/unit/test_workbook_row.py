"""Rows written as text are those that xlsxwriter writes, to the letter."""

import re
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import workbook
from odoo.addons.crm_analytics.tools.workbook_row import RowSheet

KINDS = ("text", "int", "money", "date", "text", "ratio")
TEXT = st.text(
    st.characters(exclude_categories=("Cs",)), max_size=20
) | st.sampled_from(
    (
        "=1+1",
        "\n=1+1",
        "\xa0=1",
        "\ufeff=1",
        " -2",
        "@x",
        "_x0041_",
        "a & <b>",
        " lead",
        "trail ",
        "\t",
        "x" * 40_000,
    )
)
NUMBER = st.none() | st.integers(-(10**12), 10**12) | st.floats(allow_infinity=False)
DAY = st.none() | st.dates(date(1900, 3, 1), date(2100, 1, 1))
ROW = st.tuples(st.none() | TEXT, NUMBER, NUMBER, DAY, TEXT, NUMBER)


def sheet_of(rows):
    """XML of a sheet with these rows, and its styles."""
    book = workbook.Book()
    for style in ("head", "quoted", *KINDS):
        book.style(style)._get_xf_index()  # numbered by first use
    columns = [workbook.Column(f"c{i}", f"C{i}", k) for i, k in enumerate(KINDS)]
    sheet = book.sheet("S", columns)
    for row in rows:
        sheet.write(row)
    with book.finish() as file, zipfile.ZipFile(file) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@given(st.lists(ROW, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_row_as_text_is_the_row_cell_by_cell(rows):
    usual = RowSheet.takes_row
    fast = sheet_of(rows)
    RowSheet.takes_row = lambda sheet, row: False
    try:
        assert fast == sheet_of(rows)
    finally:
        RowSheet.takes_row = usual


def test_what_is_not_plain_goes_the_usual_way_in_the_same_sheet():
    rows = [
        ("a", 1, 2.5, date(2026, 1, 1), "b", 0.1),
        ("a", workbook.Formula("=1+1", 2), 2.5, datetime(2026, 1, 1, 12), "b", 1),
        (7, 1, 2.5, date(1900, 1, 5), "b", 0.1),
        ("z", 1, 2.5, date(2026, 1, 1), "b", 0.1),
    ]
    found = sheet_of(rows)
    assert [f'<row r="{number}">' in found for number in range(1, 6)] == [True] * 5
    assert found.count("<row ") == 5
    assert "<f>1+1</f>" in found


def test_infinity_is_refused():
    with pytest.raises(TypeError):
        sheet_of([("a", float("inf"), 1, None, "b", 1)])


@pytest.mark.parametrize(
    "start", ["", " ", "\n", "\xa0", "\ufeff", "\u200b", " \n\t", "\x1f"]
)
def test_no_text_that_begins_unseen_becomes_a_formula(start):
    """Covers: ANA-11"""
    quoted = sheet_of([("=1", None, None, None, "", None)])
    style = re.search(r'<c r="A2" s="(\d+)"', quoted)[1]
    plain = re.search(r'<c r="E2" s="(\d+)"', quoted)[1]
    found = sheet_of([(start + "=1+1", None, None, None, start + "a", None)])
    assert f'<c r="A2" s="{style}"' in found
    assert f'<c r="E2" s="{plain}"' in found
