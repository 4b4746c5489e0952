"""The workbook of the curves. Covers: ANA-06"""

from openpyxl import load_workbook

from odoo.addons.crm_analytics.tools import workbook_curves

CODES = (
    *("whale", "grid", "moves", "cohorts", "curve"),  # the sheets
    *("rank", "customer", "contribution", "cumulative", "share", "count", "revenue"),
    *("from", "to", "nowhere", "cohort", "size", "age", "month", "stage"),
    *("bucket", "bridge", "step", "amount", "before", "now", "periods", "period"),
    *("opening", "gained", "regained", "lost", "closing", "gross", "net"),
)
LABELS = {code: code.title() for code in CODES}
DATA = {
    "whale": [
        {"rank": 1, "name": "=Best", "amount": 90.0, "total": 90.0, "share": 0.5},
        {"rank": 2, "name": "Worst", "amount": -20.0, "total": 70.0, "share": 1.0},
    ],
    "grid": [
        {"r": 1, "f": 2, "count": 3, "monetary": 5.0},
        {"r": 5, "f": 4, "count": 7, "monetary": 900.0},
    ],
    "moves": {
        "classes": [{"code": "growth", "name": "Growth"}],
        "cells": [{"from": False, "to": "growth", "count": 3, "monetary": 50.0}],
    },
    "cohorts": [
        {
            "name": "2026 Q1",
            "size": 4,
            "cells": [
                {"age": 0, "count": 4, "revenue": 40.0, "share": 1.0},
                {"age": 1, "count": 2, "revenue": 20.0, "share": 0.5},
            ],
        },
        {
            "name": "2026 Q2",
            "size": 0,
            "cells": [{"age": 0, "count": 0, "revenue": 0.0, "share": False}],
        },
    ],
    "bucket": {
        "bridges": [
            {
                "name": "Revenue",
                "before": 100.0,
                "now": 80.0,
                "steps": [{"name": "=Lost", "count": 2, "change": -20.0}],
            }
        ]
    },
    "periods": {
        "quarter": [
            {
                "name": name,
                "cells": [{"value": value} for value in (3, 1, 0, 2, 2, *ends)],
            }
            for name, ends in (("2026 Q1", (0.8, 1.1)), ("2026 Q2", (False, False)))
        ],
        "month": [
            {"name": "2026-06", "cells": [{"value": v} for v in (2, 0, 0, 0, 2, 1, 1)]}
        ],
    },
}


def _rows(sheet):
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(2)]


def test_each_curve_is_a_sheet():
    book = load_workbook(workbook_curves.curves("Acme", LABELS, DATA))
    assert book.sheetnames == ["Whale", "Grid", "Moves", "Cohorts", "Bucket", "Periods"]
    assert _rows(book["Whale"]) == [
        (1, "=Best", 90, 0.5, 90),
        (2, "Worst", -20, 1, 70),
    ]
    assert _rows(book["Grid"]) == [(5, 4, 7, 900), (1, 2, 3, 5)]
    assert _rows(book["Moves"]) == [("Nowhere", "Growth", 3, 50)]
    assert _rows(book["Cohorts"]) == [
        ("2026 Q1", 4, 0, 4, 1, 40),
        ("2026 Q1", 4, 1, 2, 0.5, 20),
        ("2026 Q2", 0, 0, 0, None, 0),
    ]


def test_names_are_text_and_heads_stay_in_sight():
    book = load_workbook(workbook_curves.curves("Acme", LABELS, DATA))
    whale = book["Whale"]
    assert whale["B2"].data_type == "s"
    assert whale["B2"].quotePrefix
    for sheet in book:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref


def test_the_whale_curve_is_drawn_over_its_rows():
    book = load_workbook(workbook_curves.curves("Acme", LABELS, DATA))
    [chart] = book["Whale"]._charts
    assert chart.series[0].val.numRef.f == "'Whale'!$E$2:$E$3".replace("'", "")
    assert not book["Grid"]._charts


def test_no_customer_gives_empty_sheets():
    empty = {"whale": [], "grid": [], "moves": {"classes": [], "cells": []}}
    empty |= {"cohorts": [], "bucket": {"bridges": []}}
    empty["periods"] = {"quarter": [], "month": []}
    book = load_workbook(workbook_curves.curves("A", LABELS, empty))
    assert [sheet.max_row for sheet in book] == [1] * 6


def test_a_bridge_stands_row_by_row_and_periods_keep_what_is_unknown_empty():
    book = load_workbook(workbook_curves.curves("Acme", LABELS, DATA))
    assert _rows(book["Bucket"]) == [
        ("Revenue", "Before", None, 100),
        ("Revenue", "=Lost", 2, -20),
        ("Revenue", "Now", None, 80),
    ]
    assert book["Bucket"]["B3"].data_type == "s"
    assert _rows(book["Periods"]) == [
        ("2026 Q1", 3, 1, 0, 2, 2, 0.8, 1.1),
        ("2026 Q2", 3, 1, 0, 2, 2, None, None),
        ("2026-06", 2, 0, 0, 0, 2, 1, 1),
    ]
    [chart] = book["Periods"]._charts
    assert chart.series[0].val.numRef.f == "Periods!$F$2:$F$3"


def test_the_curve_of_a_customer():
    points = [
        {"month": "2026-01-01", "amount": 10.0, "total": 10.0, "stage": "Growth"},
        {"month": "2026-02-01", "amount": -4.0, "total": 6.0, "stage": ""},
    ]
    book = load_workbook(workbook_curves.customer_curve("Acme", LABELS, points))
    rows = _rows(book["Curve"])
    assert [str(row[0])[:10] for row in rows] == ["2026-01-01", "2026-02-01"]
    assert [row[1:] for row in rows] == [(10, 10, "Growth"), (-4, 6, None)]
    assert len(book["Curve"]._charts) == 1
