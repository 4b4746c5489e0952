import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import holdout_draw

COLUMNS = (
    "partner_id",
    "commercial_partner_id",
    "email_normalized",
    "lang",
    "value_class",
    "cell",
    "tier",
    "excluded_reason",
)


class CrmAudienceSnapshot(models.Model):
    """An audience as it was when a campaign or mailing was sent; it never changes."""

    _name = "crm.audience.snapshot"
    _description = "Frozen Audience"
    _order = "date desc, id desc"
    _rec_name = "audience_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    audience_id = fields.Many2one(
        "crm.audience", required=True, readonly=True, ondelete="restrict", index=True
    )
    campaign_id = fields.Many2one(
        "utm.campaign", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    mailing_id = fields.Many2one(
        "mailing.mailing", readonly=True, ondelete="set null", index="btree_not_null"
    )
    purpose_id = fields.Many2one("crm.marketing.purpose", readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    definition = fields.Text(readonly=True, help="The criteria in words, as they were.")
    holdout_percent = fields.Float("Held Out (%)", readonly=True, aggregator=None)
    seed = fields.Char(
        readonly=True, help="With it the hold-out group can be drawn again, unchanged."
    )
    member_ids = fields.One2many("crm.audience.member", "snapshot_id", "Members")
    account_count = fields.Integer("Customers", readonly=True)
    contact_count = fields.Integer("Contacts", readonly=True)
    recipient_count = fields.Integer("Recipients", readonly=True)
    holdout_count = fields.Integer("Held Out Customers", readonly=True)
    excluded_count = fields.Integer("Left Out", readonly=True)

    @api.depends("audience_id", "date")
    def _compute_display_name(self):
        for snapshot in self:
            snapshot.display_name = self.env._(
                "%(audience)s, %(date)s",
                audience=snapshot.audience_id.name,
                date=fields.Date.to_string(snapshot.date) or "",
            )

    def write(self, vals):
        if not self.env.context.get("crm_marketing_freezing"):
            raise UserError(
                self.env._("A frozen audience is the proof of a sending: it stays.")
            )
        return super().write(vals)

    @api.model
    def _freeze(self, audience, purpose, campaign=None, mailing=None):
        """Keep the audience as it is now; the hold-out group is drawn."""
        audience.ensure_one()
        # nobody may write frozen audiences but this method, with values of its own
        snapshot = self.sudo().create(
            {
                "company_id": audience.company_id.id,
                "audience_id": audience.id,
                "campaign_id": campaign and campaign.id,
                "mailing_id": mailing and mailing.id,
                "purpose_id": purpose.id,
                "definition": audience.summary,
                "holdout_percent": audience.holdout_percent,
                "seed": str(secrets.randbits(63)),
            }
        )
        snapshot._insert_members()
        snapshot._draw_holdout()
        snapshot._count()
        return snapshot.sudo(False)

    def _insert_members(self):
        self.ensure_one()
        query = self.audience_id._get_members_query(self.purpose_id)
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_audience_member (snapshot_id, company_id, campaign_id,"
                " is_holdout, %(columns)s)"
                " SELECT %(snapshot)s, %(company)s, %(campaign)s, FALSE, %(columns)s"
                " FROM (%(query)s) m",
                columns=SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
                snapshot=self.id,
                company=self.company_id.id,
                campaign=self.campaign_id.id or None,
                query=query,
            )
        )

    def _draw_holdout(self):
        """Hold out whole customers: all contacts of one, or none."""
        self.ensure_one()
        units = self.env.execute_query(
            SQL(
                "SELECT commercial_partner_id, max(value_class)"
                " FROM crm_audience_member"
                " WHERE snapshot_id = %s AND excluded_reason IS NULL"
                " GROUP BY commercial_partner_id",
                self.id,
            )
        )
        held = holdout_draw.draw(units, self.holdout_percent, int(self.seed))
        if held:
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_audience_member SET is_holdout = TRUE"
                    " WHERE snapshot_id = %s AND commercial_partner_id = ANY(%s)",
                    self.id,
                    list(held),
                )
            )
        self.env["crm.audience.member"].invalidate_model()

    def _count(self):
        self.ensure_one()
        [counts] = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(DISTINCT commercial_partner_id) AS account_count,
                       count(*) AS contact_count,
                       count(*) FILTER (WHERE excluded_reason IS NULL
                           AND NOT is_holdout) AS recipient_count,
                       count(DISTINCT commercial_partner_id)
                           FILTER (WHERE is_holdout) AS holdout_count,
                       count(excluded_reason) AS excluded_count
                  FROM crm_audience_member WHERE snapshot_id = %s""",
                self.id,
            )
        )
        self.with_context(crm_marketing_freezing=True).write(counts)

    # --- who gets the mail --------------------------------------------------

    def _get_recipient_query(self):
        """Query of the contacts that are neither held out nor left out."""
        self.ensure_one()
        return SQL(
            "(SELECT partner_id FROM crm_audience_member WHERE snapshot_id = %s"
            " AND excluded_reason IS NULL AND NOT is_holdout)",
            self.id,
        )

    # --- actions ------------------------------------------------------------

    def _get_members_action(self, name, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_marketing.crm_audience_member_action"
        )
        domain = Domain("snapshot_id", "in", self.ids) & Domain(domain)
        return action | {"name": name, "domain": list(domain), "context": {}}

    def action_open_recipients(self):
        """Open the contacts that got or get the mail."""
        return self._get_members_action(
            self.env._("Recipients"),
            [("excluded_reason", "=", False), ("is_holdout", "=", False)],
        )

    def action_open_holdout(self):
        """Open the contacts of the customers that are held out."""
        return self._get_members_action(
            self.env._("Held Out"), [("is_holdout", "=", True)]
        )

    def action_open_excluded(self):
        """Open the contacts that were left out, with the reason."""
        return self._get_members_action(
            self.env._("Left Out"), [("excluded_reason", "!=", False)]
        ) | {"context": {"search_default_group_reason": True}}
