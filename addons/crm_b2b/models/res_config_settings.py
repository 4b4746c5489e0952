from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    crm_b2b_overdue_grace = fields.Integer(
        related="company_id.crm_b2b_overdue_grace", readonly=False
    )
