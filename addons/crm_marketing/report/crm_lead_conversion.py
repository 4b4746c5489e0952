from odoo import fields, models
from odoo.tools import SQL

RATES = {
    "accept_rate:avg": ("accepted_count", "handed_count"),
    "deal_rate:avg": ("deal_count", "lead_count"),
    "won_rate:avg": ("won_count", "lead_count"),
}


class CrmLeadConversion(models.Model):
    """What becomes of leads, by where they come from."""

    _name = "crm.lead.conversion"
    _description = "Lead Conversion"
    _auto = False
    _rec_name = "lead_id"
    _order = "date desc, id desc"
    _depends = {
        "crm.lead": [
            "type",
            "won_status",
            "source_id",
            "medium_id",
            "campaign_id",
            "user_id",
            "team_id",
            "company_id",
            "expected_revenue",
            "marketing_score",
            "event_id",
        ],
        "crm.lead.transfer": ["state", "lead_id", "reason", "answer_days"],
        "sale.order": ["state", "opportunity_id", "amount_untaxed", "currency_rate"],
    }

    lead_id = fields.Many2one("crm.lead", "Lead or Deal", readonly=True)
    date = fields.Date("Created", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    event_id = fields.Many2one("event.event", "Fair or Training", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    score = fields.Integer(readonly=True, aggregator="avg")
    lead_count = fields.Integer("Leads", readonly=True)
    handed_count = fields.Integer("Handed Over", readonly=True)
    accepted_count = fields.Integer("Accepted", readonly=True)
    returned_count = fields.Integer("Returned", readonly=True)
    deal_count = fields.Integer("Deals", readonly=True)
    won_count = fields.Integer("Won", readonly=True)
    lost_count = fields.Integer("Lost", readonly=True)
    ordered = fields.Monetary(readonly=True)
    answer_days = fields.Float("Days to Answer", readonly=True, aggregator="avg")
    accept_rate = fields.Float(
        "Accepted (%)",
        readonly=True,
        aggregator="avg",
        help="Of the leads that were handed over.",
    )
    deal_rate = fields.Float(
        "Became Deals (%)", readonly=True, aggregator="avg", help="Of all leads."
    )
    won_rate = fields.Float(
        "Won (%)", readonly=True, aggregator="avg", help="Of all leads."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id, l.id AS lead_id, l.create_date::date AS date, l.source_id,
                   l.medium_id, l.campaign_id, l.event_id, l.user_id, l.team_id,
                   l.company_id, coalesce(c.currency_id, %s) AS currency_id,
                   l.marketing_score AS score, 1 AS lead_count,
                   h.handed AS handed_count, h.accepted AS accepted_count,
                   h.returned AS returned_count, k.deal AS deal_count,
                   k.won AS won_count, (l.won_status = 'lost')::int AS lost_count,
                   coalesce(s.ordered, 0) AS ordered, h.answer_days,
                   100.0 * h.accepted / nullif(h.handed, 0) AS accept_rate,
                   100.0 * k.deal AS deal_rate, 100.0 * k.won AS won_rate
              FROM crm_lead l
         LEFT JOIN res_company c ON c.id = l.company_id
        CROSS JOIN LATERAL (
            SELECT (l.type = 'opportunity')::int AS deal,
                   (l.won_status = 'won')::int AS won) k
        CROSS JOIN LATERAL (
            SELECT (count(*) > 0)::int AS handed,
                   coalesce(max((t.state = 'accepted')::int), 0) AS accepted,
                   coalesce(max((t.state = 'returned')::int), 0) AS returned,
                   avg(t.answer_days) AS answer_days
              FROM crm_lead_transfer t WHERE t.lead_id = l.id) h
        CROSS JOIN LATERAL (
            SELECT sum(round(o.amount_untaxed
                       / coalesce(nullif(o.currency_rate, 0), 1), 2)) AS ordered
              FROM sale_order o
             WHERE o.opportunity_id = l.id AND o.state = 'sale') s
            """,
            self.env.company.currency_id.id,  # of leads that belong to all companies
        )

    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is that of its sums."""
        if aggregate_spec not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = RATES[aggregate_spec]
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )

    def action_open_document(self):
        """Open the lead or deal."""
        self.ensure_one()
        return self.lead_id._get_records_action()
