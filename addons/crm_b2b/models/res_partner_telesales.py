from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_open_telesales(self):
        """Open the quick order entry for this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "crm_b2b.telesales",
            "name": self.env._("Quick order: %(customer)s", customer=self.display_name),
            "context": {"active_id": self.id, "active_model": "res.partner"},
        }
