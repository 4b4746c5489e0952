from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLeadLost(models.TransientModel):
    """The lost dialog is the review: asked once, where the user already is."""

    _inherit = "crm.lead.lost"

    review_required = fields.Boolean(compute="_compute_review_required")
    reason_ids = fields.Many2many("crm.review.reason", string="Reasons")
    competitor_id = fields.Many2one(
        "res.partner", string="Lost to", domain="[('is_competitor', '=', True)]"
    )
    lessons = fields.Text(string="What we learn")

    @api.depends("lead_ids")
    def _compute_review_required(self):
        for wizard in self:
            wizard.review_required = any(
                wizard.lead_ids.team_id.mapped("review_required")
            )

    def action_lost_reason_apply(self):
        self.ensure_one()
        if self.review_required and not self.reason_ids:
            raise UserError(
                self.env._("Choose at least one reason: this team reviews its losses.")
            )
        result = super().action_lost_reason_apply()
        if self.reason_ids or self.competitor_id or self.lessons:
            self.env["crm.lead.review"].create(
                [
                    self._prepare_review(lead)
                    for lead in self.lead_ids - self._reviewed()
                ]
            )
        return result

    def _reviewed(self):
        return self.lead_ids.filtered("review_ids")

    def _prepare_review(self, lead):
        return {
            "lead_id": lead.id,
            "reason_ids": [fields.Command.set(self.reason_ids.ids)],
            "competitor_id": self.competitor_id.id,
            "lessons": self.lessons,
        }
