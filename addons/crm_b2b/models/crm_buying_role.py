from odoo import api, fields, models
from odoo.tools import SQL


class CrmBuyingRoleType(models.Model):
    """Role in a buying centre: initiator, user, influencer, decider, ..."""

    _name = "crm.buying.role.type"
    _description = "Role in the buying centre"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class CrmBuyingRole(models.Model):
    """A person of the customer in a deal."""

    _name = "crm.buying.role"
    _description = "Person in the buying centre"
    _order = "lead_id, role_id, influence desc, id"
    _rec_name = "partner_id"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('is_company', '=', False)]",
    )
    role_id = fields.Many2one("crm.buying.role.type", required=True)
    function = fields.Char(related="partner_id.function")
    stance = fields.Selection(
        [
            ("champion", "Champion"),
            ("supporter", "Supporter"),
            ("neutral", "Neutral"),
            ("sceptic", "Sceptic"),
            ("opponent", "Opponent"),
        ],
        required=True,
        default="neutral",
    )
    influence = fields.Selection(
        [
            ("1", "Very low"),
            ("2", "Low"),
            ("3", "Medium"),
            ("4", "High"),
            ("5", "Very high"),
        ],
        required=True,
        default="3",
    )
    note = fields.Char(string="What matters to this person")
    last_contact = fields.Datetime(
        compute="_compute_last_contact",
        help="Last e-mail or comment from or to this person, finished call or other "
        "activity, or meeting attended.",
    )
    user_id = fields.Many2one(related="lead_id.user_id", store=True)
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, string="Account"
    )

    _person_role_uniq = models.UniqueIndex(
        "(lead_id, partner_id, role_id)",
        "This person already has this role in the opportunity.",
    )

    @api.depends("partner_id")
    def _compute_last_contact(self):
        dates = self.partner_id._get_last_contact_dates()
        for person in self:
            person.last_contact = dates.get(person.partner_id._origin.id)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_last_contact_dates(self):
        """Return {partner id: datetime} of the last contact, in one query.

        Only the date is told, not the message: hence past the rules of messages.
        """
        ids = tuple(self._origin.ids)
        if not ids:
            return {}
        for model in ("mail.message", "calendar.event"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, MAX(date) FROM (
                    SELECT author_id AS partner_id, date FROM mail_message
                     WHERE author_id IN %(ids)s
                       AND message_type IN ('email', 'comment')
                 UNION ALL
                    SELECT rel.res_partner_id, m.date
                      FROM mail_message_res_partner_rel rel
                      JOIN mail_message m ON m.id = rel.mail_message_id
                     WHERE rel.res_partner_id IN %(ids)s
                       AND m.message_type IN ('email', 'comment', 'email_outgoing')
                 UNION ALL
                    SELECT m.res_id, m.date FROM mail_message m
                     WHERE m.model = 'res.partner' AND m.res_id IN %(ids)s
                       AND m.mail_activity_type_id IS NOT NULL
                 UNION ALL
                    SELECT rel.res_partner_id, e.start
                      FROM calendar_event_res_partner_rel rel
                      JOIN calendar_event e ON e.id = rel.calendar_event_id
                     WHERE rel.res_partner_id IN %(ids)s
                       AND e.active AND e.start <= %(now)s
                ) contact
                GROUP BY partner_id
                """,
                ids=ids,
                now=fields.Datetime.now(),
            )
        )
        return dict(rows)
