from odoo import fields, models


class CrmVisitPlan(models.Model):
    """How often accounts of a class are visited: the first plan that fits counts."""

    _name = "crm.visit.plan"
    _description = "Visit rhythm"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True
    )
    interval_days = fields.Integer("Every (Days)", required=True, default=90)
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Classes",
        help="Accounts with one of these tags. Empty: every account.",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", help="Empty: every team.")
    customers_only = fields.Boolean(
        default=True, help="Leave out accounts that never had an order confirmed."
    )
    note = fields.Text("What a Visit Should Cover")

    _interval = models.Constraint(
        "CHECK (interval_days > 0)", "A visit rhythm needs at least one day."
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    visit_plan_id = fields.Many2one(
        "crm.visit.plan",
        "Visit Rhythm by Hand",
        index="btree_not_null",
        help="Overrules the rhythm of the account's class.",
    )
