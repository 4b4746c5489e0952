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

    @api.depends("lead_ids")
    def _compute_missing(self):
        for wizard in self:
            wizard.missing = "\n".join(
                f"{lead.display_name}: {lead.gate_missing}"
                for lead in wizard.lead_ids._origin
                if lead.gate_missing
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
                    missing=lead.gate_missing or "-",
                ),
                self.env._("Reason: %(reason)s", reason=self.reason),
            )
            for lead in leads
        }
        # checked above: a manager who may write these deals
        leads.sudo().with_context(crm_b2b_skip_gates=True).write(
            {"stage_id": self.stage_id.id}
        )
        leads._message_log_batch(bodies=bodies)
        return True
