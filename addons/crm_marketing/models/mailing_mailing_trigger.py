from odoo import fields, models
from odoo.exceptions import UserError


class MailingMailing(models.Model):
    """The mail of a trigger is sent by the trigger only."""

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
