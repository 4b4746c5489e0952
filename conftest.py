"""Hooks of every pytest run; see tool/pytest_checks.py and tool/pytest_workers.py."""

import logging

import hypothesis
import pytest

from tool import pytest_checks, pytest_workers

COLLECTOR = pytest.StashKey()

# A busy machine is no finding: examples may be drawn and run slowly.
hypothesis.settings.register_profile(
    "busy",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("busy")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    """A worker takes its own database, before Odoo reads its configuration."""
    pytest_workers.take_database(config)
    return (yield)


def pytest_configure(config):
    """Listen to the log from the very beginning."""
    config.stash[COLLECTOR] = pytest_checks.Collector()
    logging.getLogger().addHandler(config.stash[COLLECTOR])
    if pytest_workers.is_controller(config):
        config.pluginmanager.register(pytest_workers.Controller())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session, config, items):
    """Drop what Odoo would not run by itself, and check the log at the end."""
    dropped = [item for item in items if not pytest_checks.is_standard(item)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if pytest_checks.is_standard(item)]
    if pytest_workers.is_worker(config):
        pytest_workers.put_long_ones_first(items)
    elif items and config.getoption("odoo_database", default=None):
        pytest_checks.add_log_checks(session, items, config.stash[COLLECTOR])


def pytest_sessionfinish(session):
    """A worker hands what its log said to the process that reports."""
    if pytest_workers.is_worker(session.config):
        found = session.config.stash[COLLECTOR].found
        session.config.workeroutput[pytest_workers.LOG] = [list(e) for e in found]
