from odoo import api, fields, models


class ResPartner(models.Model):
    """What a mail says to this contact; read by placeholders in mailings."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    one_to_one_content = fields.Html(
        "Own Content",
        compute="_compute_one_to_one",
        sanitize=False,
        groups="base.group_user",
        help="The blocks of a mailing that fit this contact.",
    )
    one_to_one_subject = fields.Char(
        "Own Subject", compute="_compute_one_to_one", groups="base.group_user"
    )

    @api.depends_context("one_to_one_mailing_id", "lang", "company")
    def _compute_one_to_one(self):
        """All recipients of the batch at once, through the prefetch."""
        mailing = self.env["mailing.mailing"].browse(
            self.env.context.get("one_to_one_mailing_id")
        )
        content = {}
        if mailing and self.ids:
            # what is chosen is for the recipient, whoever sends
            mailing = mailing.sudo()
            content = self.env["crm.content.render"]._render(
                mailing, self.browse(self.ids)
            )
        for partner in self:
            subject, body, _blocks = content.get(
                partner.id or partner._origin.id, (False, False, [])
            )
            partner.one_to_one_subject = subject
            partner.one_to_one_content = body

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (
            *super().mail_allowed_qweb_expressions(),
            "object.one_to_one_content",
            "object.one_to_one_subject",
        )
