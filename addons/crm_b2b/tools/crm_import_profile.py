"""Profile of a CRM export: which CSV file and column holds what.

A profile is a small YAML text. :func:`load_profile` reads and checks it, once, and
returns a :class:`Profile`; nothing later has to ask whether a key is there. A wrong
profile raises :class:`ImportProblem` with a code and the values for its sentence
(the caller words it).
"""

import re
from dataclasses import dataclass, field

import yaml

KINDS = ("accounts", "products", "agents", "deals")

#: our fields of each kind; the mandatory ones first
FIELDS = {
    "accounts": (
        ("name",),
        ("id", "industry", "country", "parent", "street", "city", "zip")
        + ("phone", "email", "website", "vat", "employees"),
    ),
    "products": (("name",), ("id", "category", "list_price", "code")),
    "agents": (("name",), ("id", "team", "manager", "email")),
    "deals": (
        ("id", "stage"),
        ("name", "agent", "product", "account", "open_date", "close_date", "amount"),
    ),
}
ALIAS_FIELDS = ("account", "product", "agent", "industry", "country", "stage")
OUTCOMES = ("won", "lost", "open")
DEFAULT_OPTIONS = {
    "currency": "",
    "deal_name": "{product} - {account}",
    "team_name": "{team}",
    "create_users": True,
    "product_type": "consu",
    "won_without_account": "reject",
    "missing_amount": "zero",
    "documents": "payment",
    "deliver": True,
    "taxes": "none",
    "payment_term": "",
    "invoice_after_days": 0,
    "payment_delay_days": [0, 0],
    "unpaid_share": 0.0,
    "seed": 0,
    "lost_reason": "Imported: no reason given",
}
CHOICES = {
    "won_without_account": ("reject", "keep"),
    "missing_amount": ("zero", "list_price"),
    "documents": ("order", "invoice", "payment"),
    "taxes": ("none", "product"),
    "product_type": ("consu", "service"),
}
DEFAULT_CSV = {
    "delimiter": ",",
    "encoding": "utf-8-sig",
    "date_format": "%Y-%m-%d",
    "decimal": ".",
    "thousands": "",
}


class ImportProblem(ValueError):
    """An unusable file or profile: ``code`` and the values of its sentence."""

    def __init__(self, code, **params):
        self.code = code
        self.params = params
        super().__init__(f"{code}: {params}")


@dataclass(frozen=True)
class FileSpec:
    """One CSV file: its name, ``columns`` {our field: their column} and its dialect."""

    kind: str
    file: str
    columns: dict
    notes: dict
    csv: dict
    optional: bool = False


@dataclass(frozen=True)
class Stage:
    """Where a stage of the other system lands: ``outcome`` and, if open, our stage."""

    outcome: str
    stage: str = ""
    lost_reason: str = ""


@dataclass(frozen=True)
class Profile:
    name: str
    title: str
    files: dict
    stages: dict
    aliases: dict
    known: dict
    options: dict = field(default_factory=dict)

    def alias(self, kind, value):
        """Return ``value`` as the profile's alias list says it is meant."""
        return self.aliases.get(kind, {}).get(value, value)


def load_profile(text):
    """Return the :class:`Profile` written in the YAML ``text`` (str or bytes).

    :raise ImportProblem: with a code of ``profile_*``
    """
    try:
        # a loader of plain data only: a profile is uploaded by users
        data = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ImportProblem(
            "profile_yaml",
            line=mark.line + 1 if mark else 1,
            problem=getattr(error, "problem", None) or "not a text in UTF-8",
        ) from None
    data = _mapping(data, "profile")
    unknown = set(data) - {
        *("name", "title", "csv", "files", "stages", "aliases", "known", "options")
    }
    if unknown:
        raise ImportProblem("profile_unknown_key", key=_join(unknown), where="profile")
    name = str(data.get("name") or "")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        raise ImportProblem("profile_name", name=name)
    dialect = _dialect(data.get("csv"), DEFAULT_CSV, "csv")
    return Profile(
        name=name,
        title=str(data.get("title") or name),
        files=_files(data.get("files"), dialect),
        stages=_stages(data.get("stages")),
        aliases=_aliases(data.get("aliases")),
        known=_known(data.get("known")),
        options=_options(data.get("options")),
    )


def _join(names):
    return ", ".join(sorted(str(name) for name in names))


def _mapping(value, where):
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ImportProblem("profile_mapping", where=where)
    return value


def _dialect(value, defaults, where):
    value = _mapping(value, where)
    if unknown := set(value) - set(DEFAULT_CSV):
        raise ImportProblem("profile_unknown_key", key=_join(unknown), where=where)
    dialect = {**defaults, **value}
    if len(str(dialect["delimiter"])) != 1:
        raise ImportProblem("profile_value", key=f"{where}.delimiter", value="")
    try:
        " ".encode(dialect["encoding"])
    except (LookupError, TypeError):
        raise ImportProblem(
            "profile_value", key=f"{where}.encoding", value=dialect["encoding"]
        ) from None
    formats = dialect["date_format"]
    dialect["date_format"] = formats if isinstance(formats, list) else [formats]
    return dialect


