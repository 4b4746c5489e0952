from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ..tools.gates import Requirement, passed_stages, progress

MANAGER = "sales_team.group_sale_manager"


class CrmLead(models.Model):
    """Stage gates: every way to change the stage passes ``write`` or ``create``.

    Loading history must not be stopped by gates: code that runs as superuser may set
    ``crm_b2b_skip_gates`` in the context. For everybody else the key has no effect.
    """

    _inherit = "crm.lead"

    criterion_ids = fields.One2many(
        "crm.lead.criterion", "lead_id", string="Exit criteria", copy=False
    )
    has_gate = fields.Boolean(compute="_compute_has_gate")
    gate_done = fields.Integer(string="Criteria done", compute="_compute_gate")
    gate_total = fields.Integer(string="Criteria", compute="_compute_gate")
    gate_missing = fields.Char(string="Missing", compute="_compute_gate")

    @api.depends("stage_id.has_gate")
    def _compute_has_gate(self):
        # by stage: a related field takes five times as long for the cards of a pipeline
        for stage, leads in self.grouped("stage_id").items():
            leads.has_gate = stage.has_gate

    @api.depends("stage_id", "criterion_ids.done")
    def _compute_gate(self):
        # at once: most cards of a pipeline have no gate
        self.gate_done = self.gate_total = 0
        self.gate_missing = ""
        leads = self.filtered(lambda lead: lead.stage_id and not lead.stage_id.is_won)
        requirements = leads._get_gate_requirements(leads.stage_id)
        for lead in leads:
            stage = lead.stage_id.id
            rows = [
                row
                for row in requirements.get(lead._origin.id or lead.id, ())
                if row.stage == stage
            ]
            if rows:
                state = progress(rows)
                lead.gate_done = state.done
                lead.gate_total = state.total
                lead.gate_missing = ", ".join(state.missing)

    def _get_gate_requirements(self, stages):
        """Return {lead id: [Requirement]} to leave these stages. Extended by others."""
        # the gate is the same for everybody, whatever they may read
        criteria = (
            self.env["crm.stage.criterion"]
            .sudo()
            .search([("stage_id", "in", stages.ids)])
        )
        leads = self._origin
        met = criteria._get_met_leads(leads) if criteria else {}
        rules = [
            (rule.stage_id.id, rule.name, met[rule.id], rule.mandatory)
            for rule in criteria
        ]
        return {
            lead_id: [
                Requirement(stage, label, lead_id in done, mandatory)
                for stage, label, done, mandatory in rules
            ]
            for lead_id in leads.ids
        }

    # -- the hook

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        opportunities = leads.filtered(lambda lead: lead.type == "opportunity")
        opportunities._pass_gates(dict.fromkeys(opportunities.ids))
        return leads

    def write(self, vals):
        if "stage_id" not in vals and "type" not in vals:
            return super().write(vals)
        origins = {lead.id: lead.stage_id for lead in self}
        result = super().write(vals)
        self.filtered(
            lambda lead: (
                lead.type == "opportunity"
                and (lead.stage_id != origins[lead.id] or "type" in vals)
            )
        )._pass_gates(origins)
        return result

    def _pass_gates(self, origins):
        """Raise if a deal may not have left its stage of before, else go on.

        :param origins: {lead id: stage of before, or None for a new deal}
        """
        if not self:
            return
        if not self._may_skip_gates():
            missing = self._get_missing_to_move(
                {lead: (origins[lead.id], lead.stage_id) for lead in self}
            )
            if missing:
                self._raise_gate_closed(missing, origins)
        self.env["crm.lead.criterion"]._add_missing_rows([("id", "in", self.ids)])

    def _may_skip_gates(self):
        return self.env.su and self.env.context.get("crm_b2b_skip_gates")

    def _get_missing_to_move(self, moves):
        """Return {lead: labels missing} of those that may not move so.

        :param moves: {lead: (stage of before or None, stage to go to)}
        """
        # the process is the same for everybody
        stages = self.env["crm.stage"].sudo().search_fetch([], ["team_ids", "is_won"])
        stages = stages.sorted("is_won")  # stable: winning comes after all others
        passed = {
            lead: passed_stages(
                lead._filter_process_stages(stages, target).ids,
                (origin or self.env["crm.stage"]).id or None,
                target.id,
            )
            for lead, (origin, target) in moves.items()
        }
        stages = self.env["crm.stage"].browse(
            {stage for keys in passed.values() for stage in keys}
        )
        if not stages:
            return {}
        requirements = self._get_gate_requirements(stages)
        missing = {
            lead: progress(
                row for row in requirements[lead.id] if row.stage in keys
            ).missing
            for lead, keys in passed.items()
        }
        return {lead: labels for lead, labels in missing.items() if labels}

    def _filter_process_stages(self, stages, target):
        """Return the stages of the process of the deal's team, in order."""
        self.ensure_one()
        return stages.filtered(
            lambda stage: (
                not stage.team_ids or self.team_id in stage.team_ids or stage == target
            )
        )

    def _raise_gate_closed(self, missing, origins):
        deals = "\n".join(
            self.env._(
                "• %(deal)s: %(missing)s",
                deal=lead.display_name,
                missing=", ".join(labels),
            )
            for lead, labels in missing.items()
        )
        message = self.env._(
            "These exit criteria are still missing before the stage can change:\n"
            "%(deals)s",
            deals=deals,
        )
        if self.env.su or not self.env.user.has_group(MANAGER):
            raise UserError(
                self.env._(
                    "%(message)s\n\nMeet them on the tab “Gate”, or ask a sales "
                    "manager to move the opportunity with a reason.",
                    message=message,
                )
            )
        if not all(origins[lead.id] for lead in missing):
            # what this error undoes cannot be moved
            raise UserError(
                self.env._(
                    "%(message)s\n\nCreate the opportunity in an earlier stage, then "
                    "move it with a reason.",
                    message=message,
                )
            )
        raise RedirectWarning(
            message,
            self.env.ref("crm_b2b.crm_lead_gate_override_action").id,
            self.env._("Move with a reason"),
            # what exists gets its new stage by one write: it is the same for all
            {"default_lead_ids": self.ids, "default_stage_id": self[0].stage_id.id},
        )
