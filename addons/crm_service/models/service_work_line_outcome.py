from odoo import api, fields, models

from .service_decision import OUTCOMES


class ServiceWorkLine(models.Model):
    """Why we bear a cost: warranty, contract or goodwill."""

    _inherit = "service.work.line"

    outcome = fields.Selection(
        OUTCOMES,
        "Decision",
        compute="_compute_outcome",
        store=True,
        index=True,
        help="Warranty, covered by a contract, ... as decided for the request, or for "
        "the visit where there is none.",
    )

    @api.depends("ticket_id.service_outcome", "visit_id.asset_ids", "state")
    def _compute_outcome(self):
        for line in self:
            if line.ticket_id:
                line.outcome = line.ticket_id.sudo().service_outcome  # one word
            elif line.visit_id and (line.state != "confirmed" or not line.outcome):
                line.outcome = line.visit_id._get_cover_facts()[0]
            else:
                line.outcome = line.outcome
