import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime, format_duration, split_every

from .service_clock import OPEN

_logger = logging.getLogger(__name__)
#: Clocks escalated in one transaction.
CHUNK = 50


class ServiceClock(models.Model):
    """What happens when a clock comes near its deadline, and after it."""

    _inherit = "service.clock"

    # -- what is due ---------------------------------------------------------

    @api.model
    def _schedule_check(self, calendars):
        """Have the open clocks of ``calendars`` computed again by the next run."""
        clocks = self.sudo().search(  # whoever changes a holiday need not see requests
            [("calendar_id", "in", calendars.ids), ("state", "in", OPEN)]
        )
        if clocks:
            clocks.write({"next_event": fields.Datetime.now(), "next_percent": 0})
            self.env.ref("crm_service.ir_cron_service_clock")._trigger()

    @api.model
    def _get_due_domain(self):
        """Return what the next run looks at: a stretch of one index."""
        return Domain("next_event", "<=", fields.Datetime.now())

    @api.model
    def _cron_escalate(self, limit=200):
        """Do what is due, and look at nothing else; a transaction a chunk."""
        due = self._get_due_domain()
        clocks = self.search(due, limit=limit, order="next_event, id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=self.search_count(due))
        for ids in split_every(CHUNK, clocks.ids):
            chunk = self.browse(ids).try_lock_for_update().filtered_domain(due)
            chunk._escalate_safely()
            if not commit(len(ids)):
                break

    def _escalate_safely(self):
        """Escalate; a clock that fails waits an hour and does not stop the others."""
        try:
            with self.env.cr.savepoint():
                self._escalate_due()
        except Exception:
            if len(self) > 1:  # which one? The others get their turn
                for clock in self:
                    clock._escalate_safely()
                return
            _logger.exception("Escalation of the service clock %s failed", self.id)
            self.next_event = fields.Datetime.now() + timedelta(hours=1)

    def _escalate_due(self):
        """Escalate these clocks and plan all their activities at once."""
        now, activities = fields.Datetime.now(), []
        for clock in self:
            # one before may have moved it: two clocks of a request, say
            if clock.next_event and clock.next_event <= now:
                activities += clock._escalate()
        if activities:
            self.env["mail.activity"].create(activities)

    # -- one clock -------------------------------------------------------------

    def _escalate(self):
        """Do the steps that are due; return values of the activities to plan."""
        self.ensure_one()
        before, percent = self.deadline, self.next_percent
        done = max(percent, self.done_percent)
        steps = self.level_id.step_ids.filtered(
            lambda step: (
                self.done_percent < step.percent <= percent
                and step.clock in (False, self.kind)
            )
        )
        self._store(self._get_segments(), done=done)
        if self.deadline != before:
            self.ticket_id._message_log(body=self._get_moved_note(before))
        activities = []
        for step in steps:
            activities += getattr(self, f"_escalate_{step.action}")(step) or []
        return activities

    def _get_escalation_text(self, step):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(clock)s of %(request)s: %(percent)s %% of %(hours)s h used, due %(due)s",
            clock=labels[self.kind],
            request=self.ticket_id.display_name,
            percent=step.percent,
            hours=format_duration(self.target_hours),
            due=format_datetime(self.env, self.deadline) if self.deadline else "-",
        )

    def _escalate_activity(self, step):
        ticket = self.ticket_id
        kind = self.env.ref("mail.mail_activity_data_warning", False)
        kind = kind or ticket._default_activity_type()
        return [
            {
                "activity_type_id": kind.id,
                "automated": True,
                "summary": self._get_escalation_text(step),
                "note": kind.default_note,
                "date_deadline": fields.Date.context_today(self),
                "res_model_id": self.env["ir.model"]._get_id(ticket._name),
                "res_id": ticket.id,
                "user_id": (step._get_receiver(ticket) or self.env.user).id,
            }
        ]

    def _escalate_mail(self, step):
        receiver = step._get_receiver(self.ticket_id)
        text = self._get_escalation_text(step)
        self.ticket_id.message_notify(
            partner_ids=receiver.partner_id.ids, subject=text, body=text
        )

    def _escalate_reassign(self, step):
        receiver = step._get_receiver(self.ticket_id)
        if receiver and receiver != self.ticket_id.user_id:
            self.ticket_id.user_id = receiver
            self.ticket_id._message_log(body=self._get_escalation_text(step))

    def _escalate_raise_priority(self, step):
        ticket = self.ticket_id
        if ticket.priority < "3":
            ticket._message_log(body=self._get_escalation_text(step))
            ticket.priority = str(int(ticket.priority) + 1)
