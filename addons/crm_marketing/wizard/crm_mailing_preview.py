from odoo import api, fields, models
from odoo.tools import html2plaintext


class CrmMailingPreview(models.TransientModel):
    """A mailing as one recipient gets it."""

    _name = "crm.mailing.preview"
    _description = "Preview as Recipient"

    mailing_id = fields.Many2one("mailing.mailing", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        "Recipient",
        compute="_compute_partner_id",
        readonly=False,
        store=True,
    )
    subject = fields.Char(compute="_compute_content")
    body = fields.Html(compute="_compute_content", sanitize=False)
    plain_text = fields.Text(compute="_compute_content")
    block_ids = fields.Many2many(
        "crm.content.block", string="Chosen Blocks", compute="_compute_content"
    )
    excluded_reason = fields.Char("Will Not Get It", compute="_compute_content")

    @api.depends("mailing_id")
    def _compute_partner_id(self):
        for preview in self:
            preview.partner_id = preview.mailing_id._get_first_recipient()

    @api.depends("mailing_id", "partner_id")
    def _compute_content(self):
        for preview in self:
            preview.update(preview._get_content())

    def _get_content(self):
        mailing, partner = self.mailing_id, self.partner_id
        if not mailing or not partner:
            return {
                "subject": False,
                "body": False,
                "plain_text": False,
                "block_ids": False,
                "excluded_reason": False,
            }
        lang = partner.lang or partner.commercial_partner_id.lang
        own = mailing.with_context(lang=lang) if lang else mailing
        body = own._render_field("body_html", partner.ids)[partner.id]
        rendered = self.env["crm.content.render"]._render(mailing.sudo(), partner)
        return {
            "subject": own._render_field("subject", partner.ids)[partner.id],
            "body": body,
            "plain_text": html2plaintext(body or ""),
            "block_ids": rendered[partner.id][2],
            "excluded_reason": self._get_reason(mailing, partner),
        }

    @api.model
    def _get_reason(self, mailing, partner):
        email = partner.email_normalized
        labels = dict(
            self.env["crm.audience.member"]
            ._fields["excluded_reason"]
            ._description_selection(self.env)
        )
        if not email:
            return labels["no_email"]
        reason = mailing.sudo()._get_refusals([email]).get(email)
        if reason == "holdout":
            return self.env._("Held out from the campaign")
        return labels.get(reason, False)
