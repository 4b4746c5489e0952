"""Whole rows of a worksheet as text: six times as fast as cell by cell.

xlsxwriter keeps each cell as an object until its row is complete, and then asks for its
format, its place and its type. Here the columns are known: what does not change from
row to row is made once, and a row is written as it will stand in the file. Whatever is
not plain (formulas, a time of day) goes the usual way.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from math import isfinite
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

MAX_TEXT = 32_767
RISKY = tuple("=+-@\t\r|%")  # what a spreadsheet may read as a formula
# What it may skip in front of it: spaces of any kind, controls, marks without width.
UNSEEN = "".join(
    chr(code)
    for code in range(0x10000)
    if chr(code).isspace()
    or code < 0x20
    or 0x7F <= code <= 0xA0
    or 0x200B <= code <= 0x200F
    or 0x202A <= code <= 0x202E
    or 0x2060 <= code <= 0x206F
    or code in (0xAD, 0x180E, 0xFEFF)
)
EPOCH = date(1899, 12, 30)
FIRST_DAY = date(1900, 3, 1)  # before it, Excel counts a day that never was
_SPECIAL = re.compile(r"[&<>\x00-\x1f\x7f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\s|\s$")
_EDGE = re.compile(r"^\s|\s$")

Cell = Callable[[int, Any], str]


class NotPlainError(Exception):
    """A value that only the usual way can write."""


class RowSheet(Worksheet):
    """A worksheet in ``constant_memory`` mode that also takes rows as text.

    It takes formulas as they are: ours carry the prefix of newer functions already,
    and looking for functions to prefix costs half of the time of a sheet of formulas.
    """

    def _prepare_formula(self, formula, expand_future_functions=False):
        return formula.removeprefix("=")

    def takes_row(self, row: int) -> bool:
        """Whether nothing was written into the row yet."""
        return (
            row >= self.previous_row
            and not self.table.get(row)
            and row not in self.row_info
            and row not in self.comments
        )

    def write_text_row(self, row: int, cells: str, last_column: int) -> None:
        """Write a row that is complete; nothing can be added to it."""
        self._write_single_row(row + 1)  # what stood before goes out first
        self._check_dimensions(row, 0, ignore_row=True)
        self._check_dimensions(row, last_column, ignore_row=True)
        if self.dim_rowmin is None:
            self.dim_rowmin = row
        self.dim_rowmax = max(self.dim_rowmax or 0, row)
        self.fh.write(f'<row r="{row + 1}">{cells}</row>')

    def text_cells(self, kinds: Sequence[str], style: Callable[[str], Any]) -> "Cells":
        """Writer of rows of these kinds of columns."""
        return Cells(kinds, lambda kind: style(kind)._get_xf_index())


class Cells:
    """The cells of a row as text; the formats are known by their numbers."""

    def __init__(self, kinds: Sequence[str], number_of: Callable[[str], int]):
        self._columns = [
            self._column(xl_col_to_name(index), kind, number_of)
            for index, kind in enumerate(kinds)
        ]

    def __call__(self, row: int, values: Sequence[Any]) -> str:
        """Text of the cells; ``row`` counts from 0.

        :raises NotPlainError: for a value that has to be written the usual way
        """
        number = row + 1
        return "".join(
            [
                cell(number, value)
                for cell, value in zip(self._columns, values, strict=True)
                if value is not None
            ]
        )

    def _column(self, name: str, kind: str, number_of) -> Cell:
        base = kind.removeprefix("input_")
        if base == "text":
            return _text(name, number_of(kind), lambda: number_of("quoted"))
        return (_day if base == "date" else _number)(name, number_of(kind))


def is_risky(text: str) -> bool:
    """Whether a spreadsheet may read a text as a formula when somebody edits it.

    >>> is_risky("\\n=1+1"), is_risky("\\ufeff=1+1"), is_risky(" a=b")
    (True, True, False)
    """
    return text.lstrip(" ").startswith(RISKY) or text.lstrip(UNSEEN).startswith(RISKY)


def _number(name: str, style: int) -> Cell:
    def cell(row: int, value: Any) -> str:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise NotPlainError from None
        if isfinite(number):
            return f'<c r="{name}{row}" s="{style}"><v>{number:.16G}</v></c>'
        if number == number:
            raise NotPlainError
        return ""

    return cell


def _day(name: str, style: int) -> Cell:
    def cell(row: int, value: Any) -> str:
        if type(value) is not date or value < FIRST_DAY:
            raise NotPlainError
        return f'<c r="{name}{row}" s="{style}"><v>{(value - EPOCH).days}</v></c>'

    return cell


def _text(name: str, style: int, quoted: Callable[[], int]) -> Cell:
    def cell(row: int, value: Any) -> str:
        if type(value) is not str:
            raise NotPlainError
        text, number = value[:MAX_TEXT], style
        if is_risky(text):
            number = quoted()
        keep = ""
        if _SPECIAL.search(text):
            text = _escaped(text)
            keep = ' xml:space="preserve"' if _EDGE.search(text) else ""
        return (
            f'<c r="{name}{row}" s="{number}" t="inlineStr">'
            f"<is><t{keep}>{text}</t></is></c>"
        )

    return cell


def _escaped(text: str) -> str:
    """Text as it stands in the file, by the rules of xlsxwriter."""
    text = Worksheet._escape_control_characters(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
