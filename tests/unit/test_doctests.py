"""The examples in the docstrings of the kernels."""

import doctest
import importlib
import pkgutil

import pytest

from odoo.addons.crm_analytics import tools

NAMES = sorted(module.name for module in pkgutil.iter_modules(tools.__path__))


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings_hold(name):
    module = importlib.import_module(f"{tools.__name__}.{name}")
    assert not doctest.testmod(module).failed
