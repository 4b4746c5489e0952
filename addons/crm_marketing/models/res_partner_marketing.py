from odoo import api, fields, models
from odoo.tools import email_normalize

CHANNELS = [
    ("any", "Any"),
    ("email", "Email"),
    ("phone", "Phone"),
    ("visit", "Visit"),
    ("post", "Post"),
    ("none", "None"),
]
FREQUENCIES = [
    ("any", "As it comes"),
    ("week", "At most one mail a week"),
    ("month", "At most one mail a month"),
    ("quarter", "At most one mail a quarter"),
]


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    # nothing of this is for colleagues of a contact in the portal
    marketing_contact = fields.Boolean(
        groups="base.group_user", help="Marketing writes to this person of the account."
    )
    marketing_channel = fields.Selection(
        CHANNELS,
        "Preferred Channel",
        default="any",
        groups="base.group_user",
        help="Mailings go out only to contacts who prefer email or have no preference.",
    )
    marketing_frequency = fields.Selection(
        FREQUENCIES, "Preferred Frequency", default="any", groups="base.group_user"
    )
    consent_ids = fields.One2many(
        "crm.consent", "partner_id", "Consents", groups="base.group_user"
    )
    audience_member_ids = fields.One2many(
        "crm.audience.member", "partner_id", "Audiences", groups="base.group_user"
    )

    _email_normalized_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    def _get_consents(self):
        """{contact: {purpose: latest statement}} of the contacts."""
        consents = {partner: {} for partner in self}
        for consent in self.env["crm.consent"].search(
            [("partner_id", "in", self.ids)], order="date, id"
        ):
            consents[consent.partner_id][consent.purpose_id] = consent
        return consents

    def _record_consent(self, purpose, state, source, note=False):
        """Add a statement for each contact whose latest one says something else."""
        latest = self._get_consents()
        return self.env["crm.consent"].create(
            [
                {
                    "partner_id": partner.id,
                    "purpose_id": purpose.id,
                    "state": state,
                    "source": source,
                    "note": note,
                }
                for partner in self
                if purpose not in latest[partner]
                or latest[partner][purpose].state != state
            ]
        )

    @api.model
    def _find_by_address(self, email):
        """All contacts with that address."""
        normalized = email_normalize(email or "")
        if not normalized:
            return self.browse()
        return self.search([("email_normalized", "=", normalized)])
