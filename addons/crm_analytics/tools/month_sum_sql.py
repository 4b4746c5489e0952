"""SQL of what a customer's monthly facts add up to: all that later steps read of them.

Kept with the facts of the customer, so that a refresh adds up the months of those that
changed, and the judgement of all customers reads one row each.
"""

from datetime import date

from odoo.tools import SQL

from . import merge_sql, months
from .windows import Windows

SUM_COLUMNS = (
    "contribution",
    "contribution_previous",
    "has_cost",
    "contribution_half",
    "contribution_leaving",
    "contribution_total",
    "revenue_months",
    "cost_to_serve",
    "month_key",
)


def month_sums(company_id: int, w: Windows, condition: SQL | None = None) -> SQL:
    """One row a customer of the facts with the columns of ``SUM_COLUMNS``.

    ``contribution_half`` is that of six calendar months, the running one among them;
    ``contribution_leaving`` that of the month before, of which :func:`half_year` takes
    what the running month still lacks. Both stay when a day passes.

    ``month_key`` is a number of 52 bits, which a float holds exactly, that differs when
    money came in other months, though the sums be the same.

    :param condition: on the customers ``f``
    """
    return SQL(
        """
        SELECT f.partner_id,
               coalesce(m.contribution, 0) AS contribution,
               coalesce(m.contribution_previous, 0) AS contribution_previous,
               coalesce(m.has_cost, FALSE) AS has_cost,
               coalesce(m.contribution_half, 0) AS contribution_half,
               coalesce(m.contribution_leaving, 0) AS contribution_leaving,
               coalesce(m.contribution_total, 0) AS contribution_total,
               coalesce(m.revenue_months, 0) AS revenue_months,
               coalesce(m.cost_to_serve, 0) AS cost_to_serve,
               mod(coalesce(m.month_key, 0), %(most)s)::float8 AS month_key
          FROM crm_customer_fact f
     LEFT JOIN (
            SELECT partner_id,
                   sum(contribution) FILTER (WHERE month >= %(start)s) AS contribution,
                   sum(contribution) FILTER (
                       WHERE month >= %(previous)s AND month < %(start)s)
                       AS contribution_previous,
                   bool_or(cost_of_goods IS NOT NULL AND month >= %(start)s)
                       AS has_cost,
                   sum(contribution) FILTER (WHERE month >= %(half)s)
                       AS contribution_half,
                   sum(contribution) FILTER (WHERE month = %(leaving)s)
                       AS contribution_leaving,
                   sum(contribution) AS contribution_total,
                   sum(revenue) FILTER (WHERE month >= %(start)s) AS revenue_months,
                   sum(cost_to_serve) FILTER (WHERE month >= %(start)s)
                       AS cost_to_serve,
                   sum(hash_numeric_extended(contribution, number)
                       # hash_numeric_extended(revenue, -number)) AS month_key
              FROM crm_customer_month f
        CROSS JOIN LATERAL (
            SELECT (month - date '2000-01-01')::bigint AS number) n
             WHERE company_id = %(company)s AND month <= %(as_of)s AND %(condition)s
          GROUP BY partner_id) m ON m.partner_id = f.partner_id
         WHERE f.company_id = %(company)s AND %(condition)s""",
        company=company_id,
        as_of=w.as_of,
        start=w.start_month,
        previous=w.previous_month,
        half=months.first_day(months.number(w.as_of) - 5),
        leaving=months.first_day(months.number(w.as_of) - 6),
        condition=condition or SQL("TRUE"),
        most=2**52,
    )


def half_year(as_of: date) -> SQL:
    """Contribution of six months of time up to a day, from the sums.

    On the first of a month it is that of the day before, but for a day: a month that
    has just begun is not taken for a month without sales.
    """
    return SQL(
        "(contribution_half + %s * contribution_leaving)",
        round(1 - months.elapsed(as_of), 6),
    )


def update_sums(query: SQL, company_id: int) -> SQL:
    """Write the sums that differ."""
    return merge_sql.update_differing(
        "crm_customer_fact",
        query,
        ("partner_id",),
        SUM_COLUMNS,
        SQL("t.company_id = %s", company_id),
    )
