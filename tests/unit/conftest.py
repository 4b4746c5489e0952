"""Make the addons importable without a database: `from odoo.addons.crm_x.tools import y`."""

from pathlib import Path

import odoo.addons
import odoo.init  # noqa: F401

odoo.addons.__path__.append(str(Path(__file__).parents[2] / "addons"))
