from odoo import fields, models
from odoo.tools import SQL


class CrmChannelReport(models.Model):
    """What channel partners bring and make of what they are given: a row a deal."""

    _name = "crm.channel.report"
    _description = "Performance of channel partners"
    _auto = False
    _order = "date_created desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "channel_partner_id",
            "channel_kind",
            "won_status",
            "expected_revenue",
            "user_id",
            "team_id",
            "company_id",
            "date_closed",
            "active",
        ],
        "crm.deal.registration": ["lead_id", "state"],
        "sale.order": ["opportunity_id", "state", "amount_untaxed"],
    }

    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", "Channel Partner", readonly=True)
    end_customer_id = fields.Many2one("res.partner", readonly=True)
    channel_kind = fields.Selection(
        [
            ("sourced", "Brought by the partner"),
            ("assigned", "Given to the partner"),
        ],
        "Channel",
        readonly=True,
    )
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Open")],
        "Status",
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency = fields.Many2one("res.currency", readonly=True)
    date_created = fields.Date("Created on", readonly=True)
    date_closed = fields.Date("Closed on", readonly=True)
    registered = fields.Boolean(readonly=True)
    expected = fields.Monetary(
        "Expected Revenue", currency_field="company_currency", readonly=True
    )
    won = fields.Monetary(
        "Won Revenue", currency_field="company_currency", readonly=True
    )
    ordered = fields.Monetary(
        "Ordered (net)", currency_field="company_currency", readonly=True
    )
    win_rate = fields.Float(
        "Win Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the closed deals that were won.",
    )
    days_to_close = fields.Float(readonly=True, aggregator="avg")

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT d.id, d.id AS lead_id, d.channel_partner_id AS partner_id,
                   d.partner_id AS end_customer_id, d.channel_kind, d.won_status,
                   d.user_id, d.team_id,
                   coalesce(d.company_id, t.company_id) AS company_id,
                   c.currency_id AS company_currency,
                   d.create_date::date AS date_created,
                   d.date_closed::date AS date_closed,
                   EXISTS (SELECT 1 FROM crm_deal_registration r
                            WHERE r.lead_id = d.id) AS registered,
                   d.expected_revenue AS expected,
                   CASE WHEN d.won_status = 'won' THEN d.expected_revenue END AS won,
                   (SELECT sum(o.amount_untaxed
                               / coalesce(nullif(o.currency_rate, 0), 1))
                      FROM sale_order o
                     WHERE o.opportunity_id = d.id AND o.state = 'sale') AS ordered,
                   CASE d.won_status WHEN 'won' THEN 100.0 WHEN 'lost' THEN 0.0 END
                       AS win_rate,
                   CASE WHEN d.won_status <> 'pending' THEN
                       extract(epoch FROM d.date_closed - d.create_date) / 86400 END
                       AS days_to_close
              FROM crm_lead d
              LEFT JOIN crm_team t ON t.id = d.team_id
              LEFT JOIN res_company c ON c.id = coalesce(d.company_id, t.company_id)
             WHERE d.channel_partner_id IS NOT NULL
            """
        )

    def action_open_lead(self):
        return self.lead_id._get_records_action()
