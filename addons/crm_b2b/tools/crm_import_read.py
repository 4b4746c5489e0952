"""Read a CSV file, a date and an amount as a profile says they are written."""

import csv
import io
from datetime import datetime
from decimal import Decimal, InvalidOperation

from .crm_import_profile import ImportProblem

MAX_AMOUNT = Decimal("1e12")


def parse_date(text, formats):
    """Return the date written in ``text``; ValueError if no format fits."""
    for date_format in formats:
        try:
            return datetime.strptime(text, date_format).date()
        except ValueError:
            continue
    raise ValueError(text)


def parse_amount(text, decimal=".", thousands=""):
    """Return the Decimal written in ``text``; ValueError if it is no finite amount."""
    plain = text.strip()
    for separator in (thousands, "\u00a0", " "):
        if separator:
            plain = plain.replace(separator, "")
    if decimal != ".":
        if "." in plain:
            raise ValueError(text)
        plain = plain.replace(decimal, ".")
    if "_" in plain:
        raise ValueError(text)
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise ValueError(text) from None
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
        raise ValueError(text)
    return amount


def read_csv(spec, content):
    """Yield (line number, {column: text}, raw row); ``None`` for a ragged row.

    :raise ImportProblem: file_encoding, file_empty, file_columns, file_csv
    """
    try:
        text = content.decode(spec.csv["encoding"])
    except UnicodeDecodeError as error:
        raise ImportProblem(
            "file_encoding",
            file=spec.file,
            encoding=spec.csv["encoding"],
            line=content[: error.start].count(b"\n") + 1,
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=spec.csv["delimiter"])
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise ImportProblem("file_empty", file=spec.file)
        wanted = [*spec.columns.values(), *spec.notes.values()]
        if missing := [name for name in wanted if name not in header]:
            raise ImportProblem(
                "file_columns",
                file=spec.file,
                missing=", ".join(dict.fromkeys(missing)),
                found=", ".join(header)[:200],
            )
        line = reader.line_num
        for cells in reader:
            line, start = reader.line_num, line + 1
            if not any(cell.strip() for cell in cells):
                continue
            raw = spec.csv["delimiter"].join(cells)
            if len(cells) != len(header):
                yield start, None, raw
            else:
                cells = [cell.strip() for cell in cells]
                yield start, dict(zip(header, cells, strict=True)), raw
    except csv.Error as error:
        raise ImportProblem(
            "file_csv", file=spec.file, line=reader.line_num, problem=str(error)
        ) from None
