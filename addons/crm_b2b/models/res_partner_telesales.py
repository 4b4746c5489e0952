from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_open_telesales(self):
        """Open the quick order entry for this customer."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_b2b.crm_telesales_action"
        )
        return action | {
            "name": self.env._("Quick order: %(customer)s", customer=self.display_name),
            "context": {"active_id": self.id, "active_model": "res.partner"},
        }
