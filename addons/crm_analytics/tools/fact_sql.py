"""SQL of the customer facts: one row a customer, from the documents."""

from collections.abc import Sequence
from datetime import date

from odoo.tools import SQL

from .moves_sql import IS_PURCHASE, customer_moves
from .windows import Windows

FACT_COLUMNS = (
    "first_date",
    "last_date",
    "purchase_days",
    "revenue",
    "frequency",
    "monetary",
    "invoice_count",
    "refund_amount",
    "monetary_previous",
    "revenue_half",
    "revenue_half_before",
    "active_months",
    "cadence",
)


def customer_facts(company_id: int, w: Windows, condition: SQL | None = None) -> SQL:
    """One row per customer from the moves up to the as-of date, in one ordered pass.

    The covering index gives the documents by customer and date, so that nothing is
    sorted: a window function carries the purchase day before along, from which follow
    the distinct days, the distinct months and the gaps. The median gap between purchase
    days of the last 24 months is the cadence.
    """
    until = SQL("m.invoice_date <= %s", w.as_of)
    return SQL(
        """
        SELECT %(company)s AS company_id,
               partner_id,
               min(day) FILTER (WHERE purchase) AS first_date,
               max(day) FILTER (WHERE purchase) AS last_date,
               count(*) FILTER (WHERE new_day)::int AS purchase_days,
               sum(amount) AS revenue,
               count(*) FILTER (WHERE new_day AND day > %(start)s)::int AS frequency,
               coalesce(sum(amount) FILTER (WHERE day > %(start)s), 0) AS monetary,
               count(*) FILTER (WHERE purchase AND day > %(start)s)::int
                   AS invoice_count,
               -coalesce(sum(amount) FILTER (WHERE NOT purchase AND day > %(start)s), 0)
                   AS refund_amount,
               coalesce(sum(amount) FILTER (WHERE day > %(previous)s
                                              AND day <= %(start)s), 0)
                   AS monetary_previous,
               coalesce(sum(amount) FILTER (WHERE day > %(half)s), 0) AS revenue_half,
               coalesce(sum(amount) FILTER (WHERE day > %(half_before)s
                                              AND day <= %(half_before_end)s), 0)
                   AS revenue_half_before,
               count(*) FILTER (WHERE new_day AND day > %(year)s
                   AND (before IS NULL OR before <= %(year)s
                        OR before < date_trunc('month', day::timestamp))
                   )::int AS active_months,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY day - before)
                   FILTER (WHERE new_day AND before > %(two_years)s) AS cadence
          FROM (
            SELECT *, purchase AND before IS DISTINCT FROM day AS new_day
              FROM (
                SELECT m.commercial_partner_id AS partner_id,
                       m.invoice_date AS day,
                       %(purchase)s AS purchase,
                       m.amount_untaxed_signed AS amount,
                       max(m.invoice_date) FILTER (WHERE %(purchase)s) OVER (
                           PARTITION BY m.commercial_partner_id
                           ORDER BY m.invoice_date, m.move_type
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                  %(moves)s) documents) days
      GROUP BY partner_id""",
        purchase=IS_PURCHASE,
        moves=customer_moves(company_id, _both(until, condition)),
        company=company_id,
        start=w.start,
        previous=w.previous,
        half=w.half,
        half_before=w.half_before,
        half_before_end=w.half_before_end,
        year=w.year,
        two_years=w.two_years,
    )


def with_contract_only(
    facts: SQL, company_id: int, as_of: date, ids: Sequence[int], condition: SQL
) -> SQL:
    """The facts, and an empty row for who has a contract but no document yet.

    :param ids: customers with a running contract
    :param condition: on the empty rows ``c``
    """
    columns = {name: SQL("0") for name in FACT_COLUMNS} | {
        name: SQL("NULL") for name in ("first_date", "last_date", "cadence")
    }
    return SQL(
        """
        SELECT company_id, partner_id, %(names)s FROM (%(facts)s) facts
         UNION ALL
        SELECT %(company)s, c.partner_id, %(empty)s
          FROM unnest(%(ids)s::int[]) AS c(partner_id)
         WHERE %(condition)s AND NOT EXISTS (SELECT %(moves)s)""",
        names=SQL(", ").join(map(SQL.identifier, FACT_COLUMNS)),
        facts=facts,
        company=company_id,
        empty=SQL(", ").join(columns[name] for name in FACT_COLUMNS),
        ids=list(ids),
        condition=condition,
        moves=customer_moves(
            company_id,
            SQL(
                "m.commercial_partner_id = c.partner_id AND m.invoice_date <= %s", as_of
            ),
        ),
    )


def came_or_went(company_id: int, ids: Sequence[int]) -> SQL:
    """Customers by contract alone that have no facts yet, or should have none more."""
    return SQL(
        """
        SELECT c.partner_id FROM unnest(%(ids)s::int[]) AS c(partner_id)
         WHERE NOT EXISTS (SELECT FROM crm_customer_fact f
                            WHERE f.company_id = %(company)s
                              AND f.partner_id = c.partner_id)
         UNION
        SELECT f.partner_id FROM crm_customer_fact f
         WHERE f.company_id = %(company)s AND f.first_date IS NULL AND f.revenue = 0
           AND f.partner_id <> ALL(%(ids)s::int[])""",
        company=company_id,
        ids=list(ids),
    )


def shifted_customers(company_id: int, intervals) -> SQL:
    """Customers with a document in an interval that a bound of the windows crossed."""
    if not intervals:
        return SQL("SELECT NULL::int WHERE FALSE")
    return SQL(
        "SELECT DISTINCT m.commercial_partner_id %s",
        customer_moves(
            company_id,
            SQL(
                "(%s)",
                SQL(" OR ").join(
                    SQL("(m.invoice_date > %s AND m.invoice_date <= %s)", low, high)
                    for low, high in intervals
                ),
            ),
        ),
    )


def _both(left: SQL, right: SQL | None) -> SQL:
    return SQL("%s AND %s", left, right) if right else left
