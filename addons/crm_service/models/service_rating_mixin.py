from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: What ended longer ago is not asked about: nobody remembers, and an installation in
#: the middle of the year must not write to all customers at once.
ASK_WITHIN_DAYS = 7
#: Ratings up to this many of five are low (core: "dissatisfied").
LOW_RATING = 2.5


class ServiceRatingMixin(models.AbstractModel):
    """Ask the customer once how it was, and look after him who was not content.

    Built on the ratings every thread has. ``rating.mixin`` is left out on purpose: its
    stored last value costs each new record a flush and a query.
    """

    _name = "service.rating.mixin"
    _description = "Satisfaction After Service"
    _inherit = ["mail.thread"]

    rating_asked_on = fields.Datetime("Asked for a rating", readonly=True, copy=False)

    # -- who is asked ------------------------------------------------------------------

    def _get_rating_domain(self):
        """What has ended and deserves a question; models add their end."""
        return (
            Domain("rating_asked_on", "=", False)
            & Domain("company_id.service_rating", "=", True)
            & Domain("partner_id.email", "!=", False)
            & Domain("partner_id.partner_share", "=", True)
            & Domain("partner_id.service_no_survey", "=", False)
            & Domain(
                "partner_id.commercial_partner_id",
                "not in",
                self.env["res.company"].search([]).partner_id.ids,  # pylint: disable=no-search-all
            )
        )

    def _get_rating_since(self):
        return fields.Datetime.now() - timedelta(days=ASK_WITHIN_DAYS)

    def _get_rating_template(self):
        raise NotImplementedError

    @api.model
    def _cron_ask_for_rating(self):
        """Ask for each record that ended, once; a chunk is a transaction."""
        commit = self.env["ir.cron"]._commit_progress
        records = self.search(self._get_rating_domain(), order="id")
        commit(remaining=len(records))
        for record in records:
            record._ask_for_rating()
            if not commit(1):
                break

    def _ask_for_rating(self):
        """Send the question in the language of the contact; once, whoever asks."""
        self.ensure_one()
        locked = self.try_lock_for_update()
        if not locked.filtered_domain([("rating_asked_on", "=", False)]):
            return False
        locked.rating_asked_on = fields.Datetime.now()
        locked.rating_send_request(
            self._get_rating_template(),
            lang=self.partner_id.lang or False,
            force_send=False,
        )
        return True

    def _get_rating_faces(self):
        """Return [(address, picture, what it says)] of the faces in the mail."""
        token = self._rating_get_access_token()
        return [
            (
                f"/rate/{token}/{rate}",
                f"/rating/static/src/img/rating_{rate}.png",
                label,
            )
            for rate, label in (
                (5, self.env._("Content")),
                (3, self.env._("So so")),
                (1, self.env._("Not content")),
            )
        ]

    # -- the answer --------------------------------------------------------------------

    def rating_apply(self, rate, token=None, rating=None, feedback=None, **kwargs):
        """A low rating opens a follow-up, once a rating."""
        applied = super().rating_apply(
            rate, token=token, rating=rating, feedback=feedback, **kwargs
        )
        if applied.rating <= LOW_RATING and not applied.service_followed_up:
            applied.service_followed_up = True
            self._follow_up_rating(applied)
        return applied

    def _follow_up_rating(self, rating):
        self.partner_id._open_satisfaction_follow_up(
            self,
            owner=self._get_rating_owner(),
            manager=self._get_rating_manager(),
            company=self.company_id,
            summary=self.env._(
                "%(customer)s rated %(record)s with %(rating)d of 5",
                customer=self.partner_id.display_name,
                record=self.display_name,
                rating=rating.rating,
            ),
            feedback=rating.feedback,
        )

    def _get_rating_owner(self):
        """Return who looks after a customer that has no salesperson."""
        return self.user_id

    def _get_rating_manager(self):
        """Return the user who answers for the team of this record, if there is one."""
        raise NotImplementedError


class RatingRating(models.Model):
    _inherit = "rating.rating"

    service_followed_up = fields.Boolean("Follow-up opened", readonly=True)
