"""Kernels are tested without a database: make our addons importable."""

from pathlib import Path

import odoo.init  # noqa: F401
import odoo.addons

odoo.addons.__path__.append(str(Path(__file__).parents[2] / "addons"))
