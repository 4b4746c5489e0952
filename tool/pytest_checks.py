"""pytest hooks of the whole suite: Odoo's tags, paths, and a clean log.

Loaded by the ``conftest.py`` at the top.
"""

import logging
import os
from pathlib import Path

import pytest

from . import logs, paths

ALLOWED = paths.ROOT / "tests" / "allowed_log_lines.toml"


class Collector(logging.Handler):
    """Keeps every warning that reaches the root logger.

    Records a test expects never come here: ``assertLogs`` and ``mute_logger``
    stop them at their own logger.
    """

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []

    def emit(self, record):
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = str(record.msg)
        if record.exc_info and record.exc_info[1]:
            message += f"\n{record.exc_info[1]!r}"
        self.found.append(logs.Entry(record.levelname, record.name, message))


class LogCheck(pytest.Item):
    """The last test of a run: its log holds nothing that is not explained."""

    def __init__(self, *, source, **options):
        super().__init__(**options)
        self.source = source

    def runtest(self):
        message = surprises(self.source())
        if message:
            raise AssertionError(message)

    def repr_failure(self, excinfo):
        return str(excinfo.value)

    def reportinfo(self):
        return ALLOWED, None, self.name


def is_standard(item):
    """Does Odoo's own runner take this test without being asked?

    Odoo gives the tag to test classes in addons only; those outside have none.
    """
    case = getattr(item, "cls", None)
    tags = getattr(case, "test_tags", None)
    if tags is None or not case.__module__.startswith("odoo.addons."):
        return True
    return "standard" in tags


def installation_entries():
    """Warnings written while the databases of this run were prepared."""
    names = filter(None, os.environ.get(logs.INSTALL_LOGS, "").split(os.pathsep))
    return [
        entry
        for name in names
        for entry in logs.entries(Path(name).read_text(errors="replace").splitlines())
    ]


def surprises(found):
    """What the log says without an explanation, in a sentence; else an empty text."""
    lines = logs.unexpected(found, logs.load_allowed(ALLOWED))
    if not lines:
        return ""
    text = "\n".join(f"  {entry}" for entry in lines)
    return f"{len(lines)} log lines without an explanation in {ALLOWED.name}:\n{text}"


def log_sources(found):
    """The checks of a run by name, each with a function that gets its log entries."""
    sources = {"log of the tests is clean": lambda: found}
    if os.environ.get(logs.INSTALL_LOGS):
        sources["log of the installation is clean"] = installation_entries
    return sources


def add_log_checks(session, items, collector):
    """Append the checks of the logs to the collected tests."""
    for name, source in log_sources(collector.found).items():
        items.append(LogCheck.from_parent(session, name=name, source=source))
