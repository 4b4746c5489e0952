from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketing_cap_count = fields.Integer(
        related="company_id.marketing_cap_count", readonly=False
    )
    marketing_cap_days = fields.Integer(
        related="company_id.marketing_cap_days", readonly=False
    )
