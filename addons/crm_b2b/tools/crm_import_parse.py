"""Read the CSV files of a CRM export with a profile: rows, refusals and a dirt report.

:func:`parse` takes the :class:`~.crm_import_profile.Profile`, the files as bytes, names
known to the caller and today's date; it returns a :class:`Parsed`. Nothing is corrected
but what an alias of the profile says; what looks wrong is reported with a suggestion.
Dates are ``datetime.date``, amounts ``Decimal`` in the currency of the files.
"""

from collections import Counter
from dataclasses import dataclass, field

from .crm_import_match import suggest
from .crm_import_profile import ImportProblem
from .crm_import_read import parse_amount, parse_date, read_csv


@dataclass(frozen=True)
class Row:
    """A usable row: its ``key`` in the other system and ``values`` by our field."""

    kind: str
    line: int
    key: str
    values: dict


@dataclass(frozen=True)
class Issue:
    """``level`` rejected or warning; ``reason`` a code; ``count`` rows it covers."""

    level: str
    file: str
    line: int
    column: str
    value: str
    reason: str
    suggestion: str = ""
    count: int = 1
    raw: str = ""


@dataclass
class Parsed:
    rows: dict = field(default_factory=dict)
    read: Counter = field(default_factory=Counter)
    rejected: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    kind_of_file: dict = field(default_factory=dict)

    def rejected_count(self, kind):
        return len({i.line for i in self.rejected if self.kind_of_file[i.file] == kind})

    def warning_count(self, kind):
        return sum(i.count for i in self.warnings if self.kind_of_file[i.file] == kind)


def parse(profile, files, known, today):
    """Return the :class:`Parsed` of ``files``.

    :param files: {kind: bytes}; a missing kind must be optional or without file in the
        profile
    :param known: {"industry": names, "country": names} of the receiving system;
        {"accounts"|"products"|"agents": names} imported before, usable without a file
    :param today: date; no deal is won or lost after it
    :raise ImportProblem: a file that cannot be read at all
    """
    return _Parser(profile, files, known, today).run()


class _Parser:
    def __init__(self, profile, files, known, today):
        self.profile = profile
        self.files = files
        self.known = known
        self.today = today
        self.parsed = Parsed(rows={kind: [] for kind in _KIND_ORDER})
        self.warned = {}
        self.names = {}

    def run(self):
        for kind in _KIND_ORDER:
            spec = self.profile.files.get(kind)
            if not spec:
                self.names[kind] = None
                continue
            self.parsed.kind_of_file[spec.file] = kind
            if kind in self.files:
                self._read(spec, self.files[kind])
            elif not spec.optional:
                raise ImportProblem("file_missing", file=spec.file)
            names = (
                {row.values["name"] for row in self.parsed.rows[kind]}
                if (kind != "deals")
                else set()
            )
            self.names[kind] = names | set(self.known.get(kind, ()))
        self._check_parents()
        self._derive()
        self.parsed.warnings = list(self.warned.values())
        return self.parsed

    def _read(self, spec, content):
        seen = {}
        for line, cells, raw in read_csv(spec, content):
            self.parsed.read[spec.kind] += 1
            row = _RowReader(self, spec, line, raw)
            if cells is None:
                row.reject("", "", "ragged")
                continue
            values = {name: cells[column] for name, column in spec.columns.items()}
            for name in _MANDATORY[spec.kind]:
                if not values[name]:
                    row.reject(name, "", "missing")
            key = values.get("id") or values.get("name")
            if key and key in seen:
                row.reject("id" if "id" in values else "name", key, "duplicate")
            getattr(row, f"read_{spec.kind}")(values)
            if row.ok:
                seen[key] = line
                values["notes"] = [
                    (label, cells[column])
                    for label, column in spec.notes.items()
                    if cells[column]
                ]
                self.parsed.rows[spec.kind].append(Row(spec.kind, line, key, values))

    def warn(self, issue):
        """Keep one warning for all rows that share column, value and reason."""
        key = (issue.file, issue.column, issue.value, issue.reason)
        if first := self.warned.get(key):
            issue = _counted(first)
        self.warned[key] = issue

    def _check_parents(self):
        spec = self.profile.files.get("accounts")
        for row in self.parsed.rows["accounts"]:
            parent = row.values.get("parent")
            if parent and parent not in self.names["accounts"]:
                row.values["parent"] = ""
                self.warn(
                    Issue(
                        "warning",
                        spec.file,
                        row.line,
                        spec.columns["parent"],
                        parent,
                        "unknown_parent",
                        suggest(parent, self.names["accounts"]),
                    )
                )

    def _derive(self):
        """Make the kinds without a file from the names that the deals use."""
        for kind, name in (
            ("accounts", "account"),
            ("products", "product"),
            ("agents", "agent"),
        ):
            if kind in self.profile.files:
                continue
            names = dict.fromkeys(
                row.values[name]
                for row in self.parsed.rows["deals"]
                if row.values.get(name)
            )
            self.parsed.rows[kind] = [
                Row(kind, 0, value, {"name": value, "notes": []}) for value in names
            ]


