from odoo import fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    criterion_ids = fields.One2many(
        "crm.stage.criterion", "stage_id", string="Exit criteria"
    )
