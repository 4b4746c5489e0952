from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import eight_d


class ServiceComplaint(models.Model):
    """From the request to the last of the eight disciplines."""

    _inherit = "service.complaint"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("ticket_id"):
                vals["ticket_id"] = self._open_request(vals).id
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].sudo()
                vals["name"] = sequence.next_by_code("service.complaint") or "/"
        complaints = super().create(vals_list)
        for complaint in complaints:
            complaint.step_ids = complaint._prepare_steps()
        complaints.filtered("user_id")._plan_step()
        return complaints

    def _open_request(self, vals):
        # its own complaint is this one
        tickets = self.env["helpdesk.ticket"].with_context(complaint_is_made=True)
        return tickets.create(
            {
                "name": vals.get("summary"),
                "description": vals.get("description") or vals.get("summary"),
                "kind": "complaint",
                "partner_id": vals.get("partner_id"),
                "product_id": vals.get("product_id"),
                "asset_id": vals.get("asset_id"),
                "company_id": vals.get("company_id") or self.env.company.id,
            }
        )

    def _prepare_steps(self):
        """Return commands for the steps that are not there yet."""
        days = eight_d.deadlines(self.date)
        known = self.step_ids.mapped("code")
        return [
            Command.create(
                {"code": code, "deadline": days[code], "user_id": self.user_id.id}
            )
            for code in eight_d.CODES
            if code not in known
        ]

    def _plan_step(self):
        """Ask the owner of the next step to do it by its day."""
        for complaint in self:
            step = complaint.step_ids.filtered(lambda s: not s.done)[:1]
            owner = step.user_id or complaint.user_id
            if not step or not owner or complaint.cancelled:
                continue
            complaint.activity_schedule(
                "crm_service.activity_complaint_step",
                date_deadline=step.deadline,
                user_id=owner.id,
                summary=f"{step.code} {step.label}",
            )

    def _step_done(self):
        """Go on to the next step; the last one closes the complaint."""
        for complaint in self:
            complaint.activity_feedback(["crm_service.activity_complaint_step"])
            if complaint.state == "closed":
                complaint.closed_date = fields.Date.context_today(complaint)
            else:
                complaint._plan_step()

    def action_cancel(self):
        self.check_access("write")
        self.activity_unlink(["crm_service.activity_complaint_step"])
        return self.write({"cancelled": True})

    def action_reopen(self):
        self.check_access("write")
        self.write({"cancelled": False})
        self._plan_step()
        return True

    def action_print_8d(self):
        return self.env.ref("crm_service.report_service_complaint").report_action(self)

    def action_send_8d(self):
        self.ensure_one()
        return self._open_composer(
            self.env._("Send the 8D report"), "crm_service.mail_template_complaint"
        )

    def action_view_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    def action_view_returns(self):
        self.ensure_one()
        return self.env["service.return"]._get_action(
            [("complaint_id", "=", self.id)],
            {
                "default_complaint_id": self.id,
                "default_ticket_id": self.ticket_id.id,
                "default_partner_id": self.partner_id.id,
            },
        )

    def action_new_return(self):
        return self.ticket_id.action_new_return()

    def _check_closable(self):
        """What must be known before the team is thanked and the case closed."""
        for complaint in self:
            if complaint.justified == "open":
                raise UserError(
                    self.env._(
                        "Say whether the complaint %(number)s is justified.",
                        number=complaint.name,
                    )
                )
            if complaint.justified == "yes" and not complaint.cause_id:
                raise UserError(
                    self.env._(
                        "Choose the root cause of %(number)s from the catalogue.",
                        number=complaint.name,
                    )
                )

    # -- escalation ------------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell the leader of the team once about each complaint that is late."""
        today = fields.Date.context_today(self)
        late = self.search(
            [
                ("next_deadline", "<", today),
                ("escalated", "=", False),
                ("state", "not in", ("closed", "cancelled")),
            ]
        )
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(late))
        for complaint in late:
            complaint._escalate()
            if not commit(1):
                break

    def _escalate(self):
        self.ensure_one()
        leader = self.team_id.user_id or self.user_id
        if leader:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                date_deadline=fields.Date.context_today(self) + timedelta(days=1),
                user_id=leader.id,
                summary=self.env._(
                    "%(step)s of the complaint %(number)s is late",
                    step=self.next_step,
                    number=self.name,
                ),
            )
        self.escalated = True
