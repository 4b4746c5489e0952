from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

FIXED = {"planned_cost", "plan_id", "analytic_account_id", "company_id"}


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
    actual_cost = fields.Monetary(
        compute="_compute_actual_cost", help="Posted bills and expenses."
    )
    cost_left = fields.Monetary("Left", compute="_compute_actual_cost")
    is_over = fields.Boolean(
        "Beyond Plan", compute="_compute_actual_cost", search="_search_is_over"
    )
    is_warned = fields.Boolean(copy=False)

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

    @api.depends("planned_cost")
    def _compute_actual_cost(self):
        actual = dict(
            self.env["crm.marketing.cost"]._read_group(
                [("activity_id", "in", self.ids)], ["activity_id"], ["amount:sum"]
            )
        )
        for activity in self:
            activity.actual_cost = actual.get(activity._origin, 0.0)
            activity.cost_left = activity.planned_cost - activity.actual_cost
            activity.is_over = (
                activity.currency_id.compare_amounts(
                    activity.actual_cost, activity.planned_cost
                )
                > 0
            )

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        over = Domain("id", "in", self._get_over().ids)
        return over if True in value else ~over

    @api.model
    def _get_over(self):
        """Activities with more actual than planned cost, in one query."""
        rows = self.env["crm.marketing.cost"]._read_group(
            [], ["activity_id"], ["amount:sum"]
        )
        activities = self.browse([activity.id for activity, _amount in rows])
        return activities.filtered("is_over")

    # --- CRUD ---------------------------------------------------------------------

    def write(self, vals):
        """What was approved stays as it was, unless the approval is taken back."""
        if FIXED & vals.keys() and not self.env.su:
            for activity in self:
                if activity.state in ("approved", "done"):
                    activity._check_fixed(vals)
        return super().write(vals)

    def _check_fixed(self, vals):
        changed = [
            name
            for name in FIXED & vals.keys()
            if self._fields[name].convert_to_write(self[name], self) != vals[name]
            and not (name == "analytic_account_id" and not self[name])
        ]
        if changed:
            raise UserError(
                self.env._(
                    "%(activity)s was approved as it is. Take the approval back to "
                    "change it.",
                    activity=self.name,
                )
            )

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

    # --- approval -----------------------------------------------------------------

    def action_ask(self):
        """Ask the marketing manager for approval."""
        for activity in self:
            activity._check_state(("draft", "refused"))
            activity.state = "asked"
            activity.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Approve %(activity)s", activity=activity.name),
                user_id=activity._get_approver().id,
            )

    def _get_approver(self):
        """The responsible of the plan if a manager, else any marketing manager."""
        group = self.env.ref("crm_marketing.group_manager").sudo()  # names only
        managers = group.all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and self.company_id in user.company_ids
                and user.id != self.env.ref("base.user_root").id
            )
        )
        owner = self.plan_id.user_id
        return (owner & managers) or managers[:1] or self.env.user

    def action_approve(self):
        """Approve: the planned cost must fit into what is left of the budget."""
        self.plan_id._check_manager()
        for activity in self:
            activity._check_state(("draft", "asked"))
            activity._check_budget()
            activity.write(
                {
                    "state": "approved",
                    "approved_by_id": self.env.uid,
                    "approved_date": fields.Date.context_today(self),
                }
            )
            activity.activity_feedback(["mail.mail_activity_data_todo"])

    def _check_budget(self):
        plan = self.plan_id
        if plan.state != "running":
            raise UserError(
                self.env._(
                    "The plan %(plan)s is not in force. Start it first.", plan=plan.name
                )
            )
        wanted = plan.approved_cost + self.planned_cost
        if plan.currency_id.compare_amounts(wanted, plan.budget) > 0:
            raise UserError(
                self.env._(
                    "With %(activity)s the plan %(plan)s would cost %(wanted)s; its "
                    "budget is %(budget)s. Raise the budget or plan less.",
                    activity=self.name,
                    plan=plan.name,
                    wanted=plan.currency_id.format(wanted),
                    budget=plan.currency_id.format(plan.budget),
                )
            )

    def action_refuse(self):
        """Refuse; a posted cost stays the activity's."""
        self.plan_id._check_manager()
        for activity in self:
            activity._check_state(("draft", "asked", "approved"))
        self.write({"state": "refused", "approved_by_id": False})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_draft(self):
        """Take an approval back."""
        self.plan_id._check_manager()
        self.write({"state": "draft", "approved_by_id": False, "approved_date": False})

    def action_done(self):
        """The activity is over."""
        for activity in self:
            activity._check_state(("approved",))
        self.state = "done"

    def _check_state(self, states):
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(activity)s is %(state)s: this is not possible now.",
                    activity=self.name,
                    state=names[self.state].lower(),
                )
            )

    # --- cost ---------------------------------------------------------------------

    def action_make_account(self):
        """Give the activity an analytic account of its own."""
        plan = self.env["account.analytic.plan"].sudo()._get_marketing_plan()
        for activity in self.filtered(
            lambda activity: not activity.analytic_account_id
        ):
            # marketing needs an account for its bills, no right to keep the books
            activity.analytic_account_id = (
                self.env["account.analytic.account"]
                .sudo()
                .create(
                    {
                        "name": activity.name,
                        "plan_id": plan.id,
                        "company_id": activity.company_id.id,
                    }
                )
                .id
            )

    def action_open_costs(self):
        """Open the lines of bills and expenses behind the actual cost."""
        self.ensure_one()
        return self.env["crm.marketing.cost"]._get_action(
            [("activity_id", "=", self.id)], self.name
        )

    @api.model
    def _warn_beyond_plan(self):
        """Tell the responsible once about each approved activity beyond its plan."""
        over = self._get_over().filtered(
            lambda activity: activity.state in ("approved", "done")
        )
        self.search(
            [("is_warned", "=", True), ("id", "not in", over.ids)]
        ).is_warned = False
        for activity in over.filtered(lambda activity: not activity.is_warned):
            activity.plan_id._warn(
                activity,
                self.env._(
                    "%(activity)s costs more than planned", activity=activity.name
                ),
                activity.planned_cost,
            )


class AccountAnalyticPlan(models.Model):
    _inherit = "account.analytic.plan"

    @api.model
    def _get_marketing_plan(self):
        """The first plan of analytic accounts; one is made where there is none."""
        return self.search([("parent_id", "=", False)], limit=1) or self.create(
            {"name": self.env._("Marketing")}
        )
