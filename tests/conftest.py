"""Fixtures for tests that lie outside an addon."""

import pytest


@pytest.fixture
def env():
    """An environment as superuser whose changes are rolled back."""
    from odoo import SUPERUSER_ID, api, tools  # noqa: PLC0415 (only with a database)
    from odoo.modules.registry import Registry  # noqa: PLC0415

    with Registry(tools.config["db_name"][0]).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})
        cursor.rollback()
