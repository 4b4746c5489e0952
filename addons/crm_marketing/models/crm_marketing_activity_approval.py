from odoo import fields, models
from odoo.exceptions import UserError

FIXED = {"planned_cost", "plan_id", "analytic_account_id", "company_id"}


class CrmMarketingActivity(models.Model):
    """Approval by the marketing manager; what was approved stays as it was."""

    _inherit = "crm.marketing.activity"  # pylint: disable=consider-merging-classes-inherited

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
