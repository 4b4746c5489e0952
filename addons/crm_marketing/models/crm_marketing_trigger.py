import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..tools import audience_sql, trigger_rules, trigger_sql

_logger = logging.getLogger(__name__)
KINDS = [
    ("reorder_due", "Reorder Due"),
    ("silence", "Silence"),
    ("contract_end", "Contract Ends"),
    ("price_end", "Price Agreement Ends"),
    ("anniversary", "Commissioning Anniversary"),
    ("class_change", "Change of Value Class"),
    ("low_rating", "Low Satisfaction"),
]
SERVICE_KINDS = {
    "contract_end": "contract.contract",
    "anniversary": "service.asset",
    "low_rating": "rating.rating",
}
BATCH = 20  # customers decided in one step; their mails and log rows go together


class CrmMarketingTrigger(models.Model):
    """A light journey: an occasion of a customer, a delay, a mail, and when to stop."""

    _name = "crm.marketing.trigger"
    _description = "Marketing Trigger"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("stopped", "Stopped")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    kind = fields.Selection(KINDS, required=True, tracking=True)
    kind_missing = fields.Boolean(compute="_compute_kind_missing")
    purpose_id = fields.Many2one(
        "crm.marketing.purpose", required=True, ondelete="restrict", tracking=True
    )
    campaign_id = fields.Many2one("utm.campaign", check_company=True)
    mailing_id = fields.Many2one(
        "mailing.mailing", "Mail", readonly=True, copy=False, ondelete="restrict"
    )
    audience_id = fields.Many2one(
        "crm.audience",
        check_company=True,
        ondelete="restrict",
        help="Only customers of this audience, and its contacts; empty: all.",
    )
    start_date = fields.Date(
        readonly=True,
        copy=False,
        help="Occasions from before this day are not written about.",
    )
    delay_days = fields.Integer(
        "Delay (days)", default=0, help="Days between the occasion and the mail."
    )
    lead_days = fields.Integer(
        "Days Before the End", default=60, help="When the end of an agreement counts."
    )
    silence_factor = fields.Float(
        default=2.0, help="So many times the customer's own cadence is silence."
    )
    silence_days = fields.Integer(
        "Silence without a Cadence (days)",
        default=180,
        help="For customers who bought once.",
    )
    class_ids = fields.Many2many(
        "crm.audience.option",
        string="New Class",
        domain=[("kind", "=", "value_class")],
    )
    rating_limit = fields.Float("Low Is up to", default=2.0, help="Points of 5.")
    stop_bought = fields.Boolean(
        "Stop When Bought",
        compute="_compute_stop_bought",
        store=True,
        readonly=False,
        help="An order or invoice since the occasion makes the mail needless.",
    )
    stop_deal = fields.Boolean("Stop With an Open Opportunity")
    stop_ticket = fields.Boolean(
        "Stop With an Open Request",
        default=True,
        help="Whoever waits for our help gets no advertising.",
    )
    cap_count = fields.Integer(
        "Most Mails to a Customer", default=1, help="Of this trigger; 0 for no limit."
    )
    cap_days = fields.Integer("Within (days)", default=90)
    max_late = fields.Integer(
        "Too Late After (days)",
        default=14,
        help="An occasion that could not be written about in time is left.",
    )
    log_ids = fields.One2many("crm.marketing.trigger.log", "trigger_id")
    waiting_count = fields.Integer(compute="_compute_log_counts")
    sent_count = fields.Integer(compute="_compute_log_counts")
    skipped_count = fields.Integer(compute="_compute_log_counts")

    _days_positive = models.Constraint(
        "CHECK (delay_days >= 0 AND lead_days >= 0 AND silence_days > 0"
        " AND cap_count >= 0 AND cap_days > 0 AND max_late >= 0"
        " AND silence_factor >= 1)",
        "Delays, limits and days cannot be negative.",
    )

    @api.depends("kind")
    def _compute_kind_missing(self):
        for trigger in self:
            model = SERVICE_KINDS.get(trigger.kind)
            trigger.kind_missing = bool(model) and model not in self.env

    @api.depends("kind")
    def _compute_stop_bought(self):
        for trigger in self:
            trigger.stop_bought = trigger.kind in ("reorder_due", "silence")

    def _compute_log_counts(self):
        counts = defaultdict(dict)
        for trigger, state, count in self.env["crm.marketing.trigger.log"]._read_group(
            [("trigger_id", "in", self.ids)], ["trigger_id", "state"], ["__count"]
        ):
            counts[trigger][state] = count
        for trigger in self:
            trigger.waiting_count = counts[trigger].get("waiting", 0)
            trigger.sent_count = counts[trigger].get("sent", 0)
            trigger.skipped_count = counts[trigger].get("skipped", 0)

    @api.constrains("kind", "class_ids", "state")
    def _check_classes(self):
        for trigger in self:
            if (
                trigger.state == "running"
                and trigger.kind == "class_change"
                and not trigger.class_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Say which new value classes %(trigger)s writes to.",
                        trigger=trigger.name,
                    )
                )

    # --- actions ------------------------------------------------------------

    def action_write_mail(self):
        """Open the mail of the trigger; it is a mailing of the core."""
        self.ensure_one()
        if not self.mailing_id:
            self.mailing_id = self.env["mailing.mailing"].create(
                self._prepare_mailing()
            )
        return self.mailing_id._get_records_action()

    def _prepare_mailing(self):
        sender = self.user_id.email_formatted or self.company_id.email_formatted
        if not sender:
            raise UserError(
                self.env._(
                    "The mail of %(trigger)s needs a sender: give %(company)s an email"
                    " address.",
                    trigger=self.name,
                    company=self.company_id.name,
                )
            )
        return {
            "email_from": sender,
            "subject": self.name,
            "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            "mailing_domain": "[('id', 'in', [])]",
            "purpose_id": self.purpose_id.id,
            "campaign_id": self.campaign_id.id,
            "user_id": self.user_id.id or self.env.uid,
            "body_arch": '<p><t t-out="object.one_to_one_content"></t></p>',
            "body_html": '<p><t t-out="object.one_to_one_content"></t></p>',
        }

    def action_start(self):
        """From today on, occasions are written about."""
        for trigger in self:
            if trigger.kind_missing:
                raise UserError(
                    self.env._(
                        "%(trigger)s needs an application that is not installed.",
                        trigger=trigger.name,
                    )
                )
            if not trigger.mailing_id or trigger.mailing_id.is_body_empty:
                raise UserError(
                    self.env._(
                        "Write the mail of %(trigger)s first.", trigger=trigger.name
                    )
                )
            trigger.write(
                {"state": "running", "start_date": fields.Date.context_today(self)}
            )
        return True

    def action_stop(self):
        """Nothing is sent any more; what waits is left."""
        self.write({"state": "stopped"})
        return True

    def action_look_ahead(self):
        """Find the occasions now and show what waits, without sending."""
        self.ensure_one()
        self.sudo()._detect()  # the log has no other writer than the trigger
        return self._get_log_action([("state", "=", "waiting")])

    def action_run(self):
        """Find and send now what is due, besides the schedule."""
        self.check_access("write")
        this = self.sudo()  # the log has no other writer than the trigger
        for trigger in this.filtered(lambda trigger: trigger.state == "running"):
            trigger._detect()
            while trigger._send_batch():
                continue
        return True

    def _get_log_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_marketing.crm_marketing_trigger_log_action"
        )
        domain = Domain("trigger_id", "in", self.ids) & Domain(domain)
        return action | {"domain": list(domain), "context": {}}

    def action_open_waiting(self):
        """Open the occasions that wait."""
        return self._get_log_action([("state", "=", "waiting")])

    def action_open_sent(self):
        """Open the occasions that were written about."""
        return self._get_log_action([("state", "=", "sent")])

    def action_open_skipped(self):
        """Open the occasions that were left, with the reason."""
        return self._get_log_action([("state", "=", "skipped")])

    # --- running ------------------------------------------------------------

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

    def _detect(self):
        """Put down the occasions that are new; return how many."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_marketing_trigger_log
                       (trigger_id, company_id, commercial_partner_id, occasion,
                        occasion_date, since_date, due_date, state,
                        create_uid, create_date, write_uid, write_date)
                SELECT %s, %s, partner_id, occasion, occasion_date, since_date,
                       occasion_date + %s, 'waiting', %s, %s, %s, %s
                  FROM (%s) found WHERE %s
           ON CONFLICT (trigger_id, commercial_partner_id, occasion) DO NOTHING""",
                self.id,
                self.company_id.id,
                self.delay_days,
                self.env.uid,
                fields.Datetime.now(),
                self.env.uid,
                fields.Datetime.now(),
                trigger_sql.KINDS[self.kind](self._get_question()),
                self._get_audience_condition(),
            )
        )
        count = self.env.cr.rowcount
        self.env["crm.marketing.trigger.log"].invalidate_model()
        return count

    def _get_audience_condition(self):
        if not self.audience_id:
            return SQL("TRUE")
        return SQL(
            "partner_id IN (SELECT commercial_partner_id FROM (%s) m)",
            self.audience_id._get_members_query(),
        )

    def _get_question(self):
        today = fields.Date.context_today(self)
        return trigger_sql.Question(
            company_id=self.company_id.id,
            first=max(
                self.start_date or today,
                today - timedelta(days=self.max_late + self.delay_days),
            ),
            today=today,
            days=self.lead_days,
            factor=self.silence_factor,
            silence_days=self.silence_days,
            classes=tuple(self.class_ids.mapped("code")),
            rating=self.rating_limit,
            with_tickets="helpdesk.ticket" in self.env,
        )

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

    def _get_facts(self, rows, today):
        """{log id: what the customer did}, each kind in one query."""
        customers = rows.commercial_partner_id
        bought = self._get_last_purchases(customers)
        deals = self._get_customers_of(
            "crm.lead",
            [("type", "=", "opportunity"), ("won_status", "=", "pending")],
            customers,
        )
        tickets = (
            self._get_customers_of(
                "helpdesk.ticket", [("stage_id.closed", "=", False)], customers
            )
            if "helpdesk.ticket" in self.env
            else set()
        )
        sent = dict(
            self.env["crm.marketing.trigger.log"]._read_group(
                [
                    ("trigger_id", "=", self.id),
                    ("state", "=", "sent"),
                    ("commercial_partner_id", "in", customers.ids),
                    (
                        "decided_on",
                        ">",
                        fields.Datetime.now() - timedelta(days=self.cap_days),
                    ),
                ],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        return {
            row.id: trigger_rules.Occasion(
                due=row.due_date,
                bought=bool(
                    row.commercial_partner_id.id in bought
                    and bought[row.commercial_partner_id.id] > row.since_date
                ),
                open_deal=row.commercial_partner_id.id in deals,
                open_ticket=row.commercial_partner_id.id in tickets,
                sent=sent.get(row.commercial_partner_id, 0),
            )
            for row in rows
        }

    def _get_last_purchases(self, customers):
        """{customer id: day of the last confirmed order or posted invoice}."""
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, max(day) FROM (
                        SELECT commercial_partner_id AS partner_id,
                               invoice_date AS day
                          FROM account_move
                         WHERE commercial_partner_id = ANY(%(ids)s)
                           AND company_id = %(company)s AND state = 'posted'
                           AND move_type IN ('out_invoice', 'out_receipt')
                     UNION ALL
                        SELECT p.commercial_partner_id, o.date_order::date
                          FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                         WHERE p.commercial_partner_id = ANY(%(ids)s)
                           AND o.company_id = %(company)s AND o.state = 'sale'
                    ) purchases GROUP BY partner_id""",
                    ids=customers.ids,
                    company=self.company_id.id,
                )
            )
        )

    def _get_customers_of(self, model, domain, customers):
        """Ids of the customers that have such a record."""
        domain = Domain(domain) & Domain(
            [
                ("partner_id.commercial_partner_id", "in", customers.ids),
                ("company_id", "in", (self.company_id.id, False)),
            ]
        )
        return {
            partner.commercial_partner_id.id
            for [partner] in self.env[model]._read_group(domain, ["partner_id"])
        }

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

    def _get_contacts(self, customers):
        """({customer id: contacts}, {customer id: words why others are left out})."""
        company_id = self.company_id.id
        today = fields.Date.context_today(self)
        self.env.flush_all()
        criteria = (
            self.audience_id._get_criteria()
            if self.audience_id
            else audience_sql.Criteria(company_id=company_id, today=today)
        )
        chosen = SQL("SELECT unnest(%s::int[])", customers.ids)
        partners = (
            SQL("%s INTERSECT %s", chosen, criteria.partners)
            if criteria.partners
            else chosen
        )
        query = audience_sql.members(
            criteria._replace(partners=partners),
            self.purpose_id._get_limits(self.company_id),
        )
        labels = dict(
            self.env["crm.audience.member"]
            ._fields["excluded_reason"]
            ._description_selection(self.env)
        )
        contacts = defaultdict(self.env["res.partner"].browse)
        reasons = defaultdict(set)
        for partner, customer, reason in self.env.execute_query(
            SQL(
                "SELECT partner_id, commercial_partner_id, excluded_reason"
                " FROM (%s) m ORDER BY partner_id",
                query,
            )
        ):
            if reason:
                reasons[customer].add(labels[reason])
            else:
                contacts[customer] |= self.env["res.partner"].browse(partner)
        return contacts, reasons


class CrmMarketingTriggerLog(models.Model):
    _inherit = "crm.marketing.trigger.log"

    def _skip(self, reason, detail=False):
        self.write(
            {
                "state": "skipped",
                "reason": reason,
                "detail": detail,
                "decided_on": fields.Datetime.now(),
            }
        )

    def _mark_sent(self, contacts):
        self.write(
            {
                "state": "sent",
                "partner_ids": [Command.set(contacts.ids)],
                "decided_on": fields.Datetime.now(),
            }
        )


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"  # pylint: disable=consider-merging-classes-inherited

    trigger_ids = fields.One2many("crm.marketing.trigger", "mailing_id", "Triggers")

    def action_put_in_queue(self):
        for mailing in self:
            if mailing.trigger_ids:
                raise UserError(
                    self.env._(
                        "%(mailing)s is the mail of the trigger %(trigger)s: start the"
                        " trigger instead of sending the mail.",
                        mailing=mailing.subject,
                        trigger=mailing.trigger_ids[:1].name,
                    )
                )
        return super().action_put_in_queue()

    def _get_seen_list(self):
        """The log of a trigger says who had its mail; the next occasion may write."""
        return set() if self.trigger_ids else super()._get_seen_list()
