from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_warn_percent = fields.Float(
        related="company_id.credit_warn_percent", readonly=False
    )
    credit_over_limit = fields.Selection(
        related="company_id.credit_over_limit", readonly=False
    )
    credit_overdue_days = fields.Integer(
        related="company_id.credit_overdue_days", readonly=False
    )
    credit_overdue = fields.Selection(
        related="company_id.credit_overdue", readonly=False
    )
