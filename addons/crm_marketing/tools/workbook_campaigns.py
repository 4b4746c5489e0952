"""The workbook of campaigns: results with live sums, effects, budget, and proof.

The sheet *Campaigns* holds formulas over the sheet *Documents*: who looks for the
source of a figure finds it there, and who corrects one sees the sums move.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import BinaryIO, NamedTuple

from odoo.addons.crm_analytics.tools.workbook import Book, Column, Formula, reference

LABELS = {
    "title": "Campaign results",
    "campaigns": "Campaigns",
    "documents": "Documents",
    "effects": "Effect",
    "budget": "Budget",
    "campaign": "Campaign",
    "kind": "Kind",
    "date": "Date",
    "document": "Document",
    "partner": "Customer or vendor",
    "leads": "Leads",
    "orders": "Orders",
    "ordered": "Ordered",
    "revenue": "Invoiced",
    "margin": "Invoiced margin",
    "cost": "Cost",
    "profit": "Margin less cost",
    "roi": "Return",
    "metric": "Measured",
    "treated": "Addressed",
    "held": "Held out",
    "treated_mean": "Mean addressed",
    "held_mean": "Mean held out",
    "difference": "Difference",
    "low": "From",
    "high": "To",
    "total": "In all",
    "verdict": "In words",
    "activity": "Activity",
    "plan": "Plan",
    "planned": "Planned",
    "actual": "Actual",
    "left": "Left",
    "as_of": "As of",
    "proof": "Proof",
    "figure": "Figure",
    "by_campaign": "By campaign",
    "by_document": "By document",
    "agrees": "Agrees",
    "yes": "yes",
    "no": "no",
}


class Entry(NamedTuple):
    """A document behind a campaign's figures, money in company currency."""

    campaign: str
    kind: str
    day: date | None
    document: str
    partner: str | None
    leads: int
    orders: int
    ordered: float
    revenue: float
    margin: float
    cost: float


class Effect(NamedTuple):
    """A comparison with those held out; no bounds where the groups are too small."""

    campaign: str
    metric: str
    treated: int
    held: int
    treated_mean: float
    held_mean: float
    difference: float | None
    low: float | None
    high: float | None
    total: float | None
    verdict: str


class Budget(NamedTuple):
    """Planned and actual cost of an activity."""

    plan: str
    activity: str
    day: date | None
    planned: float
    actual: float


HEAD = 3  # rows above the first campaign
SUMS = ("leads", "orders", "ordered", "revenue", "margin", "cost")


def campaigns(
    entries: Iterable[Entry],
    effects: Iterable[Effect],
    budgets: Iterable[Budget],
    company: str,
    as_of: date,
    labels: Mapping[str, str] | None = None,
) -> BinaryIO:
    """The workbook as an open file.

    :param entries: rows in the order of the sheet *Documents*
    :param labels: translated words by the codes of :data:`LABELS`
    """
    words = {**LABELS, **(labels or {})}
    book = Book(words["title"], company)
    rows = list(entries)
    summary = book.sheet(words["campaigns"])
    documents = _write_documents(book, words, rows)
    _write_summary(book, words, summary, documents, rows, company, as_of)
    _write_effects(book, words, effects)
    _write_budgets(book, words, budgets)
    _write_proof(book, words, summary, documents, rows)
    return book.finish()


def _columns(words, kinds):
    return [Column(key, words[key], kind) for key, kind in kinds.items()]


def _write_documents(book, words, rows):
    kinds = {"campaign": "text", "kind": "text", "date": "date", "document": "text"}
    kinds |= {"partner": "text", "leads": "int", "orders": "int"}
    kinds |= {name: "money" for name in SUMS[2:]}
    sheet = book.sheet(words["documents"], _columns(words, kinds))
    for row in rows:
        sheet.write(row)
    sheet.autofilter()
    return sheet


