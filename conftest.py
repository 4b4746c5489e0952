"""Hooks of every pytest run; see tool/pytest_checks.py."""

import logging

import pytest

from tool import pytest_checks

COLLECTOR = pytest.StashKey()


def pytest_configure(config):
    """Listen to the log from the very beginning."""
    config.stash[COLLECTOR] = pytest_checks.Collector()
    logging.getLogger().addHandler(config.stash[COLLECTOR])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session, config, items):
    """Drop what Odoo would not run by itself, and check the log at the end."""
    dropped = [item for item in items if not pytest_checks.is_standard(item)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if pytest_checks.is_standard(item)]
    if items and config.getoption("odoo_database", default=None):
        pytest_checks.add_log_checks(session, items, config.stash[COLLECTOR])
