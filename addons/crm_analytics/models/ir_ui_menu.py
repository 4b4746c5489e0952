from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Analyses of applications that are not installed stay out of the menu."""
        hidden = super()._load_menus_blacklist()
        if "helpdesk.ticket" not in self.env:
            menu = self.env.ref(
                "crm_analytics.crm_service_fact_menu", raise_if_not_found=False
            )
            hidden += menu.ids if menu else []
        return hidden
