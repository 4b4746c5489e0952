from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_portal_scope = fields.Selection(
        [("company", "Service of the whole company"), ("own", "Own requests only")],
        string="Portal: service",
        default="company",
        help="What this contact sees in the portal of requests and visits: those of "
        "all contacts of the company, or only the own ones.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "service_portal_scope" in vals:
            self.env.flush_all()
            self.env.registry.clear_cache()  # record rules read it
        return result

    def _get_service_place(self):
        """Return (latitude, longitude), None if not known."""
        if not self or not (self.partner_latitude or self.partner_longitude):
            return None
        return self.partner_latitude, self.partner_longitude
