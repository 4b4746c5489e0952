"""Odoo's log: find warnings and errors, and the reasons why some are allowed."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

# Environment variable: log files of the preparation, for the check in pytest.
INSTALL_LOGS = "CRM_INSTALL_LOGS"
LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ "
    r"(?P<level>WARNING|ERROR|CRITICAL) \S+ (?P<logger>[\w.]+): ?(?P<message>.*)"
)


class Allowed(NamedTuple):
    """A log line that is known and harmless, and why."""

    pattern: re.Pattern
    reason: str


class Entry(NamedTuple):
    """One warning or error: where it was said and what."""

    level: str
    logger: str
    message: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.message}"


def load_allowed(path):
    """The allowed lines of a TOML file; each must have a pattern and a reason."""
    tables = tomllib.loads(Path(path).read_text()).get("allowed", [])
    for table in tables:
        if not str(table.get("reason", "")).strip() or not table.get("pattern"):
            raise ValueError(
                f"{path}: each entry needs a pattern and a reason: {table}"
            )
    return [Allowed(re.compile(t["pattern"], re.S), t["reason"]) for t in tables]


def entries(lines):
    """The warnings and errors among the lines of a log file."""
    found = (LINE.match(line.rstrip("\n")) for line in lines)
    return [Entry(m["level"], m["logger"], m["message"]) for m in found if m]


def unexpected(found, allowed):
    """The entries that no allowed pattern matches, each once, in order."""
    seen = dict.fromkeys(found)
    return [e for e in seen if not any(a.pattern.search(str(e)) for a in allowed)]
