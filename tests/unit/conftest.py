"""Lets ``from odoo.addons.crm_b2b.tools import x`` work without a database."""

import pytest

import odoo.init

import odoo.addons

from tool import paths

if str(paths.ADDONS) not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(paths.ADDONS))


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """In place of pytest-odoo's: these tests need no registry."""


@pytest.fixture(scope="session", autouse=True)
def load_http():
    """In place of pytest-odoo's: these tests need no server."""
