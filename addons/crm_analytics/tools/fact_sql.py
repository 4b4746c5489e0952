"""SQL of the customer facts: one row a customer, from the documents."""

from collections.abc import Sequence
from datetime import date

from odoo.tools import SQL

from . import months
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
    sorted, and days are distinct where they differ from the one before. The median gap
    between purchase days of the last 24 months is the cadence; of one gap or two it is
    the mean.
    """
    return SQL(
        """
        SELECT %(names)s,
               %(ones)s AS active_months,
               CASE WHEN cardinality(days) IN (2, 3)
                    THEN (days[cardinality(days)] - days[1])::float8
                         / (cardinality(days) - 1)
                    WHEN cardinality(days) > 3 THEN (
                   SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                     FROM (SELECT unnest(days[2:])
                                  - unnest(days[:cardinality(days) - 1]) AS gap) gaps)
                   END AS cadence
          FROM (%(grouped)s) customers""",
        names=SQL(", ").join(
            map(SQL.identifier, ("company_id", "partner_id", *FACT_COLUMNS[:-2]))
        ),
        ones=_ones(SQL("months")),
        grouped=_grouped(company_id, w, condition),
    )


def _ones(bits: SQL) -> SQL:
    """How many of up to 14 bits are set, 0 for NULL; PostgreSQL 13 has no bit_count.

    Item 169 of HAKMEM (Beeler, Gosper, Schroeppel 1972), by a product of 64 bits.
    """
    return SQL(
        "coalesce(((%s::bigint * %s & %s) %% 15)::int, 0)",
        bits,
        0x200040008001,
        0x111111111111111,
    )


def _grouped(company_id: int, w: Windows, condition: SQL | None) -> SQL:
    """The facts but for the last two: the year's ``months`` with a purchase as bits,
    and the purchase ``days`` of two years."""
    until = SQL("m.invoice_date <= %s", w.as_of)
    return SQL(
        """
        SELECT %(company)s AS company_id,
               m.commercial_partner_id AS partner_id,
               min(%(day)s) FILTER (WHERE %(purchase)s) AS first_date,
               max(%(day)s) FILTER (WHERE %(purchase)s) AS last_date,
               count(DISTINCT %(day)s) FILTER (WHERE %(purchase)s)::int
                   AS purchase_days,
               sum(%(amount)s) AS revenue,
               count(DISTINCT %(day)s) FILTER (WHERE %(purchase)s AND %(now)s)::int
                   AS frequency,
               coalesce(sum(%(amount)s) FILTER (WHERE %(now)s), 0) AS monetary,
               count(*) FILTER (WHERE %(purchase)s AND %(now)s)::int AS invoice_count,
               -coalesce(sum(%(amount)s) FILTER (WHERE NOT (%(purchase)s) AND %(now)s),
                         0) AS refund_amount,
               coalesce(sum(%(amount)s) FILTER (
                   WHERE %(day)s > %(previous)s AND %(day)s <= %(start)s), 0)
                   AS monetary_previous,
               coalesce(sum(%(amount)s) FILTER (WHERE %(day)s > %(half)s), 0)
                   AS revenue_half,
               coalesce(sum(%(amount)s) FILTER (
                   WHERE %(day)s > %(half_before)s AND %(day)s <= %(half_before_end)s),
                        0) AS revenue_half_before,
               bit_or(1 << width_bucket(%(day)s, %(months)s::date[])) FILTER (
                   WHERE %(purchase)s AND %(day)s > %(year)s) AS months,
               array_agg(DISTINCT %(day)s) FILTER (
                   WHERE %(purchase)s AND %(day)s > %(two_years)s) AS days
          %(moves)s GROUP BY m.commercial_partner_id""",
        day=SQL("m.invoice_date"),
        amount=SQL("m.amount_untaxed_signed"),
        purchase=IS_PURCHASE,
        now=SQL("m.invoice_date > %s", w.start),
        moves=customer_moves(company_id, _both(until, condition)),
        company=company_id,
        start=w.start,
        previous=w.previous,
        half=w.half,
        half_before=w.half_before,
        half_before_end=w.half_before_end,
        year=w.year,
        months=[
            months.first_day(number)
            for number in range(months.number(w.year) + 1, months.number(w.as_of) + 1)
        ],
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
