from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_contract_post = fields.Boolean(
        related="company_id.service_contract_post", readonly=False
    )
    service_contract_credit = fields.Selection(
        related="company_id.service_contract_credit", readonly=False
    )
    service_renewal_notice_days = fields.Integer(
        related="company_id.service_renewal_notice_days", readonly=False
    )
