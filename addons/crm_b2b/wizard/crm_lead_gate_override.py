from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.crm_lead_gate import MANAGER


class CrmLeadGateOverride(models.TransientModel):
    """A sales manager moves deals though criteria are missing, and says why."""

    _name = "crm.lead.gate.override"
    _description = "Move past the gate"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Opportunities",
        required=True,
        default=lambda self: self._default_lead_ids(),
    )
    stage_id = fields.Many2one("crm.stage", string="Move to", required=True)
    reason = fields.Text(required=True)
    missing = fields.Text(string="Missing criteria", compute="_compute_missing")

    @api.model
    def _default_lead_ids(self):
        if self.env.context.get("active_model") == "crm.lead":
            return self.env.context.get("active_ids")
        return False

    @api.depends("lead_ids", "stage_id")
    def _compute_missing(self):
        for wizard in self:
            wizard.missing = "\n".join(
                f"{lead.display_name}: {', '.join(labels)}"
                for lead, labels in wizard._get_missing().items()
            )

    def _get_missing(self):
        """Return {lead: labels} of what the move passes over."""
        leads = self.lead_ids._origin
        target = self.stage_id
        if not target:
            return {}
        return leads._get_missing_to_move(
            {lead: (lead.stage_id, target) for lead in leads}
        )

    def action_move(self):
        """Move, and keep who passed which gate and why in the chatter."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only a sales manager may move opportunities past a gate.")
            )
        leads = self.lead_ids
        leads.check_access("write")
        bodies = {
            lead.id: Markup("<p>%s</p><p>%s</p>")
            % (
                self.env._(
                    "Moved past the gate from %(origin)s to %(target)s. "
                    "Missing: %(missing)s",
                    origin=lead.stage_id.name or "",
                    target=self.stage_id.name,
                    missing=", ".join(labels),
                ),
                self.env._("Reason: %(reason)s", reason=self.reason),
            )
            for lead, labels in self._get_missing().items()
        }
        # checked above: a manager who may write these deals
        leads.sudo().with_context(crm_b2b_skip_gates=True).write(
            {"stage_id": self.stage_id.id}
        )
        leads.browse(bodies)._message_log_batch(bodies=bodies)
        return True
