from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmAccountPlan(models.Model):
    """What we want to reach with a key account in a period, and how far we are."""

    _name = "crm.account.plan"
    _description = "Account plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Account",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        domain="[('is_company', '=', True)]",
        help="The head of the group: its sub-companies and sites belong to the plan.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Key Account Manager",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        check_company=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    date_start = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.today(), "year"),
    )
    date_end = fields.Date(
        "To",
        required=True,
        default=lambda self: fields.Date.end_of(fields.Date.today(), "year"),
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Running"), ("done", "Closed")],
        default="draft",
        required=True,
        tracking=True,
        group_expand=True,
        copy=False,
    )
    situation = fields.Html(help="Where the customer stands: markets, plans, needs.")
    strategy = fields.Html(help="How we want to reach the goals.")
    goal_ids = fields.One2many("crm.account.plan.goal", "plan_id", "Goals", copy=True)
    member_ids = fields.One2many(
        "crm.account.plan.member", "plan_id", "Team", copy=True
    )
    review_ids = fields.One2many("crm.account.plan.review", "plan_id", "Reviews")
    goal_progress = fields.Float(
        "Progress (%)",
        compute="_compute_goal_progress",
        help="Average of the goals' progress, each at most 100 %.",
    )
    next_review = fields.Date(compute="_compute_next_review", store=True)

    _period = models.Constraint(
        "CHECK (date_start <= date_end)", "A plan must end after it begins."
    )

    @api.depends("partner_id", "date_start")
    def _compute_name(self):
        for plan in self:
            if plan.partner_id and not plan.name:
                plan.name = f"{plan.partner_id.name} {(plan.date_start or '')!s:.4}"

    @api.depends("user_id")
    def _compute_team_id(self):
        for plan in self:
            if not plan.team_id or plan.user_id not in plan.team_id.member_ids:
                plan.team_id = plan.user_id.sale_team_id or plan.team_id

    @api.depends("goal_ids.progress")
    def _compute_goal_progress(self):
        for plan in self:
            shares = [min(100.0, goal.progress) for goal in plan.goal_ids]
            plan.goal_progress = sum(shares) / len(shares) if shares else 0.0

    @api.depends("review_ids.date", "review_ids.done")
    def _compute_next_review(self):
        for plan in self:
            plan.next_review = min(
                plan.review_ids.filtered(lambda review: not review.done).mapped("date"),
                default=False,
            )

    @api.constrains("partner_id", "state", "date_start", "date_end", "company_id")
    def _check_one_running_plan(self):
        running = self.filtered(lambda plan: plan.state == "active")
        if not running:
            return
        others = self.search(
            [
                ("partner_id", "in", running.partner_id.ids),
                ("company_id", "in", running.company_id.ids),
                ("state", "=", "active"),
            ]
        )
        for plan in running:
            for other in others - plan:
                if (
                    other.partner_id == plan.partner_id
                    and other.company_id == plan.company_id
                    and other.date_start <= plan.date_end
                    and plan.date_start <= other.date_end
                ):
                    raise ValidationError(
                        self.env._(
                            "%(account)s has a running plan in this period already: "
                            "%(plan)s.",
                            account=plan.partner_id.display_name,
                            plan=other.display_name,
                        )
                    )

    def action_start(self):
        for plan in self:
            if not plan.goal_ids:
                raise UserError(
                    self.env._(
                        "Give the plan %(plan)s a goal before you start it.",
                        plan=plan.display_name,
                    )
                )
        self.state = "active"

    def action_close(self):
        self.state = "done"

    def action_reopen(self):
        self.state = "draft"

    def _get_group(self):
        """Return the account with all its sub-companies, sites and contacts."""
        return (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("id", "child_of", self.partner_id.id)])
        )

    @api.model
    def _cron_remind_reviews(self):
        """Plan an activity for each review that comes up; once a review."""
        today = fields.Date.today()
        reviews = self.env["crm.account.plan.review"].search(
            [
                ("done", "=", False),
                ("reminded", "=", False),
                ("plan_id.state", "=", "active"),
            ]
        )
        due = reviews.filtered(
            lambda review: (
                review.date
                <= today
                + timedelta(days=review.plan_id.company_id.crm_b2b_review_notice)
            )
        )
        for review in due:
            review.plan_id.activity_schedule(
                "mail.mail_activity_data_todo",
                review.date,
                summary=self.env._("Review the account plan"),
                user_id=(review.plan_id.user_id or self.env.user).id,
            )
        due.reminded = True


class CrmAccountPlanMember(models.Model):
    _name = "crm.account.plan.member"
    _description = "Member of an account team"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "crm.account.plan", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users", "Person", required=True, domain="[('share', '=', False)]"
    )
    role = fields.Char(required=True, help="For example technical service, logistics.")

    _one_role = models.Constraint(
        "UNIQUE (plan_id, user_id, role)",
        "This person has this role in the team already.",
    )


class CrmAccountPlanReview(models.Model):
    _name = "crm.account.plan.review"
    _description = "Review of an account plan"
    _order = "date, id"

    plan_id = fields.Many2one(
        "crm.account.plan", required=True, ondelete="cascade", index=True
    )
    date = fields.Date(required=True, index=True)
    with_customer = fields.Boolean("Together With the Customer")
    done = fields.Boolean("Held")
    summary = fields.Text("Result")
    reminded = fields.Boolean(readonly=True, copy=False)

    def write(self, values):
        """A moved review is worth a new reminder."""
        if "date" in values and "reminded" not in values:
            values = dict(values, reminded=False)
        return super().write(values)