def _write_summary(book, words, sheet, documents, rows, company, as_of):
    """A line a campaign: sums over the documents, profit and return from them."""
    sheet.sheet.set_column(0, 0, 36)
    sheet.sheet.set_column(1, len(SUMS) + 2, 16)
    sheet.text(0, words["title"], "title")
    sheet.text(1, company, "note")
    sheet.text(3, words["as_of"])
    sheet.put(4, as_of, "date")
    sheet.next_row(2)
    for index, key in enumerate(("campaign", *SUMS, "profit", "roi")):
        sheet.text(index, words[key], "head")
    sheet.next_row()
    sheet.sheet.freeze_panes(sheet.row, 1)
    first, names = sheet.row, list(dict.fromkeys(row.campaign for row in rows))
    place, last = reference(documents.name), max(len(rows) + 1, 2)
    for name in names:
        line = sheet.row + 1
        mine = [row for row in rows if row.campaign == name]
        sheet.text(0, name)
        sums = {key: sum(getattr(row, key) for row in mine) for key in SUMS}
        for index, key in enumerate(SUMS, 1):
            letter = chr(ord("A") + documents.column(key))
            # a name may look like a pattern, or differ by its case alone
            text = (
                f"=SUMPRODUCT(--EXACT({place}$A$2:$A${last},$A{line}),"
                f"{place}${letter}$2:${letter}${last})"
            )
            kind = "int" if key in ("leads", "orders") else "money"
            sheet.put(index, Formula(text, sums[key]), kind)
        profit = sums["margin"] - sums["cost"]
        sheet.put(7, Formula(f"=F{line}-G{line}", profit), "money")
        roi = profit / sums["cost"] if sums["cost"] > 0 else ""
        text = f'=IF(G{line}>0,H{line}/G{line},"")'
        sheet.put(8, Formula(text, roi), "percent")
        sheet.next_row()
    sheet.sheet.autofilter(HEAD - 1, 0, max(sheet.row - 1, HEAD - 1), len(SUMS) + 2)
    if names:
        _draw(book, words, sheet, first)


def _draw(book, words, sheet, first):
    chart = book.workbook.add_chart({"type": "bar"})
    for index, key in ((5, "margin"), (6, "cost")):
        chart.add_series(
            {
                "name": words[key],
                "categories": [sheet.name, first, 0, sheet.row - 1, 0],
                "values": [sheet.name, first, index, sheet.row - 1, index],
            }
        )
    chart.set_title({"name": words["title"]})
    chart.set_y_axis({"reverse": True})
    sheet.sheet.insert_chart(sheet.row + 1, 0, chart, {"x_scale": 1.6})


def _write_effects(book, words, effects):
    kinds = {"campaign": "text", "metric": "text", "treated": "int", "held": "int"}
    kinds |= {
        name: "number"
        for name in ("treated_mean", "held_mean", "difference", "low", "high", "total")
    }
    sheet = book.sheet(words["effects"], _columns(words, kinds | {"verdict": "text"}))
    for row in effects:
        sheet.write(row)
    sheet.autofilter()


def _write_budgets(book, words, budgets):
    kinds = {"plan": "text", "activity": "text", "date": "date"}
    kinds |= {name: "money" for name in ("planned", "actual", "left")}
    sheet = book.sheet(words["budget"], _columns(words, kinds))
    for row in budgets:
        line = sheet.row + 1
        sheet.write((*row, Formula(f"=D{line}-E{line}", row.planned - row.actual)))
    sheet.autofilter()


def _write_proof(book, words, summary, documents, rows):
    """The campaigns hold what their documents hold, whatever is corrected there."""
    columns = [
        Column("figure", words["figure"]),
        Column("by_campaign", words["by_campaign"], "money"),
        Column("by_document", words["by_document"], "money"),
        Column("agrees", words["agrees"]),
    ]
    proof = book.sheet(words["proof"], columns)
    last, end = max(len(rows) + 1, 2), max(summary.row, HEAD + 1)
    for index, key in enumerate(SUMS, 1):
        line, total = proof.row + 1, sum(getattr(row, key) for row in rows)
        mine, theirs = chr(ord("A") + index), chr(ord("A") + documents.column(key))
        here, there = reference(summary.name), reference(documents.name)
        proof.write(
            (
                words[key],
                Formula(f"=SUM({here}{mine}{HEAD + 1}:{mine}{end})", total),
                Formula(f"=SUM({there}{theirs}2:{theirs}{last})", total),
                Formula(
                    f'=IF(ABS(B{line}-C{line})<0.005,"{words["yes"]}","{words["no"]}")',
                    words["yes"],
                ),
            )
        )
    proof.autofilter()
