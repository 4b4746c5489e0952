from odoo import api, fields, models
from odoo.exceptions import UserError

PLACEHOLDER = "object.one_to_one_content"


class MailingMailing(models.Model):
    """The blocks of a mailing; the body says where they stand."""

    _inherit = "mailing.mailing"  # pylint: disable=consider-merging-classes-inherited

    block_ids = fields.Many2many(
        "crm.content.block",
        "crm_content_block_mailing_rel",
        "mailing_id",
        "block_id",
        string="Blocks",
        help="Each recipient gets those whose rule fits, in this order.",
    )
    block_limit = fields.Integer("Blocks per Recipient at Most", default=3)
    has_placeholder = fields.Boolean(compute="_compute_has_placeholder")

    _block_limit_positive = models.Constraint(
        "CHECK (block_limit > 0)", "A recipient gets at least one block."
    )

    @api.depends("body_html", "body_arch")
    def _compute_has_placeholder(self):
        for mailing in self:
            mailing.has_placeholder = PLACEHOLDER in (
                mailing.body_html or mailing.body_arch or ""
            )

    def action_insert_blocks(self):
        """Put the place of the blocks at the end of the body."""
        for mailing in self.filtered(lambda mailing: not mailing.has_placeholder):
            place = f'<p><t t-out="{PLACEHOLDER}"></t></p>'
            mailing.write(
                {
                    "body_arch": (mailing.body_arch or "") + place,
                    "body_html": (mailing.body_html or "") + place,
                }
            )
        return True

    def action_put_in_queue(self):
        for mailing in self:
            if mailing.block_ids and not mailing.has_placeholder:
                raise UserError(
                    self.env._(
                        "The body of %(mailing)s has no place for its blocks: use"
                        " Insert Blocks first.",
                        mailing=mailing.subject,
                    )
                )
        return super().action_put_in_queue()

    def action_preview_recipient(self):
        """See the mail as one of the recipients."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview as Recipient"),
            "res_model": "crm.mailing.preview",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_mailing_id": self.id},
        }

    def _get_first_recipient(self):
        self.ensure_one()
        if self.mailing_model_real != "res.partner":
            return self.env["res.partner"]
        return self.env["res.partner"].search(self._get_recipients_domain(), limit=1)
