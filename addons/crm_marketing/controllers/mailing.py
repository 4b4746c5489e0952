from odoo.http import request

from odoo.addons.mass_mailing.controllers.main import MassMailController


class OneToOneMailController(MassMailController):
    """Leaving a mailing of a purpose withdraws from that purpose.

    The page that follows offers the exclusion list for everything else, as ever.
    """

    def _mailing_unsubscribe_from_document(
        self, mailing, document_id, email, hash_token
    ):
        purpose = mailing.purpose_id
        if not purpose:
            return super()._mailing_unsubscribe_from_document(
                mailing, document_id, email, hash_token
            )
        # the token proves that the request comes from the recipient's own mail
        partners = request.env["res.partner"].sudo()._find_by_address(email)
        partners._record_consent(
            purpose, "withdrawn", "unsubscribe", mailing.display_name
        )
        values = self._prepare_mailing_subscription_values(
            mailing, document_id, email, hash_token
        )
        return request.render(
            "mass_mailing.page_mailing_unsubscribe",
            {
                **values,
                "last_action": "subscription_updated",
                "unsubscribed_name": request.env._(
                    "You will get no more mails about: %(purpose)s.",
                    purpose=purpose.name,
                ),
            },
        )
