import logging
from collections import defaultdict

from odoo import api, fields, models

from ..tools import trigger_rules

_logger = logging.getLogger(__name__)
BATCH = 20  # customers decided in one step; their mails and log rows go together


class CrmMarketingTrigger(models.Model):
    """Runs: each step decides some occasions and is safe to repeat."""

    _inherit = "crm.marketing.trigger"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_run(self):
        """Find occasions and send what is due; each step is kept by itself."""
        triggers = self.search([("state", "=", "running")])
        triggers = triggers.filtered(lambda trigger: not trigger.kind_missing)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(triggers))
        for trigger in triggers:
            try:
                trigger._detect()
                cron._commit_progress()
                while trigger._send_batch():
                    if not cron._commit_progress():
                        return
            except Exception:  # a mail that cannot be written leaves the others alone
                self.env.cr.rollback()
                _logger.exception("Trigger %s failed", trigger.id)
            if not cron._commit_progress(1):
                return

    def _send_batch(self):
        """Decide some of what is due; whether there may be more.

        The rows are locked: a second run leaves them alone. Their new state and the
        mails of the core are committed together, so that a run that was killed can
        start again.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        rows = self.env["crm.marketing.trigger.log"].search(
            [
                ("trigger_id", "=", self.id),
                ("state", "=", "waiting"),
                ("due_date", "<=", today),
            ],
            order="due_date, id",
            limit=BATCH,
        )
        rows = rows.try_lock_for_update().filtered(lambda row: row.state == "waiting")
        if not rows:
            return False
        rows_to_send = self._decide(rows, today)
        self._send(rows_to_send)
        return True

    def _decide(self, rows, today):
        """Skip what the rules stop; the rows that are left to send."""
        rule = trigger_rules.Rule(
            self.stop_bought,
            self.stop_deal,
            self.stop_ticket,
            self.cap_count,
            self.max_late,
        )
        facts = self._get_facts(rows, today)
        skipped = defaultdict(self.env["crm.marketing.trigger.log"].browse)
        seen = defaultdict(int)
        to_send = rows.browse()
        for row in rows:
            customer = row.commercial_partner_id.id
            fact = facts[row.id]._replace(
                due=row.due_date, sent=facts[row.id].sent + seen[customer]
            )
            decision = trigger_rules.decide(rule, fact, today)
            if decision == "send":
                to_send |= row
                seen[customer] += 1
            else:
                skipped[decision] |= row
        for reason, group in skipped.items():
            group._skip(reason)
        return to_send

    def _send(self, rows):
        """Choose the contacts and let the core make their mails.

        As many customers as one batch of the core holds: the core commits after each.
        The others stay waiting for the next step.
        """
        contacts, reasons = self._get_contacts(rows.commercial_partner_id)
        everybody = self.env["res.partner"]
        most = self._get_core_batch_size()
        for row in rows:
            customer = row.commercial_partner_id.id
            chosen = contacts.get(customer, everybody.browse())
            if everybody and len(everybody | chosen) > most:
                break
            if chosen:
                row._mark_sent(chosen)
                everybody |= chosen
            elif customer in reasons:
                row._skip("no_recipient", ", ".join(sorted(reasons[customer])))
            else:
                row._skip("audience" if self.audience_id else "no_recipient")
        if everybody:
            # in the queue of the core, so that mails and log are committed together
            self.mailing_id.with_context(default_force_send=False)._action_send_mail(
                everybody.ids
            )

    @api.model
    def _get_core_batch_size(self):
        size = self.env["ir.config_parameter"].sudo().get_param("mail.batch_size")
        return int(size or 0) or self.env["mail.compose.message"]._batch_size or 50
