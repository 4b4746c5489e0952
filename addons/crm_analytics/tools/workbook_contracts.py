"""The workbook of service contracts: what they bill, cost and leave, and when they end.

*Levels* and *Renewals* hold formulas over *Contracts*, and the monthly revenue of a
contract is a formula over its *Lines*: who corrects a price or a date sees the sums
move. *Proof* compares what the sheets compute with what the application stored.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import BinaryIO, NamedTuple

from .workbook import Book, Column, Formula, Sheet, reference

LABELS = {
    "title": "Service contracts",
    "summary": "Levels",
    "renewals": "Renewals",
    "contracts": "Contracts",
    "lines": "Lines",
    "proof": "Proof",
    "contract": "Contract",
    "customer": "Customer",
    "value_class": "Value class",
    "level": "Level",
    "state": "State",
    "salesperson": "Responsible",
    "start": "Start",
    "end": "End",
    "month": "Ends in",
    "running": "Running",
    "monthly": "Monthly revenue",
    "yearly": "Yearly revenue",
    "billed": "Billed",
    "cost": "Cost of service",
    "profit": "Profit",
    "share": "Profit share",
    "count": "Contracts",
    "text": "Line",
    "quantity": "Quantity",
    "price": "Unit price",
    "discount": "Discount",
    "months": "Months of a period",
    "rate": "Rate",
    "computed": "Computed here",
    "stored": "Stored",
    "agrees": "Agrees",
    "yes": "yes",
    "no": "no",
    "no_level": "No level",
    "no_end": "No end",
    "as_of": "As of",
}


class Contract(NamedTuple):
    """A contract; money in company currency, ``cost`` and ``billed`` None if not known
    to the reader. ``monthly`` is what the application says.
    """

    key: int
    name: str
    customer: str | None
    value_class: str | None
    level: str | None
    state: str
    salesperson: str | None
    start: date | None
    end: date | None
    monthly: float
    billed: float | None
    cost: float | None


class Line(NamedTuple):
    """A line; ``months`` of its billing period, ``rate`` of the contract's currency to
    the company's, ``discount`` a share.
    """

    contract: int
    contract_name: str
    text: str
    start: date | None
    end: date | None
    running: bool
    quantity: float
    price: float
    discount: float
    months: float
    rate: float

    @property
    def monthly(self) -> float:
        """Revenue a month in company currency; 0 for a line that does not run.

        >>> Line(1, "A", "x", None, None, True, 2, 60, 0.5, 12, 1.0).monthly
        5.0
        """
        if not self.running or not self.months:
            return 0.0
        amount = self.quantity * self.price * (1 - self.discount)
        return round(amount / self.months * self.rate, 2)


def contracts(
    rows: Iterable[Contract],
    lines: Iterable[Line],
    company: str,
    as_of: date,
    labels: Mapping[str, str] | None = None,
) -> BinaryIO:
    """The workbook as an open file.

    :param rows: in the order of the sheet; ``lines`` in any
    :param labels: translated words by the codes of :data:`LABELS`
    """
    words = {**LABELS, **(labels or {})}
    book = Book(words["title"], company)
    rows, lines = list(rows), list(lines)
    summary, renewals = book.sheet(words["summary"]), book.sheet(words["renewals"])
    sums: dict[int, float] = {}
    for line in lines:
        sums[line.contract] = round(sums.get(line.contract, 0.0) + line.monthly, 2)
    sheet = _contracts_sheet(book, words)
    details = _write_lines(book, words, lines)
    _write_contracts(words, sheet, details, rows, sums, len(lines))
    for target, column, keys in (
        (summary, "level", sorted({_level(row, words) for row in rows})),
        (renewals, "month", sorted({_month(row, words) for row in rows})),
    ):
        head = _write_head(book, words, target, column, company, as_of)
        _write_groups(book, words, target, sheet, column, keys, (rows, sums), head)
    _write_proof(book, words, sheet, rows, sums)
    return book.finish()


def _level(row: Contract, words: Mapping[str, str]) -> str:
    return row.level or words["no_level"]


def _month(row: Contract, words: Mapping[str, str]) -> str:
    return f"{row.end:%Y-%m}" if row.end else words["no_end"]


KINDS = {
    "contract": "text",
    "customer": "text",
    "value_class": "text",
    "level": "text",
    "state": "text",
    "salesperson": "text",
    "start": "date",
    "end": "date",
    "month": "text",
    "monthly": "money",
    "yearly": "money",
    "billed": "money",
    "cost": "money",
    "profit": "money",
    "share": "percent",
}


def _contracts_sheet(book: Book, words: Mapping[str, str]) -> Sheet:
    columns = [Column(key, words[key], kind) for key, kind in KINDS.items()]
    return book.sheet(words["contracts"], columns)


def _write_contracts(words, sheet, details, rows, sums, line_count):
    """A contract's monthly revenue is the sum of its lines, by its number."""
    place, last = reference(details.name), max(line_count + 1, 2)
    for row in rows:
        line = sheet.row + 1
        monthly = sums.get(row.key, 0.0)
        known = row.billed is not None and row.cost is not None
        profit = row.billed - row.cost if known else None
        sheet.write(
            (
                row.name,
                row.customer,
                row.value_class,
                _level(row, words),
                row.state,
                row.salesperson,
                row.start,
                row.end,
                _month(row, words),
                Formula(
                    f"=SUMIF({place}$A$2:$A${last},{row.key},{place}$L$2:$L${last})",
                    monthly,
                ),
                Formula(f"=12*J{line}", 12 * monthly),
                row.billed,
                row.cost,
                Formula(f"=L{line}-M{line}", profit) if known else None,
                Formula(
                    f'=IF(L{line}=0,"",N{line}/L{line})',
                    profit / row.billed if known and row.billed else "",
                )
                if known
                else None,
            )
        )
    sheet.autofilter()


