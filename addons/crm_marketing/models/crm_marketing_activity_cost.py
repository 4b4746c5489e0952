from odoo import api, fields, models
from odoo.fields import Domain


class CrmMarketingActivity(models.Model):
    """Actual cost from posted bills and expenses, and who is told of too much."""

    _inherit = "crm.marketing.activity"  # pylint: disable=consider-merging-classes-inherited

    actual_cost = fields.Monetary(
        compute="_compute_actual_cost", help="Posted bills and expenses."
    )
    cost_left = fields.Monetary("Left", compute="_compute_actual_cost")
    is_over = fields.Boolean(
        "Beyond Plan", compute="_compute_actual_cost", search="_search_is_over"
    )
    is_warned = fields.Boolean(copy=False)

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
