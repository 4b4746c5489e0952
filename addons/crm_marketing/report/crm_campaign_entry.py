from odoo import fields, models
from odoo.tools import SQL

from ..tools.result_sql import CUSTOMER_MOVES, invoice_lines, row_id

KINDS = [
    ("lead", "Lead"),
    ("order", "Order"),
    ("invoice", "Invoice"),
    ("cost", "Cost"),
]


class CrmCampaignEntry(models.Model):
    """Every document behind a campaign's figures, one row each; the figures are sums.

    A lead or deal counts by its own campaign, an order by its own or else its deal's.
    An invoice line counts by the first order it bills; a line without order by the
    invoice's campaign. Amounts without taxes in the company's currency at the rate of
    the document.
    """

    _name = "crm.campaign.entry"
    _description = "Campaign Result"
    _auto = False
    _rec_name = "campaign_id"
    _order = "date desc, id desc"
    _depends = {
        "utm.campaign": ["title"],
        "crm.lead": [
            "campaign_id",
            "type",
            "won_status",
            "active",
            "partner_id",
            "user_id",
            "company_id",
        ],
        "sale.order": [
            "campaign_id",
            "opportunity_id",
            "state",
            "amount_untaxed",
            "currency_rate",
            "date_order",
            "partner_id",
        ],
        "sale.order.line": ["purchase_price", "product_uom_id", "invoice_lines"],
        "account.move": [
            "campaign_id",
            "state",
            "move_type",
            "invoice_date",
            "commercial_partner_id",
        ],
        "account.move.line": [
            "balance",
            "quantity",
            "display_type",
            "product_id",
            "product_uom_id",
        ],
        "product.product": ["standard_price"],
        "res.partner": ["commercial_partner_id"],
        "crm.marketing.cost": ["amount"],
    }

    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    date = fields.Date(readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer or Vendor", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    lead_id = fields.Many2one("crm.lead", "Lead or Deal", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    move_id = fields.Many2one("account.move", "Invoice or Bill", readonly=True)
    activity_id = fields.Many2one("crm.marketing.activity", readonly=True)
    lead_count = fields.Integer("Leads", readonly=True)
    deal_count = fields.Integer("Deals", readonly=True)
    won_count = fields.Integer("Won", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    order_amount = fields.Monetary("Ordered", readonly=True)
    revenue = fields.Monetary("Invoiced", readonly=True, help="Credit notes deducted.")
    margin = fields.Monetary(
        "Invoiced Margin", readonly=True, groups="crm_analytics.group_analyst"
    )
    cost = fields.Monetary(readonly=True, help="Posted bills and expenses.")
    profit = fields.Monetary(
        "Margin less Cost", readonly=True, groups="crm_analytics.group_analyst"
    )
    roi = fields.Float(
        "Return (%)",
        readonly=True,
        aggregator="avg",
        groups="crm_analytics.group_analyst",
        help="Invoiced margin less cost, in per cent of the cost; of groups from sums.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT id, campaign_id, kind, date, partner_id, user_id, company_id,
                   coalesce((SELECT c.currency_id FROM res_company c
                              WHERE c.id = entries.company_id), %s) AS currency_id,
                   lead_id, order_id, move_id, activity_id, lead_count, deal_count,
                   won_count, order_count, order_amount, revenue, margin, cost,
                   margin - cost AS profit,
                   100 * (margin - cost) / nullif(cost, 0) AS roi
              FROM (%s) entries
            """,
            self.env.company.currency_id.id,  # of leads that belong to all companies
            SQL(" UNION ALL ").join(query for query in self._get_queries()),
        )

    def _get_queries(self):
        """One query for each kind; another addon may append a source."""
        return [
            self._query_leads(),
            self._query_orders(),
            self._query_invoices(),
            self._query_costs(),
        ]

    def _query_leads(self):
        return SQL(
            """
            SELECT %s AS id, l.campaign_id, 'lead' AS kind, l.create_date::date AS date,
                   coalesce(p.commercial_partner_id, l.partner_id) AS partner_id,
                   l.user_id, l.company_id, l.id AS lead_id, NULL::int AS order_id,
                   NULL::int AS move_id, NULL::int AS activity_id,
                   1 AS lead_count, (l.type = 'opportunity')::int AS deal_count,
                   (l.won_status = 'won')::int AS won_count, 0 AS order_count,
                   0::numeric AS order_amount, 0::numeric AS revenue,
                   0::numeric AS margin, 0::numeric AS cost
              FROM crm_lead l
         LEFT JOIN res_partner p ON p.id = l.partner_id
             WHERE l.campaign_id IS NOT NULL
            """,
            row_id(1, SQL("l.id")),
        )

    def _query_orders(self):
        return SQL(
            """
            SELECT %s, coalesce(o.campaign_id, d.campaign_id), 'order',
                   o.date_order::date, p.commercial_partner_id, o.user_id,
                   o.company_id, o.opportunity_id, o.id, NULL, NULL,
                   0, 0, 0, 1,
                   round(o.amount_untaxed / coalesce(nullif(o.currency_rate, 0), 1), 2),
                   0, 0, 0
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
         LEFT JOIN crm_lead d ON d.id = o.opportunity_id
             WHERE o.state = 'sale'
               AND coalesce(o.campaign_id, d.campaign_id) IS NOT NULL
            """,
            row_id(2, SQL("o.id")),
        )

    def _query_invoices(self):
        return SQL(
            """
            SELECT %s, c.campaign_id, 'invoice', m.invoice_date,
                   m.commercial_partner_id, m.invoice_user_id, m.company_id,
                   s.opportunity_id, s.id, m.id, NULL,
                   0, 0, 0, 0, 0, g.revenue, g.revenue - g.goods_cost, 0
              FROM %s
         LEFT JOIN sale_order s ON s.id = o.order_id
         LEFT JOIN crm_lead d ON d.id = s.opportunity_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN s.id IS NULL THEN m.campaign_id
                        ELSE coalesce(s.campaign_id, d.campaign_id) END
                   AS campaign_id) c
             WHERE %s AND c.campaign_id IS NOT NULL
            """,
            row_id(3, SQL("l.id")),
            invoice_lines(),
            CUSTOMER_MOVES,
        )

    def _query_costs(self):
        return SQL(
            """
            SELECT %s + k.id, k.campaign_id, 'cost', k.date, k.partner_id, NULL,
                   k.company_id, NULL, NULL, k.move_id, k.activity_id,
                   0, 0, 0, 0, 0, 0, 0, k.amount
              FROM (%s) k
             WHERE k.campaign_id IS NOT NULL
            """,
            row_id(4, SQL("0")),
            self.env["crm.marketing.cost"]._table_query,
        )

    def _read_group_select(self, aggregate_spec, query):
        """The return of a group is that of its sums."""
        if aggregate_spec != "roi:avg":
            return super()._read_group_select(aggregate_spec, query)
        margin = self._field_to_sql(self._table, "margin", query)
        cost = self._field_to_sql(self._table, "cost", query)
        return SQL("100 * (SUM(%s) - SUM(%s)) / NULLIF(SUM(%s), 0)", margin, cost, cost)

    def action_open_document(self):
        """Open the document behind the row."""
        self.ensure_one()
        name = {"lead": "lead_id", "order": "order_id"}.get(self.kind, "move_id")
        return self[name]._get_records_action()
