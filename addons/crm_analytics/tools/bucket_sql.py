"""SQL of the leaking bucket: revenue by customer and month end, customers by event.

Both are written by the refresh, so that looking at them computes nothing.
"""

from datetime import date

from odoo.tools import SQL

from .moves_sql import IS_PURCHASE, customer_moves
from .retention import CADENCE_DAYS, FACTOR, MIN_GAP

BRIDGE_COLUMNS = (
    "kind",
    "revenue",
    "revenue_before",
    "change",
    "retained",
    "margin",
    "margin_before",
    "margin_change",
    "customer_count",
)
FLOW_COLUMNS = ("change",)


def revenue_bridge(
    company_id: int, first: date, last: date, condition: SQL | None = None
) -> SQL:
    """Revenue and margin of 12 months up to each month end against the 12 before.

    One row a customer and month end. A running sum and its values of one and of two
    years ago are one pass; the kind of a change is that of the revenue.

    :param first: first day of the first month end's month; ``last`` of the last one's
    :param condition: on the monthly facts ``m``
    """
    return SQL(
        """
        WITH known AS (
            SELECT m.partner_id, m.month, m.revenue, m.gross_margin, m.invoice_count
              FROM crm_customer_month m
             WHERE m.company_id = %(company)s AND m.month <= %(last)s AND %(condition)s
        ), customers AS (
            SELECT partner_id,
                   min(month) FILTER (WHERE invoice_count > 0) AS first_month
              FROM known GROUP BY partner_id
        ), totals AS (
            SELECT c.partner_id, c.first_month, g.month::date AS month,
                   coalesce(sum(k.revenue) OVER w, 0) AS revenue,
                   coalesce(sum(k.gross_margin) OVER w, 0) AS margin
              FROM customers c
        CROSS JOIN generate_series(%(first)s::date - interval '23 months',
                                   %(last)s::date, interval '1 month') AS g(month)
         LEFT JOIN known k ON k.partner_id = c.partner_id AND k.month = g.month::date
            WINDOW w AS (PARTITION BY c.partner_id ORDER BY g.month
                         ROWS UNBOUNDED PRECEDING)
        ), years AS (
            SELECT partner_id, first_month, month,
                   revenue AS revenue_0, margin AS margin_0,
                   lag(revenue, 12, 0::numeric) OVER w AS revenue_1,
                   lag(revenue, 24, 0::numeric) OVER w AS revenue_2,
                   lag(margin, 12, 0::numeric) OVER w AS margin_1,
                   lag(margin, 24, 0::numeric) OVER w AS margin_2
              FROM totals
            WINDOW w AS (PARTITION BY partner_id ORDER BY month)
        ), sums AS (
            SELECT partner_id, first_month, month,
                   revenue_0 - revenue_1 AS revenue,
                   revenue_1 - revenue_2 AS revenue_before,
                   margin_0 - margin_1 AS margin, margin_1 - margin_2 AS margin_before
              FROM years WHERE month >= %(first)s
        )
        SELECT %(company)s AS company_id, partner_id, month,
               CASE WHEN revenue_before <= 0 AND revenue > 0
                    THEN CASE WHEN first_month <= month - interval '24 months'
                              THEN 'regained' ELSE 'gained' END
                    WHEN revenue <= 0 AND revenue_before > 0 THEN 'lost'
                    WHEN revenue >= revenue_before THEN 'grown'
                    ELSE 'shrunk' END AS kind,
               revenue, revenue_before, revenue - revenue_before AS change,
               CASE WHEN revenue_before > 0 THEN least(revenue, revenue_before)
                    ELSE 0 END AS retained,
               margin, margin_before, margin - margin_before AS margin_change,
               1 AS customer_count
          FROM sums
         WHERE revenue <> 0 OR revenue_before <> 0
            OR margin <> 0 OR margin_before <> 0""",
        company=company_id,
        first=first,
        last=last,
        condition=condition or SQL("TRUE"),
    )


def customer_flow(company_id: int, as_of: date, condition: SQL | None = None) -> SQL:
    """Customers gained, lost and regained, as :func:`retention.spells` defines it.

    A customer is lost when twice its own cadence, and at least half a year, have passed
    since a purchase without another one.

    :param condition: on the documents ``m``
    """
    until = SQL("m.invoice_date <= %s AND %s", as_of, IS_PURCHASE)
    if condition:
        until = SQL("%s AND %s", until, condition)
    return SQL(
        """
        WITH days AS MATERIALIZED (
            SELECT DISTINCT m.commercial_partner_id AS partner_id,
                   m.invoice_date AS day %(moves)s
        ), pairs AS MATERIALIZED (
            SELECT partner_id, day,
                   lag(day) OVER (PARTITION BY partner_id ORDER BY day) AS before,
                   lead(day) OVER (PARTITION BY partner_id ORDER BY day) AS following
              FROM days
        ), ends AS (
            SELECT p.partner_id, p.day, p.following
              FROM pairs p
             WHERE coalesce(p.following, %(as_of)s + 1) - p.day > %(gap)s
        ), gaps AS (
            SELECT e.partner_id, e.day,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY p.day - p.before)
                       AS cadence
              FROM ends e JOIN pairs p ON p.partner_id = e.partner_id
               AND p.day <= e.day AND p.before > e.day - %(days)s
          GROUP BY e.partner_id, e.day
        ), breaks AS (
            SELECT e.partner_id, e.following,
                   e.day + ceil(greatest(%(gap)s, %(factor)s * coalesce(g.cadence, 0))
                               )::int AS lost
              FROM ends e LEFT JOIN gaps g USING (partner_id, day)
        )
        SELECT %(company)s AS company_id, f.partner_id, f.date, f.kind,
               CASE f.kind WHEN 'lost' THEN -1 ELSE 1 END AS change
          FROM (SELECT partner_id, day AS date, 'gained' AS kind FROM pairs
                 WHERE before IS NULL
             UNION ALL
                SELECT partner_id, lost, 'lost' FROM breaks
                 WHERE lost < coalesce(following, %(as_of)s + 1)
             UNION ALL
                SELECT partner_id, following, 'regained' FROM breaks
                 WHERE lost < following) f""",
        company=company_id,
        moves=customer_moves(company_id, until),
        as_of=as_of,
        gap=MIN_GAP,
        days=CADENCE_DAYS,
        factor=int(FACTOR),
    )
