import logging

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import mail_header_msgid_re

from ..tools import auto_reply

_logger = logging.getLogger(__name__)
HEADERS = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "auto_reply",
}


class CrmAutoReply(models.Model):
    """A rule that answers replies to mailings, once per contact and campaign."""

    _name = "crm.auto.reply"
    _description = "Automatic Answer"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The first rule that fits answers.")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    campaign_ids = fields.Many2many(
        "utm.campaign", string="Campaigns", help="Empty: replies to all mailings."
    )
    keywords = fields.Char(
        help="Words or phrases parted by commas; one of them must stand in the reply."
        " Empty: every reply."
    )
    template_id = fields.Many2one(
        "mail.template", "Answer", domain=[("model", "=", "res.partner")]
    )
    withdraw_consent = fields.Boolean(
        help="The contact's consent to the purpose of the mailing is withdrawn."
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity for the Salesperson",
        domain=[("res_model", "in", (False, "res.partner"))],
    )
    log_ids = fields.One2many("crm.auto.reply.log", "rule_id", "Answers")
    log_count = fields.Integer(compute="_compute_log_count")

    def _compute_log_count(self):
        counts = dict(
            self.env["crm.auto.reply.log"]._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "answered")],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.log_count = counts.get(rule, 0)

    def action_open_log(self):
        """Open what was answered and what was not."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_marketing.crm_auto_reply_log_action"
        )
        return action | {"domain": [("rule_id", "=", self.id)], "context": {}}

    # --- answering ----------------------------------------------------------

    @api.model
    def _handle(self, message, message_dict):
        """Answer a reply by the first rule that fits; the log row, or none.

        :param message: the ``email.message`` as it came
        :param message_dict: what the gateway read from it
        """
        trace = self._find_trace(message_dict)
        if not trace:
            return self.env["crm.auto.reply.log"]
        text = self._get_text(message_dict)
        rule = self._find_rule(trace, text)
        if not rule:
            return self.env["crm.auto.reply.log"]
        return rule._answer(trace, message, message_dict)

    @api.model
    def _find_trace(self, message_dict):
        references = message_dict.get("references") or message_dict.get("in_reply_to")
        ids = mail_header_msgid_re.findall(references or "")
        if not ids:
            return self.env["mailing.trace"]
        return self.env["mailing.trace"].search(
            [("message_id", "in", ids), ("mass_mailing_id", "!=", False)], limit=1
        )

    @api.model
    def _get_text(self, message_dict):
        body = html2plaintext(message_dict.get("body") or "")
        return f"{message_dict.get('subject') or ''}\n{auto_reply.own_words(body)}"

    @api.model
    def _find_rule(self, trace, text):
        company = trace.mass_mailing_id.mailing_company_id
        return next(
            (
                rule
                for rule in self.search([("company_id", "in", (company.id, False))])
                if (not rule.campaign_ids or trace.campaign_id in rule.campaign_ids)
                and auto_reply.matches(rule.keywords, text)
            ),
            self.browse(),
        )

    def _answer(self, trace, message, message_dict):
        self.ensure_one()
        sender = email_normalize(message_dict.get("email_from") or "") or ""
        partner = self._get_partner(trace, sender)
        campaign = trace.campaign_id
        key = (
            f"campaign:{campaign.id}"
            if campaign
            else (f"mailing:{trace.mass_mailing_id.id}")
        )
        reason = self._get_suppression(message, sender, partner, key)
        log = self.env["crm.auto.reply.log"].create(
            {
                "rule_id": self.id,
                "mailing_id": trace.mass_mailing_id.id,
                "campaign_id": campaign.id,
                "partner_id": partner.id,
                "email": sender,
                "key": key,
                "state": "suppressed" if reason else "answered",
                "reason": reason,
            }
        )
        if not reason:
            self._act(trace, partner, message_dict)
        return log

    @api.model
    def _get_partner(self, trace, sender):
        """The recipient, if the reply is from the recipient's own address."""
        partner = self.env["res.partner"]
        if trace.model == "res.partner":
            partner = partner.browse(trace.res_id).exists()
        if sender and partner.email_normalized == sender:
            return partner
        if sender and sender == trace.email:
            return partner._find_by_address(sender)[:1]
        return partner.browse()

    @api.model
    def _get_suppression(self, message, sender, partner, key):
        """Why the reply is not answered, or None."""
        if auto_reply.automatic_reason(dict(message.items())):
            return "automatic"
        own = auto_reply.own_reason(sender, self._get_own_addresses(sender))
        if own:
            return own
        if not partner:
            return "other"
        if self.env["mail.blacklist"].search_count([("email", "=", sender)], limit=1):
            return "blacklist"
        if self.env["crm.auto.reply.log"].search_count(
            [("email", "=", sender), ("key", "=", key), ("state", "=", "answered")],
            limit=1,
        ):
            return "once"
        return None

    @api.model
    def _get_own_addresses(self, sender):
        """Addresses of ours, as far as they could be the sender."""
        env = self.env
        domains = env["mail.alias.domain"].search(
            [("name", "=", sender.partition("@")[2])]
        )
        own = {
            *domains.mapped("bounce_email"),
            *domains.mapped("catchall_email"),
            *domains.mapped("default_from_email"),
            *env["res.company"]
            .search([("partner_id.email_normalized", "=", sender)])
            .partner_id.mapped("email_normalized"),
            *env["mail.alias"]
            .search([("alias_full_name", "=", sender)])
            .mapped("alias_full_name"),
            *env["res.users"]
            .search([("share", "=", False), ("email_normalized", "=", sender)])
            .mapped("email_normalized"),
        }
        return own - {False, None, ""}

    def _act(self, trace, partner, message_dict):
        """Answer, note the withdrawal, tell the salesperson: what the rule says."""
        if self.template_id:
            self.template_id.send_mail(
                partner.id,
                email_values={
                    "headers": repr(HEADERS),
                    "references": message_dict.get("message_id"),
                    "auto_delete": False,
                },
            )
        purpose = trace.mass_mailing_id.purpose_id
        if self.withdraw_consent and purpose:
            partner._find_by_address(partner.email)._record_consent(
                purpose, "withdrawn", "mail", message_dict.get("message_id")
            )
        if self.activity_type_id:
            account = partner.commercial_partner_id
            account.activity_schedule(
                activity_type_id=self.activity_type_id.id,
                summary=self.env._(
                    "%(contact)s answered %(mailing)s",
                    contact=partner.name,
                    mailing=trace.mass_mailing_id.subject,
                ),
                user_id=(account.user_id or trace.mass_mailing_id.user_id).id,
            )


