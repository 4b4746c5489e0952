"""The sheets *Proof* and *Thresholds* of the customer value workbook.

Every figure that follows from the ledger is written as a formula with the value that
this module computes for it; the test recalculates the file in another program and
compares.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from . import months, rfm, value_class
from .workbook import Book, Column, Formula, reference
from .workbook_thresholds import Thresholds, write_thresholds


class Slice(NamedTuple):
    """Lines ``first``..``last`` of a customer on a ledger sheet, and their figures."""

    sheet: str
    first: int
    last: int
    purchases: int
    first_purchase: date | None
    last_purchase: date | None
    frequency: int
    monetary: float
    half: float
    half_before: float

    @classmethod
    def of(
        cls, sheet: str, first: int, entries: Sequence[Any], as_of: date, policy: Any
    ) -> "Slice":
        """Figures of one customer's entries, which stand from line ``first`` on."""

        def net(since: int, until: int) -> float:
            low, high = months.shift(as_of, since), months.shift(as_of, until)
            return round(sum(e.amount for e in entries if low < e.date <= high), 2)

        begin = months.shift(as_of, -policy.window_months)
        days = sorted({entry.date for entry in entries if not entry.refund})
        return cls(
            sheet,
            first,
            first + len(entries) - 1,
            sum(not entry.refund for entry in entries),
            days[0] if days else None,
            days[-1] if days else None,
            sum(day > begin for day in days),
            net(-policy.window_months, 0),
            net(-6, 0),
            net(-18, -12),
        )


_COLUMNS = (
    ("customer_id", "int"),
    ("name", "text"),
    ("purchases", "int"),
    ("first_purchase", "date"),
    ("last_purchase", "date"),
    ("recency", "int"),
    ("frequency", "int"),
    ("monetary", "money"),
    ("r", "score"),
    ("f", "score"),
    ("m", "score"),
    ("costs", "input_money"),
    ("contribution", "money"),
    ("cumulative", "money"),
    ("abc", "text"),
    ("abc_before", "input_text"),
    ("half", "money"),
    ("half_before", "money"),
    ("revenue_change", "percent"),
    ("churn_risk", "input_percent"),
    ("loyalty", "input_number"),
    ("class_proof", "text"),
    ("class_run", "input_text"),
    ("agrees", "text"),
)
# Columns by letter, as the formulas name them.
LETTER = {key: chr(ord("A") + index) for index, (key, _kind) in enumerate(_COLUMNS)}

_LEDGER = {"key": "A", "date": "D", "kind": "E", "amount": "F", "day": "G"}
_OWN = "{key},A{n},{kind},k_purchase"
_BETWEEN = '{date},">"&{low},{date},"<="&{high}'
_FORMULAS = {
    "purchases": f'=COUNTIFS({_OWN},{{date}},"<="&p_as_of)',
    "first_purchase": f'=IF(C{{n}}=0,"",_xlfn.MINIFS({{date}},{_OWN}))',
    "last_purchase": (
        f'=IF(C{{n}}=0,"",_xlfn.MAXIFS({{date}},{_OWN},{{date}},"<="&p_as_of))'
    ),
    "frequency": (
        '=SUMIFS({day},{key},A{n},{date},">"&p_window_start,{date},"<="&p_as_of)'
    ),
    "monetary": (
        '=ROUND(SUMIFS({amount},{key},A{n},{date},">"&p_window_start,'
        '{date},"<="&p_as_of),2)'
    ),
    "half": (
        '=ROUND(SUMIFS({amount},{key},A{n},{date},">"&p_half_start,'
        '{date},"<="&p_as_of),2)'
    ),
    "half_before": (
        '=ROUND(SUMIFS({amount},{key},A{n},{date},">"&p_half_before_start,'
        '{date},"<="&p_year_before),2)'
    ),
}
_DERIVED = {
    "recency": '=IF(C{n}=0,"",p_as_of-E{n})',
    "r": "=IF(C{n}=0,1,1+(F{n}<=p_recency_2)+(F{n}<=p_recency_3)"
    "+(F{n}<=p_recency_4)+(F{n}<=p_recency_5))",
    "f": "=1+(G{n}>=p_frequency_2)+(G{n}>=p_frequency_3)"
    "+(G{n}>=p_frequency_4)+(G{n}>=p_frequency_5)",
    "m": "=1+(H{n}>=p_monetary_2)+(H{n}>=p_monetary_3)"
    "+(H{n}>=p_monetary_4)+(H{n}>=p_monetary_5)",
    "contribution": "=H{n}-L{n}",
    "cumulative": "={before}+MAX(M{n},0)",
    "abc": '=IF(M{n}<0,"D",IF(M{n}=0,"C",'
    'IF(ROUND({before},2)<ROUND(p_abc_a*p_positive_total,2),"A",'
    'IF(ROUND({before},2)<ROUND(p_abc_b*p_positive_total,2),"B","C"))))',
    "revenue_change": '=IF(R{n}>0,(Q{n}-R{n})/R{n},"")',
    "class_proof": "=IF(C{n}=0,c_dormant,"
    "IF(E{n}<=EDATE(p_as_of,-p_dormant_months),c_dormant,"
    "IF(D{n}>EDATE(p_as_of,-p_new_months),c_new,"
    'IF(AND(OR(P{n}="A",P{n}="B"),OR(AND(ISNUMBER(T{n}),T{n}>=p_churn_limit),'
    "AND(ISNUMBER(S{n}),S{n}<=-p_decline))),c_being_lost,"
    'IF(AND(O{n}="A",ISNUMBER(U{n}),U{n}>=p_loyalty_limit),c_most_valuable,'
    "IF(OR(AND(ISNUMBER(U{n}),U{n}>=p_loyalty_limit),"
    "AND(ISNUMBER(S{n}),S{n}>=p_growth_limit,G{n}>=p_growth_days)),c_growth,"
    "c_transactional))))))",
    "agrees": "=IF(V{n}=W{n},k_yes,k_no)",
}


