"""The workbook of pipeline and forecast: deals, and sums that compute from them.

The sheets *Stages* and *Months* hold formulas over the sheet *Deals*: who corrects an
amount or a probability there sees the sums move.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import BinaryIO, NamedTuple

from .workbook import Book, Column, Formula, Sheet, reference

LABELS = {
    "title": "Pipeline and forecast",
    "deals": "Deals",
    "stages": "Stages",
    "months": "Months",
    "accuracy": "Accuracy",
    "name": "Deal",
    "customer": "Customer",
    "salesperson": "Salesperson",
    "team": "Sales team",
    "stage": "Stage",
    "category": "Forecast category",
    "closing": "Expected closing",
    "month": "Month",
    "age": "Age (days)",
    "amount": "Expected revenue",
    "probability": "Probability",
    "weighted": "Weighted",
    "count": "Deals",
    "weeks": "Weeks ahead",
    "forecast": "Forecast",
    "ordered": "Ordered",
    "error": "Error",
    "no_month": "No date",
    "as_of": "As of",
    "proof": "Proof",
    "sheet": "Sheet",
    "agrees": "Agrees",
    "yes": "yes",
    "no": "no",
}


class Deal(NamedTuple):
    """An open opportunity; ``probability`` a share, money in company currency."""

    name: str
    customer: str | None
    salesperson: str | None
    team: str | None
    stage: str
    category: str | None
    closing: date | None
    age: int
    amount: float
    probability: float


class Accuracy(NamedTuple):
    """What was forecast some weeks ahead of a month, and what was ordered."""

    month: date
    weeks: int
    forecast: float
    ordered: float


def pipeline(
    deals: Iterable[Deal],
    accuracy: Iterable[Accuracy],
    company: str,
    as_of: date,
    labels: Mapping[str, str] | None = None,
) -> BinaryIO:
    """The workbook as an open file.

    :param deals: in the order of the sheet
    :param labels: translated words by the codes of :data:`LABELS`
    """
    words = {**LABELS, **(labels or {})}
    book = Book(words["title"], company)
    stages, months = book.sheet(words["stages"]), book.sheet(words["months"])
    rows = list(deals)
    sheet = _write_deals(book, words, rows)
    for target, column, keys in (
        (stages, "stage", list(dict.fromkeys(deal.stage for deal in rows))),
        (months, "month", sorted({_month(deal, words) for deal in rows})),
    ):
        _write_sums(book, words, target, sheet, column, keys, rows, company, as_of)
    _write_accuracy(book, words, accuracy)
    _write_proof(book, words, sheet, (stages, months), rows)
    return book.finish()


def _month(deal: Deal, words: Mapping[str, str]) -> str:
    return f"{deal.closing:%Y-%m}" if deal.closing else words["no_month"]


def _write_deals(book: Book, words: Mapping[str, str], deals: list[Deal]) -> Sheet:
    kinds = {
        "name": "text",
        "customer": "text",
        "salesperson": "text",
        "team": "text",
        "stage": "text",
        "category": "text",
        "closing": "date",
        "month": "text",
        "age": "int",
        "amount": "money",
        "probability": "percent",
        "weighted": "money",
    }
    sheet = book.sheet(
        words["deals"], [Column(key, words[key], kind) for key, kind in kinds.items()]
    )
    for deal in deals:
        line = sheet.row + 1
        sheet.write(
            (
                *deal[:7],
                _month(deal, words),
                *deal[7:],
                Formula(f"=J{line}*K{line}", deal.amount * deal.probability),
            )
        )
    sheet.autofilter()
    return sheet


def _write_sums(book, words, sheet, deals, column, keys, rows, company, as_of):
    """Count, amount and weighted amount by stage or month, with a chart."""
    for index, width in enumerate((28, 10, 18, 18)):
        sheet.sheet.set_column(index, index, width)
    sheet.text(0, words["title"], "title")
    sheet.text(1, company, "note")
    sheet.text(3, words["as_of"])
    sheet.put(4, as_of, "date")
    sheet.next_row(2)
    for index, key in enumerate((column, "count", "amount", "weighted")):
        sheet.text(index, words[key], "head")
    sheet.next_row()
    sheet.sheet.freeze_panes(sheet.row, 1)
    first, last = sheet.row, max(len(rows) + 1, 2)
    place = reference(deals.name)

    def cells(key):
        letter = chr(ord("A") + deals.column(key))
        return f"{place}${letter}$2:${letter}${last}"

    for key in keys:
        line = sheet.row + 1
        mine = [
            deal
            for deal in rows
            if (deal.stage if column == "stage" else _month(deal, words)) == key
        ]
        amount = sum(deal.amount for deal in mine)
        weighted = sum(deal.amount * deal.probability for deal in mine)
        sheet.text(0, key)
        own = cells(column)
        # a name may look like a pattern or a comparison: compare, do not match
        for index, (text, value, kind) in enumerate(
            (
                (f"=SUMPRODUCT(--({own}=A{line}))", len(mine), "int"),
                (f"=SUMPRODUCT(--({own}=A{line}),{cells('amount')})", amount, "money"),
                (
                    f"=SUMPRODUCT(--({own}=A{line}),{cells('weighted')})",
                    weighted,
                    "money",
                ),
            ),
            1,
        ):
            sheet.put(index, Formula(text, value), kind)
        sheet.next_row()
    sheet.sheet.autofilter(first - 1, 0, max(sheet.row - 1, first), 3)
    if keys:
        _draw(book, words, sheet, first)


def _draw(book, words, sheet, first):
    chart = book.workbook.add_chart({"type": "column"})
    for index, key in ((2, "amount"), (3, "weighted")):
        chart.add_series(
            {
                "name": words[key],
                "categories": [sheet.name, first, 0, sheet.row - 1, 0],
                "values": [sheet.name, first, index, sheet.row - 1, index],
            }
        )
    chart.set_title({"name": words["title"]})
    sheet.sheet.insert_chart("F4", chart)


def _write_accuracy(book, words, accuracy):
    """Forecasts of past months with their error, live."""
    columns = [
        Column("month", words["month"], "date"),
        Column("weeks", words["weeks"], "int"),
        Column("forecast", words["forecast"], "money"),
        Column("ordered", words["ordered"], "money"),
        Column("error", words["error"], "percent"),
    ]
    sheet = book.sheet(words["accuracy"], columns)
    for row in accuracy:
        line = sheet.row + 1
        error = abs(row.forecast - row.ordered) / row.ordered if row.ordered else ""
        sheet.write(
            (*row, Formula(f'=IF(D{line}=0,"",ABS(C{line}-D{line})/D{line})', error))
        )
    sheet.autofilter()


def _write_proof(book, words, deals, sums, rows):
    """Every sheet holds the same money, whatever is corrected in it."""
    columns = [
        Column("sheet", words["sheet"]),
        Column("amount", words["amount"], "money"),
        Column("weighted", words["weighted"], "money"),
        Column("agrees", words["agrees"]),
    ]
    proof = book.sheet(words["proof"], columns)
    amount = sum(row.amount for row in rows)
    weighted = sum(row.amount * row.probability for row in rows)
    last = max(len(rows) + 1, 2)
    places = [(deals, "J", "L", 2, last)]
    places += [(sheet, "C", "D", 4, max(sheet.row, 4)) for sheet in sums]
    for sheet, money, part, first, end in places:
        line, place = proof.row + 1, reference(sheet.name)
        proof.write(
            (
                sheet.name,
                Formula(f"=SUM({place}{money}{first}:{money}{end})", amount),
                Formula(f"=SUM({place}{part}{first}:{part}{end})", weighted),
                Formula(
                    f"=IF(AND(ABS(B{line}-B$2)<0.005,ABS(C{line}-C$2)<0.005),"
                    f'"{words["yes"]}","{words["no"]}")',
                    words["yes"],
                ),
            )
        )
    proof.autofilter()
