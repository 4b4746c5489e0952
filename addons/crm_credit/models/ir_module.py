from odoo import api, models

from ..tools import reused_translations


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Load what we translate of reused addons together with our own terms."""
        modules = reused_translations.complete(modules)
        return super()._load_module_terms(modules, langs, overwrite=overwrite)
