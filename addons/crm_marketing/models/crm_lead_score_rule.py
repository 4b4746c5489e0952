from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CrmLeadScoreRule(models.Model):
    """Points that a lead gets when it meets a condition; all of them are shown."""

    _name = "crm.lead.score.rule"
    _description = "Lead Score Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", help="For leads of this company only; empty for all."
    )
    points = fields.Integer(required=True, help="May be negative.")
    condition = fields.Char(required=True, default="[]")
    lead_count = fields.Integer(
        "Open Leads That Meet It", compute="_compute_lead_count"
    )

    @api.constrains("condition")
    def _check_condition(self):
        for rule in self:
            try:
                domain = Domain(literal_eval(rule.condition))
                domain.validate(self.env["crm.lead"])
            except (SyntaxError, ValueError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of the rule %(rule)s cannot be read.",
                        rule=rule.name,
                    )
                ) from error

    def _get_domain(self):
        """Leads that meet the condition."""
        domain = Domain(literal_eval(self.condition))
        if self.company_id:
            domain &= Domain("company_id", "in", (self.company_id.id, False))
        return domain

    @api.depends("condition", "company_id")
    def _compute_lead_count(self):
        # a number for who sets the rules; the leads open to who may see them
        Lead = self.env["crm.lead"].sudo()
        here = Domain("company_id", "in", (*self.env.companies.ids, False))
        for rule in self:  # a few rules, each its own condition
            rule.lead_count = Lead.search_count(
                rule._get_domain() & Lead._get_scored_domain() & here
            )

    def action_open_leads(self):
        """Open the leads that meet the condition now."""
        self.ensure_one()
        Lead = self.env["crm.lead"]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "crm.lead",
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._get_domain() & Lead._get_scored_domain()),
        }
