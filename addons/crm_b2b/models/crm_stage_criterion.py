from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class CrmStageCriterion(models.Model):
    """What a deal must fulfil before it leaves the stage."""

    _name = "crm.stage.criterion"
    _description = "Exit criterion of a stage"
    _order = "stage_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    stage_id = fields.Many2one(
        "crm.stage", required=True, ondelete="cascade", index=True
    )
    mandatory = fields.Boolean(
        default=True, help="A mandatory criterion blocks the way forward."
    )
    kind = fields.Selection(
        [("manual", "Ticked by hand"), ("automatic", "Rule on the record")],
        required=True,
        default="manual",
    )
    domain = fields.Char(
        string="Rule", help="The criterion is met by opportunities which match."
    )
    proof_required = fields.Boolean(
        help="Ticking asks for a note or an attachment as proof."
    )
    description = fields.Text(
        string="How to meet it", translate=True, help="Shown to the salesperson."
    )

    @api.constrains("kind", "domain")
    def _check_domain(self):
        for criterion in self.filtered(lambda c: c.kind == "automatic"):
            try:
                domain = criterion._get_domain()
                self.env["crm.lead"].search(domain, limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The rule of “%(criterion)s” cannot be applied to "
                        "opportunities: %(error)s",
                        criterion=criterion.name,
                        error=error,
                    )
                ) from error
            if domain.is_true():
                raise ValidationError(
                    self.env._(
                        "Give “%(criterion)s” a rule, or let it be ticked by hand.",
                        criterion=criterion.name,
                    )
                )

    def _get_domain(self):
        self.ensure_one()
        return Domain(safe_eval(self.domain or "[]"))

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        self.env.registry.clear_cache()
        self.env["crm.lead.criterion"]._add_missing_rows(
            [("stage_id", "in", criteria.stage_id.ids)]
        )
        return criteria

    def write(self, vals):
        result = super().write(vals)
        if {"stage_id", "active"} & set(vals):
            self.env.registry.clear_cache()
            self.env["crm.lead.criterion"]._add_missing_rows(
                [("stage_id", "in", self.stage_id.ids)]
            )
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _get_met_leads(self, leads):
        """Return {criterion id: ids of ``leads`` that meet it}.

        One query for all ticks, one for each automatic criterion.
        """
        met = {criterion.id: set() for criterion in self}
        ticks = self.env["crm.lead.criterion"]._read_group(
            [("criterion_id", "in", self.ids), ("lead_id", "in", leads.ids)]
            + [("done", "=", True), ("criterion_id.kind", "=", "manual")],
            ["criterion_id"],
            ["lead_id:array_agg"],
        )
        for criterion, lead_ids in ticks:
            met[criterion.id].update(lead_ids)
        Lead = self.env["crm.lead"].with_context(active_test=False)
        for criterion in self.filtered(lambda c: c.kind == "automatic"):
            domain = Domain("id", "in", leads.ids) & criterion._get_domain()
            met[criterion.id].update(Lead.search(domain, order="id").ids)
        return met
