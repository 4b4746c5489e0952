"""A streamed Excel workbook: typed columns, one row after the other, flat memory.

Wraps xlsxwriter in ``constant_memory`` mode: rows of one sheet are written in order,
rows of several sheets may alternate. Text is always written as text, so that a name
such as ``=1+1`` is never a formula; text that a spreadsheet would read as a formula
when someone edits the cell, or saves it as CSV and opens that, also carries Excel's
quote prefix.

>>> book = Book()
>>> columns = [Column("name", "Name"), Column("sales", "Sales", "money")]
>>> sheet = book.sheet("Customers", columns)
>>> sheet.write(("ACME", 1200.5))
>>> len(book.finish().read()) > 1000
True
"""

import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, BinaryIO, NamedTuple

import xlsxwriter

from .workbook_row import MAX_TEXT, NotPlainError, RowSheet, is_risky

MAX_ROWS = 1_048_576
KINDS = ("text", "int", "score", "money", "number", "ratio", "percent", "date")
_FORMATS = {
    "text": "@",
    "int": "#,##0",
    "score": "0",
    "money": "#,##0.00;[Red]-#,##0.00",
    "number": "0.00",
    "ratio": "0.000",
    "percent": "0.0%;[Red]-0.0%",
    "date": "yyyy-mm-dd",
}
_WIDTHS = {"text": 24, "int": 10, "score": 7, "money": 16, "date": 12}


class Column(NamedTuple):
    """A column of a :data:`KINDS`; ``width`` in characters, 0 for the usual."""

    key: str
    label: str
    kind: str = "text"
    width: float = 0


class Formula(NamedTuple):
    """A live formula, and its value for viewers that do not compute."""

    text: str
    value: Any = ""


def sheet_name(label: str, taken: Iterable[str] = ()) -> str:
    """``label`` made a legal, unused sheet name: 31 characters, none of ``[]:*?/\\``.

    >>> sheet_name("Profit/Loss", ["Profit Loss"])
    'Profit Loss 2'
    """
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", label).strip(" '")[:31] or "Sheet"
    used = {name.casefold() for name in taken}
    name, count = clean, 1
    while name.casefold() in used:
        count += 1
        name = f"{clean[: 30 - len(str(count))]} {count}"
    return name


def reference(sheet: str) -> str:
    """Sheet name as it stands in a formula.

    >>> reference("Bob's list")
    "'Bob''s list'!"
    """
    return "'" + sheet.replace("'", "''") + "'!"


class Sheet:
    """One sheet, filled downwards; :attr:`row` is the next row, counted from 0."""

    def __init__(self, book: "Book", name: str, columns: Sequence[Column], row: int):
        self.name = name
        self.columns = tuple(columns)
        self.head = self.row = row
        self.sheet = book.workbook.add_worksheet(name, RowSheet)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)  # a page wide, as long as it is
        self._book = book
        self._writers = [book.writer(self.sheet, column.kind) for column in columns]
        self._cells = self.sheet.text_cells(
            [column.kind for column in columns], book.style
        )
        for index, column in enumerate(self.columns):
            width = column.width or _WIDTHS.get(column.kind, 11)
            self.sheet.set_column(index, index, width)
        if columns and not row:
            self.write_head()

    def write_head(self) -> None:
        """Write the column labels, and keep them in sight while scrolling."""
        for index, column in enumerate(self.columns):
            self.text(index, column.label, "head")
        self.head = self.row
        self.row += 1
        self.sheet.freeze_panes(self.row, min(2, len(self.columns) - 1))

    # A plain class, no model.
    def write(  # pylint: disable=method-required-super
        self, values: Sequence[Any]
    ) -> None:
        """Write one row: a value a column in order; None leaves the cell empty.

        :raises ValueError: when the sheet is full
        """
        if self.row >= MAX_ROWS:
            raise ValueError(f"sheet {self.name} is full: {MAX_ROWS} rows")
        row = self.row
        self.row += 1
        if self.sheet.takes_row(row):
            try:
                cells = self._cells(row, values)
            except NotPlainError:
                cells = None
            if cells is not None:
                self.sheet.write_text_row(row, cells, len(self.columns) - 1)
                return
        for column, (value, writer) in enumerate(
            zip(values, self._writers, strict=True)
        ):
            if value is not None:
                writer(row, column, value)

    def text(self, column: int, text: str, style: str = "text") -> None:
        """Write text into the current row, outside the typed columns."""
        self._book.write_text(
            self.sheet, self.row, column, text, self._book.style(style)
        )

    def put(self, column: int, value: Any, kind: str = "text") -> None:
        """Write one typed value into the current row, outside the typed columns."""
        if value is not None:
            self._book.writer(self.sheet, kind)(self.row, column, value)

    def next_row(self, count: int = 1) -> None:
        """Go down ``count`` rows."""
        self.row += count

    def column(self, key: str) -> int:
        """Index of a column, from 0."""
        return [column.key for column in self.columns].index(key)

    def autofilter(self) -> None:
        """Filter buttons over the rows written so far; call it last."""
        last = max(self.row - 1, self.head)
        self.sheet.autofilter(self.head, 0, last, len(self.columns) - 1)


