from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

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
    waiting_count = fields.Integer("Waiting", compute="_compute_log_counts")
    sent_count = fields.Integer("Sent", compute="_compute_log_counts")
    skipped_count = fields.Integer("Not Sent", compute="_compute_log_counts")

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
            "reply_to": sender,
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
