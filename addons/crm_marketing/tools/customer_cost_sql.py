"""SQL of the share of a campaign's cost that each customer bears.

The cost of an activity (posted bills and expenses) is shared equally over those its
campaign reached: customers with a recipient in a frozen audience, and the customers of
its leads and deals, who came to a fair or answered an advertisement. A lead without
customer takes its share, too, which then is nobody's cost to serve; so is the cost of a
campaign that reached nobody we know.
"""

from odoo.tools import SQL

CODE = 10  # of the source, see crm_analytics.tools.cost_sql


def campaign_shares(costs: SQL, booked_on_customers: SQL) -> SQL:
    """One row a customer and day on which an activity cost something.

    The shares of a day add up to its cost to the cent.

    :param costs: rows of ``crm.marketing.cost``
    :param booked_on_customers: condition on an expense ``x`` that is a customer's own
        cost already
    """
    return SQL(
        """
        SELECT %(code)s, 'crm.marketing.activity',
               row_number() OVER (ORDER BY s.activity_id, s.date, s.unit),
               s.activity_id, s.company_id, s.partner_id, s.date, 'marketing',
               1::float8, NULL::float8,
               round(s.amount * s.place / s.units, 2)
               - round(s.amount * (s.place - 1) / s.units, 2)
          FROM (
            SELECT k.activity_id, k.company_id, k.date, k.amount, r.unit, r.partner_id,
                   row_number() OVER (
                       PARTITION BY k.company_id, k.activity_id, k.date
                       ORDER BY r.unit) AS place,
                   count(*) OVER (
                       PARTITION BY k.company_id, k.activity_id, k.date) AS units
              FROM (SELECT c.activity_id, c.campaign_id, c.company_id, c.date,
                           sum(c.amount) AS amount
                      FROM (%(costs)s) c
                      JOIN account_move_line l ON l.id = c.line_id
                     WHERE c.campaign_id IS NOT NULL
                       AND NOT EXISTS (SELECT FROM hr_expense x
                                        WHERE x.id = l.expense_id AND %(booked)s)
                  GROUP BY c.activity_id, c.campaign_id, c.company_id, c.date) k
              JOIN (%(reached)s) r ON r.campaign_id = k.campaign_id
               AND r.company_id = k.company_id) s
         WHERE s.partner_id IS NOT NULL AND s.amount <> 0""",
        code=CODE,
        costs=costs,
        booked=booked_on_customers,
        reached=_reached(),
    )


def _reached() -> SQL:
    """Who a campaign reached in a company: a customer, or a lead without one."""
    return SQL(
        """
        SELECT s.campaign_id, s.company_id, a.commercial_partner_id AS partner_id,
               a.commercial_partner_id AS unit
          FROM crm_audience_snapshot s
          JOIN crm_audience_member a ON a.snapshot_id = s.id
         WHERE s.campaign_id IS NOT NULL AND NOT a.is_holdout
           AND coalesce(a.excluded_reason, '') = ''
         UNION
        SELECT d.campaign_id, c.id, p.commercial_partner_id,
               coalesce(p.commercial_partner_id, -d.id)
          FROM crm_lead d
          JOIN res_company c ON c.id = coalesce(d.company_id, c.id)
     LEFT JOIN res_partner p ON p.id = d.partner_id
         WHERE d.campaign_id IS NOT NULL"""
    )
