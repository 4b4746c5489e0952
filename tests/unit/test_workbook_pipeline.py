"""The pipeline workbook computes its sums from its deals."""

from datetime import date

import openpyxl

from odoo.addons.crm_analytics.tools import workbook_pipeline as pipeline

from .recalculation import differences, recalculate, spoil

DEALS = [
    pipeline.Deal(
        "=HYPERLINK(1)",
        "Acme",
        "Li",
        None,
        "Won*",
        None,
        date(2026, 7, 1),
        12,
        1000.0,
        0.5,
    ),
    pipeline.Deal("Two", None, None, None, "Won", None, None, 3, 500.0, 0.1),
]
ACCURACY = [
    pipeline.Accuracy(date(2026, 5, 1), 4, 900.0, 1000.0),
    pipeline.Accuracy(date(2026, 4, 1), 4, 900.0, 0.0),
]


def _book(values=True, deals=DEALS):
    file = pipeline.pipeline(deals, ACCURACY, "Kelvane", date(2026, 6, 30))
    return openpyxl.load_workbook(file, data_only=values)


def test_sums_by_stage_and_month_are_formulas_with_their_value():
    """Covers: ANA-13"""
    for name, keys in (("Stages", {"Won*": 1, "Won": 1}), ("Months", {"2026-07": 1})):
        values, formulas = _book()[name], _book(values=False)[name]
        rows = {row[0].value: row for row in values.iter_rows(4)}
        for key, count in keys.items():
            assert rows[key][1].value == count
        for row in formulas.iter_rows(4):
            assert str(row[1].value).startswith("=SUMPRODUCT(")


def test_a_name_is_never_a_formula():
    """Covers: ANA-13"""
    cell = _book(values=False)["Deals"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_accuracy_of_a_month_without_orders_is_empty():
    """Covers: ANA-13"""
    sheet = _book()["Accuracy"]
    assert sheet["E2"].value == 0.1
    assert not sheet["E3"].value


def test_an_empty_pipeline_is_a_workbook_too():
    """Covers: ANA-13"""
    book = _book(deals=[])
    assert book.sheetnames == ["Stages", "Months", "Deals", "Accuracy", "Proof"]


def test_another_program_computes_the_same_numbers(tmp_path):
    """Covers: ANA-13"""
    path, other = tmp_path / "pipeline.xlsx", tmp_path / "spoilt.xlsx"
    with pipeline.pipeline(DEALS, ACCURACY, "Kelvane", date(2026, 6, 30)) as stream:
        path.write_bytes(stream.read())
    other.write_bytes(path.read_bytes())
    spoil(other)
    assert differences(path, recalculate(other)) == []


def test_the_proof_says_that_every_sheet_holds_the_same_money():
    """Covers: ANA-13"""
    values, formulas = _book()["Proof"], _book(values=False)["Proof"]
    rows = list(values.iter_rows(2, values_only=True))
    assert [row[1:] for row in rows] == [(1500, 550, "yes")] * 3
    assert all(
        str(cell.value).startswith("=")
        for row in formulas.iter_rows(2)
        for cell in row[1:]
    )


def test_every_sheet_has_a_filter_over_its_rows():
    """Covers: ANA-13"""
    book = _book()
    found = {sheet.title: sheet.auto_filter.ref for sheet in book}
    assert all(found.values())
    for name in ("Stages", "Months"):
        first, last = found[name].split(":")
        assert book[name][first].value in ("Stage", "Month")
        assert last == f"D{book[name].max_row}"
    assert all(sheet.auto_filter.ref for sheet in _book(deals=[]))
