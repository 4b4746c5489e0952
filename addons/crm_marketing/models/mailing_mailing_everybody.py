from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class MailingMailing(models.Model):
    """What was made for an audience does not fall back to all contacts without it."""

    _inherit = "mailing.mailing"  # pylint: disable=consider-merging-classes-inherited

    is_for_audience = fields.Boolean(
        compute="_compute_is_for_audience",
        store=True,
        copy=True,
        help="It has or had an audience, its own or its campaign's.",
    )
    has_lost_audience = fields.Boolean(compute="_compute_has_lost_audience")

    @api.depends("audience_id", "campaign_id.audience_id", "mailing_model_id")
    def _compute_is_for_audience(self):
        """Once set, it stays."""
        for mailing in self:
            mailing.is_for_audience = bool(
                mailing.is_for_audience
                or mailing.audience_id
                or (mailing.campaign_id.audience_id and mailing._follows_campaign())
            )

    @api.depends("is_for_audience", "audience_id", "mailing_model_id", "mailing_domain")
    def _compute_has_lost_audience(self):
        for mailing in self:
            mailing.has_lost_audience = (
                mailing.is_for_audience
                and not mailing.audience_id
                and mailing.mailing_model_real == "res.partner"
                and mailing._is_to_everybody()
            )

    def write(self, vals):
        """The audience that goes is remembered."""
        if {"audience_id", "campaign_id", "mailing_model_id"} & vals.keys():
            self.mapped("is_for_audience")  # not computed yet: it waits for its turn
        return super().write(vals)

    def _is_to_everybody(self):
        """Whether the conditions of the core leave nobody out."""
        domain = Domain(self._parse_mailing_domain())
        return domain.is_true() or domain == self._get_default_mailing_domain()

    @api.constrains(
        "state", "audience_id", "campaign_id", "mailing_model_id", "mailing_domain"
    )
    def _check_queue_has_audience(self):
        waiting = self.filtered(
            lambda mailing: mailing.state in ("in_queue", "sending")
        )
        waiting._check_not_to_everybody()

    def _check_not_to_everybody(self):
        for mailing in self:
            if mailing.has_lost_audience:
                raise UserError(
                    self.env._(
                        "%(mailing)s was made for an audience and has none any more:"
                        " it would go to all contacts. Choose an audience, or say in"
                        " Recipients who gets it.",
                        mailing=mailing.subject,
                    )
                )
