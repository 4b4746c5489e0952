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
    service_labour_product_id = fields.Many2one(
        related="company_id.service_labour_product_id", readonly=False
    )
    service_travel_speed = fields.Float(
        related="company_id.service_travel_speed", readonly=False
    )
    service_travel_detour = fields.Float(
        related="company_id.service_travel_detour", readonly=False
    )
    service_travel_fixed = fields.Integer(
        related="company_id.service_travel_fixed", readonly=False
    )
    service_travel_unknown = fields.Integer(
        related="company_id.service_travel_unknown", readonly=False
    )
