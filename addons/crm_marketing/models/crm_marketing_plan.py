from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CrmMarketingPlan(models.Model):
    """The budget of a period and what is to be done with it."""

    _name = "crm.marketing.plan"
    _description = "Marketing Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    date_from = fields.Date("From", required=True, tracking=True)
    date_to = fields.Date("To", required=True, tracking=True)
    budget = fields.Monetary(tracking=True, help="What the period may cost in all.")
    state = fields.Selection(
        [("draft", "Draft"), ("running", "In Force"), ("closed", "Closed")],
        default="draft",
        required=True,
        tracking=True,
        copy=False,
    )
    goal = fields.Html(help="What is to be reached, and how one will see it.")
    activity_line_ids = fields.One2many(
        "crm.marketing.activity", "plan_id", "Planned Activities", copy=True
    )
    activity_count = fields.Integer(compute="_compute_costs")
    planned_cost = fields.Monetary("Planned", compute="_compute_costs")
    approved_cost = fields.Monetary("Approved", compute="_compute_costs")
    actual_cost = fields.Monetary(
        "Actual", compute="_compute_costs", help="Posted bills and expenses."
    )
    budget_left = fields.Monetary("Left", compute="_compute_costs")
    is_over = fields.Boolean(
        "Beyond Budget", compute="_compute_costs", search="_search_is_over"
    )
    is_warned = fields.Boolean(copy=False, help="The responsible was told already.")

    _period_check = models.Constraint(
        "CHECK (date_from <= date_to)", "A plan cannot end before it begins."
    )
    _budget_check = models.Constraint(
        "CHECK (budget >= 0)", "A budget cannot be negative."
    )

    @api.depends("budget", "activity_line_ids.state", "activity_line_ids.planned_cost")
    def _compute_costs(self):
        planned = {
            plan: (count, cost)
            for plan, count, cost in self.env["crm.marketing.activity"]._read_group(
                [("plan_id", "in", self.ids), ("state", "!=", "refused")],
                ["plan_id"],
                ["__count", "planned_cost:sum"],
            )
        }
        approved = dict(
            self.env["crm.marketing.activity"]._read_group(
                [
                    ("plan_id", "in", self.ids),
                    ("state", "in", ("approved", "done")),
                ],
                ["plan_id"],
                ["planned_cost:sum"],
            )
        )
        actual = dict(
            self.env["crm.marketing.cost"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["amount:sum"]
            )
        )
        for plan in self:
            plan.activity_count, plan.planned_cost = planned.get(plan._origin, (0, 0.0))
            plan.approved_cost = approved.get(plan._origin, 0.0)
            plan.actual_cost = actual.get(plan._origin, 0.0)
            plan.budget_left = plan.budget - plan.actual_cost
            plan.is_over = (
                plan.currency_id.compare_amounts(plan.actual_cost, plan.budget) > 0
            )

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        plans = self.search(Domain.TRUE).filtered("is_over")
        over = Domain("id", "in", plans.ids)
        return over if True in value else ~over

    @api.constrains("company_id")
    def _check_company_of_activities(self):
        for plan in self:
            if plan.activity_line_ids.company_id - plan.company_id:
                raise ValidationError(
                    self.env._(
                        "The plan %(plan)s has activities of another company.",
                        plan=plan.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        for plan in self:
            if plan.state != "draft":
                raise UserError(
                    self.env._(
                        "The plan %(plan)s was in force. Archive it instead.",
                        plan=plan.name,
                    )
                )

    # --- actions ------------------------------------------------------------------

    def _check_manager(self):
        if not self.env.user.has_group("crm_marketing.group_manager"):
            raise UserError(
                self.env._("Only a marketing manager may decide about a plan.")
            )

    def action_start(self):
        """Put the plan in force."""
        self._check_manager()
        for plan in self:
            if not plan.budget:
                raise UserError(
                    self.env._("Give the plan %(plan)s a budget first.", plan=plan.name)
                )
        self.state = "running"

    def action_close(self):
        """Close the plan: nothing is approved on it any more."""
        self._check_manager()
        self.state = "closed"

    def action_draft(self):
        """Take the plan back to change it."""
        self._check_manager()
        self.state = "draft"

    def action_open_activities(self):
        """Open the activities of the plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Activities of %(plan)s", plan=self.name),
            "res_model": "crm.marketing.activity",
            "views": [(False, "list"), (False, "form"), (False, "calendar")],
            "domain": [("plan_id", "=", self.id)],
            "context": {"default_plan_id": self.id},
        }

    def action_open_costs(self):
        """Open the lines of bills and expenses behind the actual cost."""
        self.ensure_one()
        return self.env["crm.marketing.cost"]._get_action(
            [("plan_id", "=", self.id)], self.name
        )

    # --- alarm --------------------------------------------------------------------

    @api.model
    def _cron_warn(self):
        """Tell who is responsible when actual cost leaves the budget, once."""
        plans = self.search([("state", "=", "running")])
        over = plans.filtered("is_over")
        (plans - over).filtered("is_warned").is_warned = False
        for plan in over.filtered(lambda plan: not plan.is_warned):
            self._warn(
                plan,
                self.env._("%(plan)s is beyond its budget", plan=plan.name),
                plan.budget,
            )
        self.env["crm.marketing.activity"]._warn_beyond_plan()

    @api.model
    def _warn(self, record, summary, allowed):
        """Plan a task on a plan or activity that cost more than was allowed."""
        record.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=self.env._(
                "Posted bills and expenses: %(actual)s. Allowed: %(allowed)s.",
                actual=record.currency_id.format(record.actual_cost),
                allowed=record.currency_id.format(allowed),
            ),
            user_id=(record.user_id or record.create_uid).id,
        )
        record.is_warned = True
