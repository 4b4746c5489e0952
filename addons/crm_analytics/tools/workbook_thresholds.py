"""The sheet *Thresholds* of the customer value workbook: limits as named cells."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from . import months, rfm, value_class
from .workbook import Book, Column, Formula, reference

# What a limit that no value reaches becomes: spreadsheets have no infinity.
_BIG = 9.99e307


class Thresholds(NamedTuple):
    """Everything that a reader may change on the sheet *Thresholds*."""

    window_months: int
    cuts: rfm.Cuts
    limits: value_class.Limits
    abc_a: float
    abc_b: float


def write_thresholds(
    book: Book,
    labels: Mapping[str, str],
    as_of: date,
    policy: Thresholds,
    positive_total: Formula,
) -> None:
    """Write the sheet *Thresholds*; each value gets a name such as ``p_as_of``."""
    columns = [
        Column("threshold", labels["threshold"], "text", 48),
        Column("value", labels["value"], "number", 16),
    ]
    sheet = book.sheet(labels["thresholds"], columns)
    place = reference(sheet.name)

    def line(name: str, label: str, value: Any, kind: str) -> None:
        sheet.text(0, label)
        sheet.put(1, value, kind)
        book.workbook.define_name(name, f"={place}$B${sheet.row + 1}")
        sheet.next_row()

    for name, value, kind in _inputs(as_of, policy):
        line(f"p_{name}", labels[name], value, f"input_{kind}")
    for name, text, value in _computed(as_of, policy):
        line(f"p_{name}", labels[name], Formula(text, value), "date")
    line("p_positive_total", labels["positive_total"], positive_total, "money")
    for code in value_class.CLASSES:
        line(
            f"c_{code}",
            f"{labels['value_class']}: {labels[code]}",
            labels[code],
            "text",
        )
    for code in ("purchase", "yes", "no"):
        line(f"k_{code}", labels[code], labels[code], "text")
    sheet.next_row()
    sheet.text(0, labels["note_thresholds"], "note")
    sheet.next_row()
    sheet.text(0, labels["note_proof"], "note")


def _inputs(as_of: date, policy: Thresholds) -> list[tuple[str, Any, str]]:
    cuts, limits = policy.cuts, policy.limits
    scores = [
        *(
            (f"recency_{5 - index}", max(value, -1), "number")
            for index, value in enumerate(cuts.recency)
        ),
        *(
            (f"{name}_{2 + index}", min(value, _BIG), "number")
            for name in ("frequency", "monetary")
            for index, value in enumerate(getattr(cuts, name))
        ),
    ]
    return [
        ("as_of", as_of, "date"),
        ("window_months", policy.window_months, "int"),
        *scores,
        ("abc_a", policy.abc_a, "percent"),
        ("abc_b", policy.abc_b, "percent"),
        ("dormant_months", limits.dormant_months, "int"),
        ("new_months", limits.new_months, "int"),
        ("churn_limit", limits.churn_risk, "percent"),
        ("decline", limits.decline, "percent"),
        ("loyalty_limit", limits.loyalty, "number"),
        ("growth_limit", limits.growth, "percent"),
        ("growth_days", limits.growth_days, "int"),
    ]


def _computed(as_of: date, policy: Thresholds) -> list[tuple[str, str, date]]:
    return [
        (
            "window_start",
            "=EDATE(p_as_of,-p_window_months)",
            months.shift(as_of, -policy.window_months),
        ),
        ("half_start", "=EDATE(p_as_of,-6)", months.shift(as_of, -6)),
        ("year_before", "=EDATE(p_as_of,-12)", months.shift(as_of, -12)),
        ("half_before_start", "=EDATE(p_as_of,-18)", months.shift(as_of, -18)),
    ]
