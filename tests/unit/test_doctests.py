"""The examples in the docstrings of the kernels."""

import doctest
import importlib
import pkgutil

import pytest

from odoo.addons.crm_analytics import tools as insight
from odoo.addons.crm_marketing import tools as marketing

NAMES = sorted(
    f"{tools.__name__}.{module.name}"
    for tools in (insight, marketing)
    for module in pkgutil.iter_modules(tools.__path__)
)


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings_hold(name):
    module = importlib.import_module(name)
    assert not doctest.testmod(module).failed
