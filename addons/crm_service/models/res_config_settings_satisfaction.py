from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_rating = fields.Boolean(related="company_id.service_rating", readonly=False)
    service_survey = fields.Boolean(related="company_id.service_survey", readonly=False)
    service_survey_batch = fields.Integer(
        related="company_id.service_survey_batch", readonly=False
    )
    service_satisfaction_user_id = fields.Many2one(
        related="company_id.service_satisfaction_user_id", readonly=False
    )