class CrmAutoReplyLog(models.Model):
    _name = "crm.auto.reply.log"
    _description = "Automatic Answer Given"
    _order = "id desc"
    _rec_name = "email"

    rule_id = fields.Many2one(
        "crm.auto.reply", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="rule_id.company_id")
    mailing_id = fields.Many2one("mailing.mailing", ondelete="cascade")
    campaign_id = fields.Many2one("utm.campaign", ondelete="set null")
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade")
    email = fields.Char("Sender")
    key = fields.Char("Once per", required=True)
    state = fields.Selection(
        [("answered", "Answered"), ("suppressed", "Not Answered")], required=True
    )
    reason = fields.Selection(
        [
            ("automatic", "Written by a machine"),
            ("own", "Comes from an address of ours"),
            ("sender", "Has no sender"),
            ("other", "Comes from somebody else than the recipient"),
            ("blacklist", "On the exclusion list"),
            ("once", "Was answered already"),
        ]
    )

    _answer_uniq = models.UniqueIndex(
        "(email, key) WHERE state = 'answered'",
        "A contact is answered once per campaign.",
    )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """A reply to a mailing may be answered by a rule."""
        result = super()._message_route_process(message, message_dict, routes)
        if routes:
            try:
                with self.env.cr.savepoint():
                    # the gateway acts for nobody; the rule says what is done
                    self.env["crm.auto.reply"].sudo()._handle(message, message_dict)
            except Exception:  # the reply is recorded, whatever a rule does wrong
                _logger.exception("Automatic answer failed")
        return result
