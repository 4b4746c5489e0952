from odoo import fields, models
from odoo.tools import SQL


class CrmCustomerCohort(models.Model):
    """Revenue of customers by the quarter of their first purchase."""

    _name = "crm.customer.cohort"
    _description = "Customer Cohort"
    _auto = False
    _rec_name = "partner_id"
    _order = "cohort, quarter"
    _depends = {
        "crm.customer.fact": ["first_date", "company_id", "partner_id"],
        "crm.customer.month": ["month", "revenue", "contribution"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    industry_id = fields.Many2one(related="partner_id.industry_id")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    cohort = fields.Date("First Purchase", readonly=True)
    quarter = fields.Date("Invoiced in", readonly=True)
    age = fields.Integer(
        "Quarters Since First Purchase", readonly=True, aggregator=None
    )
    revenue = fields.Monetary(readonly=True)
    contribution = fields.Monetary(readonly=True)
    customer_count = fields.Integer("Customers", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT min(m.id) AS id, m.company_id, m.partner_id,
                   date_trunc('quarter', f.first_date)::date AS cohort,
                   date_trunc('quarter', m.month)::date AS quarter,
                   (extract(year FROM m.month) * 4 + extract(quarter FROM m.month)
                    - extract(year FROM f.first_date) * 4
                    - extract(quarter FROM f.first_date))::int AS age,
                   sum(m.revenue) AS revenue, sum(m.contribution) AS contribution,
                   1 AS customer_count
              FROM crm_customer_month m
              JOIN crm_customer_fact f ON f.company_id = m.company_id
               AND f.partner_id = m.partner_id
             WHERE m.month >= date_trunc('month', f.first_date)
          GROUP BY m.company_id, m.partner_id, f.first_date,
                   date_trunc('quarter', m.month),
                   extract(year FROM m.month), extract(quarter FROM m.month)"""
        )


class CrmCustomerBridge(models.Model):
    """The leaking bucket: revenue of each month against a year before, by customer.

    The revenue of a month equals that of the month a year before plus gained,
    regained and grown, less shrunk and lost; the differences add up exactly.
    """

    _name = "crm.customer.bridge"
    _description = "Leaking Bucket"
    _auto = False
    _rec_name = "partner_id"
    _order = "month, kind"
    _depends = {"crm.customer.month": ["month", "revenue"]}

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    month = fields.Date(readonly=True)
    kind = fields.Selection(
        [
            ("gained", "Gained"),
            ("regained", "Regained"),
            ("grown", "Grown"),
            ("shrunk", "Shrunk"),
            ("lost", "Lost"),
        ],
        readonly=True,
    )
    revenue = fields.Monetary(
        "Revenue, 12 Months", readonly=True, help="Of the 12 months up to this one."
    )
    revenue_before = fields.Monetary("Revenue, 12 Months Before", readonly=True)
    change = fields.Monetary(readonly=True)
    retained = fields.Monetary(
        readonly=True,
        help="The part of the revenue before that stayed: divided by the revenue before"
        " it is the gross retention.",
    )
    customer_count = fields.Integer("Customers", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            WITH ends AS (
                SELECT c.company_id, g::date AS month
                  FROM (SELECT company_id, min(month) AS low, max(month) AS high
                          FROM crm_customer_month GROUP BY company_id) c
            CROSS JOIN LATERAL generate_series(
                       c.low + interval '12 months', c.high, interval '1 month') g
            ), sums AS (
                SELECT e.company_id, e.month, m.partner_id, min(m.id) AS id,
                       coalesce(sum(m.revenue) FILTER (
                           WHERE m.month > e.month - interval '12 months'), 0)
                           AS revenue,
                       coalesce(sum(m.revenue) FILTER (
                           WHERE m.month <= e.month - interval '12 months'
                             AND m.month > e.month - interval '24 months'), 0)
                           AS revenue_before,
                       bool_or(m.month <= e.month - interval '24 months'
                               AND m.invoice_count > 0) AS older
                  FROM ends e
                  JOIN crm_customer_month m
                    ON m.company_id = e.company_id AND m.month <= e.month
              GROUP BY e.company_id, e.month, m.partner_id
            )
            SELECT row_number() OVER (ORDER BY company_id, month, partner_id) AS id,
                   company_id, month, partner_id, revenue, revenue_before,
                   revenue - revenue_before AS change,
                   greatest(least(revenue, revenue_before), 0) AS retained,
                   1 AS customer_count,
                   CASE WHEN revenue_before <= 0 AND revenue > 0
                        THEN CASE WHEN older THEN 'regained' ELSE 'gained' END
                        WHEN revenue <= 0 AND revenue_before > 0 THEN 'lost'
                        WHEN revenue >= revenue_before THEN 'grown'
                        ELSE 'shrunk' END AS kind
              FROM sums WHERE revenue <> 0 OR revenue_before <> 0"""
        )