class Book:
    """A workbook under construction; :meth:`finish` gives the file."""

    def __init__(self, title: str = "", author: str = ""):
        self._file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        self.workbook = xlsxwriter.Workbook(
            self._file, {"constant_memory": True, "strings_to_formulas": False}
        )
        self.workbook.use_zip64()
        self.workbook.set_properties({"title": title, "author": author})
        self._styles: dict[str, Any] = {}

    def style(self, name: str) -> Any:
        """Cell format of a kind, or one such as ``head``, ``title``, ``note``."""
        if name not in self._styles:
            self._styles[name] = self.workbook.add_format(_style(name))
        return self._styles[name]

    def sheet(self, label: str, columns: Sequence[Column] = (), row: int = 0) -> Sheet:
        """Add a sheet; with ``row`` its head is left to :meth:`Sheet.write_head`."""
        taken = [sheet.get_name() for sheet in self.workbook.worksheets()]
        return Sheet(self, sheet_name(label, taken), columns, row)

    def writer(self, sheet: Any, kind: str) -> Any:
        """Function ``(row, column, value)`` that writes values of a kind, or formulas.

        :raises ValueError: for an unknown kind
        """
        base = kind.removeprefix("input_")
        if base not in KINDS:
            raise ValueError(f"unknown kind of column: {kind}")
        style = self.style(kind)
        number, formula = sheet.write_number, sheet.write_formula
        moment = sheet.write_datetime

        def write_text(row: int, column: int, value: Any) -> None:
            if type(value) is Formula:
                formula(row, column, value.text, style, _cached(value.value))
            else:
                self.write_text(sheet, row, column, str(value), style)

        def write_date(row: int, column: int, value: Any) -> None:
            if type(value) is Formula:
                formula(row, column, value.text, style, _cached(value.value))
            else:
                moment(row, column, value, style)

        def write_number(row: int, column: int, value: Any) -> None:
            if type(value) is Formula:
                formula(row, column, value.text, style, _cached(value.value))
            elif value == value:
                number(row, column, value, style)

        return {"text": write_text, "date": write_date}.get(base, write_number)

    def write_text(
        self, sheet: Any, row: int, column: int, text: str, style: Any
    ) -> None:
        """Write text as text, whatever it looks like."""
        if is_risky(text):
            style = self.style("quoted")
        sheet.write_string(row, column, text[:MAX_TEXT], style)

    def finish(self) -> BinaryIO:
        """Close the workbook; the file, at its beginning. It vanishes when closed."""
        self.workbook.close()
        self._file.seek(0)
        return self._file


def _cached(value: Any) -> Any:
    """Value of a formula as the file keeps it: dates as serial numbers."""
    if value is None:
        return ""
    if isinstance(value, date):
        return (value - date(1899, 12, 30)).days
    return value


def _style(name: str) -> dict[str, Any]:
    if name.startswith("input_"):
        return _style(name.removeprefix("input_")) | {
            "bg_color": "#FFF2CC",
            "border": 1,
            "locked": False,
        }
    if name in _FORMATS:
        return {"num_format": _FORMATS[name]}
    return {
        "head": {
            "bold": True,
            "bg_color": "#D9E2F3",
            "text_wrap": True,
            "valign": "top",
        },
        "title": {"bold": True, "font_size": 14},
        "note": {"italic": True, "font_color": "#595959"},
        "strong": {"bold": True},
        "alarm": {"bold": True, "font_color": "#C00000"},
        "quoted": {"num_format": "@", "quote_prefix": True},
    }[name]
