from odoo import api, fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    required_role_ids = fields.Many2many(
        "crm.buying.role.type",
        string="Roles to know",
        help="The deal warns when nobody of the customer is known in these roles.",
    )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    buying_role_ids = fields.One2many(
        "crm.buying.role", "lead_id", string="Buying centre", copy=True
    )
    buying_gap = fields.Char(string="Roles nobody fills", compute="_compute_buying_gap")

    @api.depends("stage_id.required_role_ids", "buying_role_ids.role_id")
    def _compute_buying_gap(self):
        for lead in self:
            missing = lead.stage_id.required_role_ids - lead.buying_role_ids.role_id
            lead.buying_gap = ", ".join(missing.mapped("name"))
