"""Tests side by side: each worker of pytest-xdist has its own database.

``make test`` prepares the copies, ``<database>_gw0``, ``<database>_gw1`` and so on. The
process that reports runs no test: it collects what the logs of the workers said, and
reports the two checks of the logs as if they were tests.
"""

import os

import pytest

from . import logs, pytest_checks

LOG = "crm_log"
# Whole minutes each; begun last, they would be waited for alone.
LONG_ONES = (
    "test_install_alone",
    "test_concurrency",
    "test_order_to_insight",
    "test_replica",
    "test_value_run_processes",
)


def databases(copy, count):
    """The names of the databases of ``count`` workers."""
    return [f"{copy}_gw{number}" for number in range(count)]


def is_worker(config):
    return hasattr(config, "workerinput")


def is_controller(config):
    return bool(getattr(config.option, "numprocesses", None)) and not is_worker(config)


def take_database(config):
    """Let this worker use its copy.

    The variable goes, because pytest-odoo would make a second copy for it.
    """
    worker = os.environ.pop("PYTEST_XDIST_WORKER", None)
    if worker and config.getoption("odoo_database", default=None):
        config.option.odoo_database += f"_{worker}"


def put_long_ones_first(items):
    """Order the collected tests so that no worker waits for another at the end."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONG_ONES))


class Controller:
    """Collects the logs of the workers and reports on them."""

    def __init__(self):
        self.found = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node, error):
        output = getattr(node, "workeroutput", None) or {}
        self.found += [logs.Entry(*entry) for entry in output.get(LOG, ())]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        if not session.testscollected and not self.found:
            return
        for name, source in pytest_checks.log_sources(self.found).items():
            message = pytest_checks.surprises(source())
            report = pytest.TestReport(
                nodeid=name,
                location=(str(pytest_checks.ALLOWED), None, name),
                keywords={},
                outcome="failed" if message else "passed",
                longrepr=message or None,
                when="call",
            )
            session.config.hook.pytest_runtest_logreport(report=report)
            if message:
                session.testsfailed += 1
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
