from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmMarketingActivity(models.Model):
    """What marketing does in a period: what it may cost, who does it, what came."""

    _name = "crm.marketing.activity"
    _description = "Marketing Activity"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    plan_id = fields.Many2one(
        "crm.marketing.plan", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    type_id = fields.Many2one("crm.marketing.activity.type", required=True)
    campaign_id = fields.Many2one(
        "utm.campaign", index="btree_not_null", ondelete="restrict"
    )
    event_id = fields.Many2one(
        "event.event",
        "Fair or Training",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    date_from = fields.Date(
        "From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_to = fields.Date(
        "To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    resource_ids = fields.Many2many(
        "res.users",
        "crm_marketing_activity_resource_rel",
        string="People",
        domain=[("share", "=", False)],
    )
    planned_hours = fields.Float(help="Hours of work of all people together.")
    material = fields.Text("Rooms and Material")
    planned_cost = fields.Monetary(tracking=True)
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Bills and expenses that name this account are the activity's cost.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("asked", "To Approve"),
            ("approved", "Approved"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        default="draft",
        required=True,
        tracking=True,
        copy=False,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_date = fields.Date(readonly=True, copy=False)
    result = fields.Html(help="What came of it, and what to do better next time.")

    _account_uniq = models.Constraint(
        "UNIQUE (analytic_account_id)",
        "An analytic account belongs to one activity, so that no cost counts twice.",
    )
    _planned_check = models.Constraint(
        "CHECK (planned_cost >= 0)", "A planned cost cannot be negative."
    )
    _dates_check = models.Constraint(
        "CHECK (date_from <= date_to)", "An activity cannot end before it begins."
    )

    @api.depends("plan_id", "event_id")
    def _compute_dates(self):
        for activity in self:
            event, plan = activity.event_id, activity.plan_id
            if event:
                activity.date_from = event.date_begin.date()
                activity.date_to = event.date_end.date()
            elif not activity.date_from:
                activity.date_from = plan.date_from or fields.Date.context_today(self)
                activity.date_to = plan.date_to or activity.date_from

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_cost(self):
        for activity in self:
            if activity.state in ("approved", "done") or activity.actual_cost:
                raise UserError(
                    self.env._(
                        "%(activity)s was approved or has cost. Refuse it instead of "
                        "deleting it.",
                        activity=activity.name,
                    )
                )
