from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    audience_id = fields.Many2one(
        "crm.audience",
        index="btree_not_null",
        ondelete="restrict",
        help="The mailings of the campaign go to this audience; it is frozen when the"
        " first of them is sent.",
    )
    purpose_id = fields.Many2one("crm.marketing.purpose")
    snapshot_id = fields.Many2one(
        "crm.audience.snapshot",
        "Frozen Audience",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    recipient_count = fields.Integer(related="snapshot_id.recipient_count")
    holdout_count = fields.Integer(related="snapshot_id.holdout_count")
    excluded_count = fields.Integer(related="snapshot_id.excluded_count")

    @api.constrains("audience_id")
    def _check_frozen_audience(self):
        for campaign in self:
            frozen = campaign.snapshot_id.audience_id
            if frozen and frozen != campaign.audience_id:
                raise ValidationError(
                    self.env._(
                        "%(campaign)s is measured on the frozen audience"
                        " %(audience)s. For another audience, make a campaign of its"
                        " own.",
                        campaign=campaign.title,
                        audience=frozen.name,
                    )
                )

    def _freeze_audience(self):
        """Freeze the audience once; the snapshot of the campaign."""
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["snapshot_id"])
        if not self.snapshot_id:
            self.snapshot_id = self.env["crm.audience.snapshot"]._freeze(
                self.audience_id, self.purpose_id, campaign=self
            )
        return self.snapshot_id

    def action_freeze_audience(self):
        """Freeze the audience now, before the first mailing does."""
        self.ensure_one()
        self.check_access("write")
        if not self.audience_id or not self.purpose_id:
            raise UserError(
                self.env._(
                    "Choose the audience and the purpose of %(campaign)s first.",
                    campaign=self.title,
                )
            )
        self._freeze_audience()
        return True

    def action_open_recipients(self):
        """Open the contacts that got or get the mails."""
        return self.snapshot_id.action_open_recipients()

    def action_open_holdout(self):
        """Open the contacts that are held out."""
        return self.snapshot_id.action_open_holdout()

    def action_open_excluded(self):
        """Open the contacts that were left out."""
        return self.snapshot_id.action_open_excluded()