def _write_lines(book, words, lines):
    columns = [
        Column("number", "#", "int"),
        Column("contract", words["contract"]),
        Column("text", words["text"]),
        Column("start", words["start"], "date"),
        Column("end", words["end"], "date"),
        Column("running", words["running"], "score"),
        Column("quantity", words["quantity"], "number"),
        Column("price", words["price"], "money"),
        Column("discount", words["discount"], "percent"),
        Column("months", words["months"], "ratio"),
        Column("rate", words["rate"], "ratio"),
        Column("monthly", words["monthly"], "money"),
    ]
    sheet = book.sheet(words["lines"], columns)
    for line in lines:
        row = sheet.row + 1
        sheet.write(
            (
                *line[:5],
                int(line.running),
                *line[6:],
                Formula(
                    f"=IF(OR(F{row}=0,J{row}=0),0,"
                    f"ROUND(G{row}*H{row}*(1-I{row})/J{row}*K{row},2))",
                    line.monthly,
                ),
            )
        )
    sheet.autofilter()
    return sheet


def _write_head(book, words, sheet, column, company, as_of):
    for index, width in enumerate((28, 10, 18, 18, 18)):
        sheet.sheet.set_column(index, index, width)
    sheet.text(0, words["title"], "title")
    sheet.text(1, company, "note")
    sheet.text(3, words["as_of"])
    sheet.put(4, as_of, "date")
    sheet.next_row(2)
    for index, key in enumerate((column, "count", "monthly", "billed", "cost")):
        sheet.text(index, words[key], "head")
    head = sheet.row
    sheet.next_row()
    sheet.sheet.freeze_panes(sheet.row, 1)
    return head


def _write_groups(book, words, target, sheet, column, keys, data, head):
    """Number and money by level or month of the end, with a chart."""
    rows, sums = data
    of = _level if column == "level" else _month
    place, last = reference(sheet.name), max(len(rows) + 1, 2)

    def cells(key):
        letter = chr(ord("A") + sheet.column(key))
        return f"{place}${letter}$2:${letter}${last}"

    for key in keys:
        line = target.row + 1
        mine = [row for row in rows if of(row, words) == key]
        target.text(0, key)
        # a name may look like a pattern or a comparison: compare, do not match
        same = f"--({cells(column)}=A{line})"
        target.put(1, Formula(f"=SUMPRODUCT({same})", len(mine)), "int")
        for index, (name, values) in enumerate(
            (
                ("monthly", [sums.get(row.key, 0.0) for row in mine]),
                ("billed", [row.billed or 0.0 for row in mine]),
                ("cost", [row.cost or 0.0 for row in mine]),
            ),
            2,
        ):
            text = f"=SUMPRODUCT({same},{cells(name)})"
            target.put(index, Formula(text, sum(values)), "money")
        target.next_row()
    if keys:
        _draw(book, words, target, head)
        target.sheet.autofilter(head, 0, target.row - 1, 4)


def _draw(book, words, sheet, head):
    chart = book.workbook.add_chart({"type": "column"})
    for index, key in ((2, "monthly"), (3, "billed"), (4, "cost")):
        chart.add_series(
            {
                "name": words[key],
                "categories": [sheet.name, head + 1, 0, sheet.row - 1, 0],
                "values": [sheet.name, head + 1, index, sheet.row - 1, index],
            }
        )
    chart.set_title({"name": words["title"]})
    sheet.sheet.insert_chart("G4", chart)


def _write_proof(book, words, sheet, rows, sums):
    """Per contract: the sum of its lines against what the application stored."""
    columns = [
        Column("contract", words["contract"]),
        Column("computed", words["computed"], "money"),
        Column("stored", words["stored"], "money"),
        Column("agrees", words["agrees"]),
    ]
    proof = book.sheet(words["proof"], columns)
    place = reference(sheet.name)
    for index, row in enumerate(rows, 2):
        line = proof.row + 1
        computed = sums.get(row.key, 0.0)
        agrees = words["yes"] if abs(computed - row.monthly) < 0.05 else words["no"]
        proof.write(
            (
                row.name,
                Formula(f"={place}J{index}", computed),
                row.monthly,
                Formula(
                    f'=IF(ABS(B{line}-C{line})<0.05,"{words["yes"]}","{words["no"]}")',
                    agrees,
                ),
            )
        )
    proof.autofilter()