class Proof:
    """Writes one line a customer, then the thresholds that the lines refer to."""

    def __init__(
        self, book: Book, labels: Mapping[str, str], as_of: date, policy: Thresholds
    ):
        self._book, self._labels, self._as_of, self._policy = (
            book,
            labels,
            as_of,
            policy,
        )
        columns = [Column(key, labels[key], kind) for key, kind in _COLUMNS]
        self.sheet = book.sheet(labels["proof"], columns)
        self._cumulative = 0.0
        self.classes: dict[str, list[float]] = {
            code: [0, 0.0, 0.0] for code in value_class.CLASSES
        }
        self.grid: dict[tuple[int, int], int] = {}

    def range(self, key: str) -> str:
        """All cells of a column, as a formula names them."""
        column, last = LETTER[key], max(self.sheet.row, 2)
        return f"{reference(self.sheet.name)}${column}$2:${column}${last}"

    # A plain class, no model.
    def write(  # pylint: disable=method-required-super
        self, row: Any, entries: Slice | None
    ) -> None:
        """Write the proof of one customer of the run from its ledger lines."""
        line = self.sheet.row + 1
        values = self._figures(row, entries)
        before = "0" if line == 2 else f"N{line - 1}"
        formulas = {
            key: text.format(n=line, before=before) for key, text in _DERIVED.items()
        } | _ledger_formulas(line, entries)
        self.sheet.write(
            [
                Formula(formulas[key], values[key]) if key in formulas else values[key]
                for key, _kind in _COLUMNS
            ]
        )
        self._count(values, row)

    def _figures(self, row: Any, entries: Slice | None) -> dict[str, Any]:
        found = entries or Slice("", 0, 0, 0, None, None, 0, 0.0, 0.0, 0.0)
        last = found.last_purchase
        recency = (self._as_of - last).days if last else None
        days = float("nan") if recency is None else recency
        scores = rfm.score_fixed(
            [days], [found.frequency], [found.monetary], self._policy.cuts
        )
        costs = round(row.monetary - row.contribution, 2)
        contribution = found.monetary - costs
        self._cumulative += max(contribution, 0)
        change = (
            (found.half - found.half_before) / found.half_before
            if found.half_before > 0
            else None
        )
        facts = value_class.Facts(
            found.first_purchase,
            last,
            found.frequency,
            row.abc,
            row.abc_before,
            row.churn_risk,
            change,
            row.loyalty,
        )
        code = value_class.decide(facts, self._as_of, self._policy.limits).value_class
        return found._asdict() | {
            "customer_id": row.customer_id,
            "name": row.name,
            "recency": recency,
            "r": int(scores.recency[0]),
            "f": int(scores.frequency[0]),
            "m": int(scores.monetary[0]),
            "costs": costs,
            "contribution": contribution,
            "cumulative": self._cumulative,
            "abc": row.abc,
            "abc_before": row.abc_before,
            "revenue_change": change,
            "churn_risk": row.churn_risk,
            "loyalty": row.loyalty,
            "code": code,
            "class_proof": self._labels[code],
            "class_run": self._labels[row.value_class],
            "agrees": self._labels["yes" if code == row.value_class else "no"],
        }

    def _count(self, values: dict[str, Any], row: Any) -> None:
        total = self.classes[values["code"]]
        total[0] += 1
        total[1] += values["monetary"]
        total[2] += values["contribution"]
        cell = values["r"], values["f"]
        self.grid[cell] = self.grid.get(cell, 0) + 1

    def finish(self) -> None:
        """Write the thresholds and name their cells, after the last customer."""
        self.sheet.autofilter()
        total = Formula(f'=SUMIF({self.range("contribution")},">0")', self._cumulative)
        write_thresholds(self._book, self._labels, self._as_of, self._policy, total)
        last = max(self.sheet.row, 2)
        self.sheet.sheet.conditional_format(
            f"X2:X{last}",
            {
                "type": "cell",
                "criteria": "==",
                "value": "k_no",
                "format": self._book.style("alarm"),
            },
        )


def _ledger_formulas(line: int, entries: Slice | None) -> dict[str, str]:
    if entries is None:
        empty = {"first_purchase": '=""', "last_purchase": '=""'}
        return {key: empty.get(key, "=0") for key in _FORMULAS}
    names = {
        key: f"{entries.sheet}${column}${entries.first}:${column}${entries.last}"
        for key, column in _LEDGER.items()
    }
    return {key: text.format(n=line, **names) for key, text in _FORMULAS.items()}
