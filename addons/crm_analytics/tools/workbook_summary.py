"""The sheets *Summary* and *Curve* of the customer value workbook, with charts."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from . import value_class
from .workbook import Book, Column, Formula, Sheet, reference
from .workbook_proof import Proof

POINTS = 200


class Curve(NamedTuple):
    """Name and last line of the sheet that holds the whale curve."""

    sheet: str
    last: int


def write_curve(
    book: Book, labels: Mapping[str, str], contributions: Sequence[float]
) -> Curve:
    """Write at most :data:`POINTS` points of the whale curve, best customers first.

    :param contributions: descending
    """
    columns = [
        Column("rank", labels["count"], "int"),
        Column("rank_share", labels["rank_share"], "percent", 18),
        Column("cumulative", labels["cumulative"], "money", 20),
    ]
    sheet = book.sheet(labels["curve"], columns)
    sheet.write((0, 0.0, 0.0))
    total, count = 0.0, len(contributions)
    step = max(1, -(-count // POINTS))
    for rank, contribution in enumerate(contributions, 1):
        total += contribution
        if rank % step == 0 or rank == count:
            sheet.write((rank, rank / count, total))
    return Curve(sheet.name, sheet.row)


def write_summary(
    sheet: Sheet,
    book: Book,
    labels: Mapping[str, str],
    meta: Any,
    title: str,
    proof: Proof,
    curve: Curve,
) -> None:
    """Fill the first sheet: origin, classes, score grid and charts."""
    sheet.sheet.set_column(0, 0, 30)
    sheet.sheet.set_column(1, 6, 17)
    sheet.text(0, title, "title")
    sheet.next_row()
    for key in ("company", "currency", "policy", "run"):
        sheet.text(0, labels[key])
        sheet.text(1, getattr(meta, key))
        sheet.next_row()
    sheet.text(0, labels["as_of"])
    sheet.put(1, Formula("=p_as_of", meta.as_of), "date")
    sheet.next_row(2)
    first, last = _write_classes(sheet, labels, proof)
    sheet.next_row()
    _write_grid(sheet, labels, proof)
    _draw(sheet, book, labels, (first, last), curve)


def _write_classes(
    sheet: Sheet, labels: Mapping[str, str], proof: Proof
) -> tuple[int, int]:
    heads = ("value_class", "count", "share", "monetary", "monetary_share")
    for index, key in enumerate((*heads, "contribution")):
        sheet.text(index, labels[key], "head")
    sheet.next_row()
    first = sheet.row
    count = sum(total[0] for total in proof.classes.values()) or 1
    money = sum(total[1] for total in proof.classes.values())
    last = first + len(value_class.CLASSES)
    own = proof.range("class_proof")
    for code in value_class.CLASSES:
        number, monetary, contribution = proof.classes[code]
        line = sheet.row + 1
        cells = (
            (f"=c_{code}", labels[code], "text"),
            (f"=COUNTIF({own},A{line})", number, "int"),
            (
                f"=IF(SUM(B${first + 1}:B${last})=0,0,"
                f"B{line}/SUM(B${first + 1}:B${last}))",
                number / count,
                "percent",
            ),
            (f"=SUMIF({own},A{line},{proof.range('monetary')})", monetary, "money"),
            (
                f"=IF(SUM(D${first + 1}:D${last})=0,0,"
                f"D{line}/SUM(D${first + 1}:D${last}))",
                monetary / money if money else 0,
                "percent",
            ),
            (
                f"=SUMIF({own},A{line},{proof.range('contribution')})",
                contribution,
                "money",
            ),
        )
        for index, (text, value, kind) in enumerate(cells):
            sheet.put(index, Formula(text, value), kind)
        sheet.next_row()
    return first, sheet.row - 1


def _write_grid(sheet: Sheet, labels: Mapping[str, str], proof: Proof) -> None:
    sheet.text(0, labels["grid"], "strong")
    sheet.next_row()
    for score in range(1, 6):
        sheet.put(score, score, "score")
    top = sheet.row + 1
    sheet.next_row()
    r_range, f_range = proof.range("r"), proof.range("f")
    for r in range(5, 0, -1):
        line = sheet.row + 1
        sheet.put(0, r, "score")
        for f in range(1, 6):
            column = "ABCDEF"[f]
            text = f"=COUNTIFS({r_range},$A{line},{f_range},{column}${top})"
            sheet.put(f, Formula(text, proof.grid.get((r, f), 0)), "int")
        sheet.next_row()
    sheet.sheet.conditional_format(
        top,
        1,
        top + 4,
        5,
        {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#8FAADC"},
    )


def _draw(
    sheet: Sheet,
    book: Book,
    labels: Mapping[str, str],
    classes: tuple[int, int],
    curve: Curve,
) -> None:
    place, first, last = reference(sheet.name), classes[0] + 1, classes[1] + 1
    bars = book.workbook.add_chart({"type": "column"})
    for column, key in (("D", "monetary"), ("F", "contribution")):
        bars.add_series(
            {
                "name": labels[key],
                "categories": f"={place}$A${first}:$A${last}",
                "values": f"={place}${column}${first}:${column}${last}",
            }
        )
    bars.set_title({"name": labels["value_class"]})
    bars.set_size({"width": 620, "height": 320})
    sheet.sheet.insert_chart("H2", bars)
    whale = book.workbook.add_chart({"type": "scatter", "subtype": "straight"})
    place = reference(curve.sheet)
    whale.add_series(
        {
            "name": labels["cumulative"],
            "categories": f"={place}$B$2:$B${curve.last}",
            "values": f"={place}$C$2:$C${curve.last}",
        }
    )
    whale.set_title({"name": labels["cumulative"]})
    whale.set_x_axis(
        {"name": labels["rank_share"], "num_format": "0%", "min": 0, "max": 1}
    )
    whale.set_legend({"none": True})
    whale.set_size({"width": 620, "height": 320})
    sheet.sheet.insert_chart("H19", whale)
