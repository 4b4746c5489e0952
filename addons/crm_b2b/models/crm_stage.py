from odoo import api, fields, models, tools


class CrmStage(models.Model):
    _inherit = "crm.stage"

    criterion_ids = fields.One2many(
        "crm.stage.criterion", "stage_id", string="Exit criteria"
    )
    has_gate = fields.Boolean(
        compute="_compute_has_gate",
        compute_sudo=True,  # the gate is the same for everybody
        help="The stage asks for something before a deal may leave it.",
    )

    @api.depends("criterion_ids.active", "is_won")
    def _compute_has_gate(self):
        gated = self._get_gated_ids()
        for stage in self:
            stage.has_gate = stage._origin.id in gated and not stage.is_won

    @tools.ormcache()
    def _get_gated_ids(self):
        """Remembered: each card and form asks for it, and it changes hardly ever."""
        return frozenset(self._find_gated().ids)

    @api.model
    def _find_gated(self):
        """Return the stages that ask for something. Extended by others."""
        groups = self.env["crm.stage.criterion"].sudo()._read_group([], ["stage_id"])
        return self.browse([stage.id for [stage] in groups])

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)
