"""The workbook of the curves: each one as rows, and drawn where a line tells more."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, BinaryIO

from .workbook import Book, Column, Sheet

Labels = Mapping[str, str]


def curves(title: str, labels: Labels, data: Mapping[str, Any]) -> BinaryIO:
    """Whale curve, score grid, class moves, cohorts and leaking bucket on sheets.

    :param labels: words by code, the names of the sheets included
    :param data: ``whale``, ``grid``, ``moves``, ``cohorts``, ``bucket``, ``periods``
        as the screen gets them; money in company currency, shares as fractions
    :return: the file, at its beginning
    """
    book = Book(title)
    _whale(book, labels, data["whale"])
    _grid(book, labels, data["grid"])
    _moves(book, labels, data["moves"])
    _cohorts(book, labels, data["cohorts"])
    _bridges(book, labels, data["bucket"]["bridges"])
    _periods(book, labels, data["periods"])
    return book.finish()


def customer_curve(title: str, labels: Labels, points: Sequence[Mapping]) -> BinaryIO:
    """Contribution of a customer by month, and what it adds up to.

    :param points: ``month`` (ISO), ``amount``, ``total``, ``stage`` in words
    """
    book = Book(title)
    sheet = _table(
        book,
        labels["curve"],
        [
            Column("month", labels["month"], "date"),
            Column("contribution", labels["contribution"], "money"),
            Column("cumulative", labels["cumulative"], "money"),
            Column("stage", labels["stage"]),
        ],
        (
            (
                date.fromisoformat(point["month"]),
                point["amount"],
                point["total"],
                point["stage"] or None,
            )
            for point in points
        ),
    )
    _draw(book, sheet, title, "month", "cumulative")
    return book.finish()


def _table(
    book: Book, label: str, columns: Sequence[Column], rows: Iterable[Sequence]
) -> Sheet:
    """A sheet of rows with filter buttons."""
    sheet = book.sheet(label, columns)
    for row in rows:
        sheet.write(row)
    sheet.autofilter()
    return sheet


def _whale(book: Book, labels: Labels, points: Sequence[Mapping]) -> None:
    sheet = _table(
        book,
        labels["whale"],
        [
            Column("rank", labels["rank"], "int"),
            Column("name", labels["customer"], "text", 32),
            Column("contribution", labels["contribution"], "money"),
            Column("share", labels["share"], "percent", 18),
            Column("cumulative", labels["cumulative"], "money"),
        ],
        map(itemgetter("rank", "name", "amount", "share", "total"), points),
    )
    _draw(book, sheet, labels["whale"], "share", "cumulative")


def _grid(book: Book, labels: Labels, rows: Sequence[Mapping]) -> None:
    best_first = sorted(rows, key=itemgetter("r", "f"), reverse=True)
    _table(
        book,
        labels["grid"],
        [
            Column("r", "R", "score"),
            Column("f", "F", "score"),
            Column("count", labels["count"], "int"),
            Column("revenue", labels["revenue"], "money"),
        ],
        map(itemgetter("r", "f", "count", "monetary"), best_first),
    )


def _moves(book: Book, labels: Labels, moves: Mapping[str, Any]) -> None:
    names = {item["code"]: item["name"] for item in moves["classes"]}
    _table(
        book,
        labels["moves"],
        [
            Column("from", labels["from"]),
            Column("to", labels["to"]),
            Column("count", labels["count"], "int"),
            Column("revenue", labels["revenue"], "money"),
        ],
        (
            (
                names.get(cell["from"], labels["nowhere"]),
                names.get(cell["to"], labels["nowhere"]),
                cell["count"],
                cell["monetary"],
            )
            for cell in moves["cells"]
        ),
    )


def _cohorts(book: Book, labels: Labels, cohorts: Sequence[Mapping]) -> None:
    _table(
        book,
        labels["cohorts"],
        [
            Column("cohort", labels["cohort"], "text", 14),
            Column("size", labels["size"], "int"),
            Column("age", labels["age"], "int", 16),
            Column("count", labels["count"], "int"),
            Column("share", labels["share"], "percent", 18),
            Column("revenue", labels["revenue"], "money"),
        ],
        (
            (
                cohort["name"],
                cohort["size"],
                cell["age"],
                cell["count"],
                cell["share"] if cohort["size"] else None,
                cell["revenue"],
            )
            for cohort in cohorts
            for cell in cohort["cells"]
        ),
    )


def _bridges(book: Book, labels: Labels, bridges: Sequence[Mapping]) -> None:
    """Each bridge from before to now; the amounts of its steps add up."""

    def rows():
        for bridge in bridges:
            yield bridge["name"], labels["before"], None, bridge["before"]
            for step in bridge["steps"]:
                yield bridge["name"], step["name"], step["count"], step["change"]
            yield bridge["name"], labels["now"], None, bridge["now"]

    _table(
        book,
        labels["bucket"],
        [
            Column("bridge", labels["bridge"], "text", 14),
            Column("step", labels["step"]),
            Column("count", labels["count"], "int"),
            Column("amount", labels["amount"], "money"),
        ],
        rows(),
    )


def _periods(book: Book, labels: Labels, periods: Mapping[str, Sequence]) -> None:
    """Customers and retention of quarters and months."""
    codes = ("opening", "gained", "regained", "lost", "closing")
    shares = ("gross", "net")
    sheet = _table(
        book,
        labels["periods"],
        [
            Column("period", labels["period"], "text", 14),
            *(Column(code, labels[code], "int") for code in codes),
            *(Column(code, labels[code], "percent", 16) for code in shares),
        ],
        (
            (
                row["name"],
                *(
                    None if cell["value"] is False else cell["value"]
                    for cell in row["cells"]
                ),
            )
            for rows in periods.values()
            for row in rows
        ),
    )
    quarters = len(periods["quarter"])
    if quarters > 1:
        first = sheet.head + 1
        rows = first, first + quarters - 1
        _draw_rows(book, sheet, labels["closing"], "period", "closing", rows)


def _draw(book: Book, sheet: Sheet, title: str, along: str, height: str) -> None:
    """A line of one column along another, beside the rows."""
    if sheet.row > sheet.head + 1:
        _draw_rows(book, sheet, title, along, height, (sheet.head + 1, sheet.row - 1))


def _draw_rows(
    book: Book, sheet: Sheet, title: str, along: str, height: str, rows: tuple[int, int]
) -> None:
    chart = book.workbook.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": title,
            "categories": _cells(sheet, along, rows),
            "values": _cells(sheet, height, rows),
        }
    )
    chart.set_title({"name": title})
    chart.set_legend({"none": True})
    chart.set_size({"width": 720, "height": 380})
    sheet.sheet.insert_chart(1, len(sheet.columns) + 1, chart)


def _cells(sheet: Sheet, key: str, rows: tuple[int, int]) -> list:
    column = sheet.column(key)
    return [sheet.name, rows[0], column, rows[1], column]