def _files(value, dialect):
    value = _mapping(value, "files")
    if unknown := set(value) - set(KINDS):
        raise ImportProblem("profile_unknown_key", key=_join(unknown), where="files")
    if "deals" not in value:
        raise ImportProblem("profile_missing", key="files.deals")
    return {kind: _file(kind, value[kind], dialect) for kind in KINDS if kind in value}


def _file(kind, value, dialect):
    where = f"files.{kind}"
    value = _mapping(value, where)
    if unknown := set(value) - {"file", "columns", "notes", "csv", "optional"}:
        raise ImportProblem("profile_unknown_key", key=_join(unknown), where=where)
    if not value.get("file"):
        raise ImportProblem("profile_missing", key=f"{where}.file")
    columns = _mapping(value.get("columns"), f"{where}.columns")
    mandatory, optional = FIELDS[kind]
    if unknown := set(columns) - {*mandatory, *optional}:
        raise ImportProblem(
            "profile_unknown_key", key=_join(unknown), where=f"{where}.columns"
        )
    for name in mandatory:
        if not columns.get(name):
            raise ImportProblem("profile_missing", key=f"{where}.columns.{name}")
    return FileSpec(
        kind=kind,
        file=str(value["file"]),
        columns={name: str(column) for name, column in columns.items()},
        notes=dict(_mapping(value.get("notes"), f"{where}.notes")),
        csv=_dialect(value.get("csv"), dialect, f"{where}.csv"),
        optional=bool(value.get("optional")),
    )


def _stages(value):
    value = _mapping(value, "stages")
    if not value:
        raise ImportProblem("profile_missing", key="stages")
    stages = {}
    for name, spec in value.items():
        where = f"stages.{name}"
        spec = _mapping(spec, where)
        if unknown := set(spec) - {"outcome", "stage", "lost_reason"}:
            raise ImportProblem("profile_unknown_key", key=_join(unknown), where=where)
        if spec.get("outcome") not in OUTCOMES:
            raise ImportProblem(
                "profile_value", key=f"{where}.outcome", value=spec.get("outcome")
            )
        if spec["outcome"] == "open" and not spec.get("stage"):
            raise ImportProblem("profile_missing", key=f"{where}.stage")
        stages[str(name)] = Stage(**{key: str(text) for key, text in spec.items()})
    return stages


def _aliases(value):
    value = _mapping(value, "aliases")
    if unknown := set(value) - set(ALIAS_FIELDS):
        raise ImportProblem("profile_unknown_key", key=_join(unknown), where="aliases")
    return {
        kind: {
            str(name): str(meant)
            for name, meant in _mapping(names, f"aliases.{kind}").items()
        }
        for kind, names in value.items()
    }


def _known(value):
    value = _mapping(value, "known")
    if unknown := set(value) - {"industry", "country"}:
        raise ImportProblem("profile_unknown_key", key=_join(unknown), where="known")
    for kind, names in value.items():
        if not isinstance(names, list):
            raise ImportProblem("profile_value", key=f"known.{kind}", value=names)
    return {kind: [str(name) for name in names] for kind, names in value.items()}


def _options(value):
    value = _mapping(value, "options")
    if unknown := set(value) - set(DEFAULT_OPTIONS):
        raise ImportProblem("profile_unknown_key", key=_join(unknown), where="options")
    options = {**DEFAULT_OPTIONS, **value}
    for key, choices in CHOICES.items():
        if options[key] not in choices:
            raise ImportProblem(
                "profile_value", key=f"options.{key}", value=options[key]
            )
    checks = {
        "unpaid_share": lambda v: _is_number(v) and 0 <= v <= 1,
        "invoice_after_days": lambda v: type(v) is int and 0 <= v <= 3650,
        "payment_delay_days": lambda v: (
            isinstance(v, list)
            and len(v) == 2
            and all(type(day) is int and -365 <= day <= 3650 for day in v)
            and v[0] <= v[1]
        ),
        "seed": lambda v: type(v) in (int, str),
        "deliver": lambda v: type(v) is bool,
        "create_users": lambda v: type(v) is bool,
        **dict.fromkeys(
            ("currency", "deal_name", "team_name", "payment_term", "lost_reason"),
            lambda v: isinstance(v, str),
        ),
        "deal_name": lambda v: _is_template(v, ("id", "product", "account", "agent")),
        "team_name": lambda v: _is_template(v, ("team", "manager")),
    }
    for key, check in checks.items():
        if not check(options[key]):
            raise ImportProblem(
                "profile_value", key=f"options.{key}", value=options[key]
            )
    return options


def _is_number(value):
    return type(value) in (int, float)


def _is_template(value, names):
    """Whether ``value`` holds only plain placeholders {name} of ``names``."""
    if not isinstance(value, str) or not value:
        return False
    rest = value
    for name in names:
        rest = rest.replace(f"{{{name}}}", "")
    return "{" not in rest and "}" not in rest
