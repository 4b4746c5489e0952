from odoo import fields, models

from odoo.addons.crm_analytics.models.crm_customer_value import TIERS, VALUE_CLASSES

REASONS = [
    ("no_email", "No valid address"),
    ("duplicate", "Address is there already"),
    ("blacklist", "On the exclusion list"),
    ("refused", "Refused this purpose"),
    ("no_consent", "Did not agree to this purpose"),
    ("channel", "Prefers another channel"),
    ("cap", "Contact limit reached"),
]


class CrmAudienceMember(models.Model):
    """A contact as found when the audience was frozen; written in SQL by the snapshot.

    Whoever is neither held out nor excluded is a recipient.
    """

    _name = "crm.audience.member"
    _description = "Audience Member"
    _log_access = False
    _rec_name = "partner_id"
    _order = "snapshot_id desc, id"

    snapshot_id = fields.Many2one(
        "crm.audience.snapshot", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    campaign_id = fields.Many2one(
        "utm.campaign", readonly=True, ondelete="set null", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    user_id = fields.Many2one(
        related="commercial_partner_id.user_id", string="Salesperson"
    )
    email_normalized = fields.Char("Address", readonly=True)
    lang = fields.Char("Language", readonly=True)
    is_holdout = fields.Boolean("Held Out", readonly=True)
    excluded_reason = fields.Selection(REASONS, "Left Out Because", readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    cell = fields.Char("RFM", readonly=True, size=3)
    tier = fields.Selection(TIERS, "Service Tier", readonly=True)

    _snapshot_idx = models.Index("(snapshot_id, commercial_partner_id)")
    _contact_uniq = models.Constraint(
        "UNIQUE (snapshot_id, partner_id)", "A contact is in a frozen audience once."
    )
