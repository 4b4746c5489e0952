from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_service_place(self):
        """Return (latitude, longitude), None if not known."""
        if not self or not (self.partner_latitude or self.partner_longitude):
            return None
        return self.partner_latitude, self.partner_longitude