class _RowReader:
    """Checks of one row; ``ok`` turns False with the first reason to refuse it."""

    def __init__(self, parser, spec, line, raw):
        self.parser, self.spec, self.line, self.raw = parser, spec, line, raw
        self.ok = True

    def _issue(self, level, name, value, reason, suggestion=""):
        column = self.spec.columns.get(name, "")
        return Issue(
            level,
            self.spec.file,
            self.line,
            column,
            value,
            reason,
            suggestion,
            raw=self.raw,
        )

    def reject(self, name, value, reason, suggestion=""):
        self.ok = False
        self.parser.parsed.rejected.append(
            self._issue("rejected", name, value, reason, suggestion)
        )

    def warn(self, name, value, reason, suggestion=""):
        self.parser.warn(self._issue("warning", name, value, reason, suggestion))

    def alias(self, values, *names):
        for name in names:
            if written := values.get(name):
                kind = {"parent": "account", "manager": "agent"}.get(name, name)
                values[name] = self.parser.profile.alias(kind, written)
                if values[name] != written:
                    self.warn(name, written, "alias", values[name])

    def amount(self, values, name, mandatory=False):
        text = values.get(name, "")
        values[name] = None
        if not text:
            if mandatory:
                self.reject(name, "", "missing")
            return
        dialect = self.spec.csv
        try:
            amount = parse_amount(text, dialect["decimal"], dialect["thousands"])
        except ValueError:
            self.reject(name, text, "amount")
            return
        if amount < 0:
            self.reject(name, text, "negative")
        values[name] = amount

    def date(self, values, name, mandatory=False):
        text = values.get(name, "")
        values[name] = None
        if not text:
            if mandatory:
                self.reject(name, "", "missing")
            return
        try:
            values[name] = parse_date(text, self.spec.csv["date_format"])
        except ValueError:
            self.reject(name, text, "date")

    def read_accounts(self, values):
        self.alias(values, "industry", "country", "parent")
        for name in ("industry", "country"):
            self._check_known(values, name)
        if values.get("parent") == values["name"]:
            self.warn("parent", values["parent"], "own_parent")
            values["parent"] = ""
        self.amount(values, "employees")

    def _check_known(self, values, name):
        known = [
            *self.parser.profile.known.get(name, ()),
            *self.parser.known.get(name, ()),
        ]
        value = values.get(name)
        if value and known and value.casefold() not in {n.casefold() for n in known}:
            self.warn(name, value, f"unknown_{name}", suggest(value, known))

    def read_products(self, values):
        self.amount(values, "list_price")

    def read_agents(self, values):
        self.alias(values, "manager")

    def read_deals(self, values):
        self.alias(values, "stage", "agent", "product", "account")
        stage = self.parser.profile.stages.get(values["stage"])
        if values["stage"] and not stage:
            stages = self.parser.profile.stages
            self.reject(
                "stage", values["stage"], "stage", suggest(values["stage"], stages)
            )
        outcome = stage.outcome if stage else "open"
        won = outcome == "won"
        self.date(values, "open_date")
        self.date(values, "close_date", mandatory=outcome != "open")
        self.amount(values, "amount", mandatory=won)
        self._check_dates(values, outcome)
        self._check_names(values, won)
        values["outcome"] = outcome

    def _check_dates(self, values, outcome):
        opened, closed = values["open_date"], values["close_date"]
        if opened and closed and closed < opened:
            self.reject("close_date", str(closed), "close_before_open", str(opened))
        for name, day, final in (
            ("close_date", closed, outcome != "open"),
            ("open_date", opened, True),
        ):
            if day and final and day > self.parser.today:
                self.reject(name, str(day), "future")

    def _check_names(self, values, won):
        for name, kind in (
            ("agent", "agents"),
            ("product", "products"),
            ("account", "accounts"),
        ):
            value, names = values.get(name, ""), self.parser.names[kind]
            if value and names is not None and value not in names:
                self.reject(name, value, f"unknown_{name}", suggest(value, names))
        if won and not values.get("product"):
            self.reject("product", "", "missing")
        if values.get("account"):
            return
        if won and self.parser.profile.options["won_without_account"] == "reject":
            self.reject("account", "", "won_without_account")
        else:
            self.warn("account", "", "no_account")


def _counted(issue):
    return Issue(**{**issue.__dict__, "count": issue.count + 1})


_KIND_ORDER = ("accounts", "products", "agents", "deals")
_MANDATORY = {
    "accounts": ("name",),
    "products": ("name",),
    "agents": ("name",),
    "deals": ("id", "stage"),
}
