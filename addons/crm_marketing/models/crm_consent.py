from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

STATES = [
    ("granted", "Agreed"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
SOURCES = [
    ("person", "Told in Person"),
    ("phone", "Told by Phone"),
    ("fair", "Trade Fair"),
    ("form", "Form"),
    ("portal", "Customer Portal"),
    ("mail", "Reply to a Mail"),
    ("unsubscribe", "Unsubscribe Link"),
    ("import", "Import"),
    ("other", "Other"),
]


class CrmConsent(models.Model):
    """What a contact said on a purpose, and when; history that only grows."""

    _name = "crm.consent"
    _description = "Consent"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade", index=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer"
    )
    purpose_id = fields.Many2one(
        "crm.marketing.purpose", required=True, ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, default="granted")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    source = fields.Selection(SOURCES, required=True, default="person")
    note = fields.Char("Proof", help="Where it is written down: form, mail, page.")
    user_id = fields.Many2one(
        "res.users",
        "Recorded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    is_current = fields.Boolean(
        compute="_compute_is_current", search="_search_is_current"
    )

    _current_idx = models.Index("(purpose_id, partner_id, date DESC, id DESC)")

    def _compute_is_current(self):
        current = set(self._search_current([("id", "in", self.ids)]))
        for consent in self:
            consent.is_current = consent.id in current

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        query = SQL("(%s)", self._get_current_query())
        wanted = set(value)
        if wanted == {True, False}:
            return [(1, "=", 1)]
        return [("id", "in" if True in wanted else "not in", query)]

    @api.model
    def _get_current_query(self, condition=None):
        self.flush_model()
        return SQL(
            "SELECT id FROM (SELECT DISTINCT ON (purpose_id, partner_id) id"
            " FROM crm_consent WHERE %s"
            " ORDER BY purpose_id, partner_id, date DESC, id DESC) latest",
            condition or SQL("TRUE"),
        )

    def _search_current(self, _domain):
        """Ids of the latest statements of the contacts of ``self``."""
        partners = self.partner_id.ids
        if not partners:
            return []
        return [
            row[0]
            for row in self.env.execute_query(
                self._get_current_query(SQL("partner_id = ANY(%s)", partners))
            )
        ]

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "What a contact said on a day stays as it was recorded. Record what"
                " holds now as a new line."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("The history of consent is kept; record a withdrawal instead.")
        )
