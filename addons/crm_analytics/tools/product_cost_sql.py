"""SQL of what a product cost on a day.

The product knows the cost of now. Each change keeps the cost of before with the last
day it was in force, so that a day finds its cost at the first row on or after it, and
else at the product: without a change there is no row, and nothing to look for.
"""

from odoo.tools import SQL


def history() -> SQL:
    """One row per product and company that changed: last ``days`` and ``costs``, in
    order of time."""
    return SQL(
        "SELECT product_id, company_id, array_agg(day ORDER BY day) AS days,"
        " array_agg(cost ORDER BY day) AS costs"
        " FROM crm_product_cost GROUP BY product_id, company_id"
    )


def cost_on(day: SQL, history: SQL, now: SQL) -> SQL:
    """The cost of a unit on a day; one step over an array of the product.

    :param history: alias of a row of :func:`history`, which may be missing
    :param now: the product's cost of today, a decimal
    """
    return SQL(
        "CASE WHEN %(h)s.days IS NULL OR %(day)s > %(h)s.days[cardinality(%(h)s.days)]"
        " THEN %(now)s"
        " ELSE %(h)s.costs[width_bucket(%(day)s - 1, %(h)s.days) + 1] END",
        h=history,
        day=day,
        now=now,
    )


def keep(product_ids: list[int], costs: list[float], company_id: int, day) -> SQL:
    """Keep what products cost until a day; the first of several changes counts."""
    return SQL(
        """
        INSERT INTO crm_product_cost (product_id, company_id, day, cost)
        SELECT n.product_id, %(company)s, %(day)s, n.cost
          FROM unnest(%(ids)s::int[], %(costs)s::numeric[]) AS n(product_id, cost)
         WHERE NOT EXISTS (SELECT FROM crm_product_cost c
                            WHERE c.product_id = n.product_id
                              AND c.company_id = %(company)s AND c.day >= %(day)s)
            ON CONFLICT DO NOTHING""",
        ids=product_ids,
        costs=costs,
        company=company_id,
        day=day,
    )


def from_valuation() -> SQL:
    """The history that the valuation of stock kept before ours begins.

    Each of its rows is a new cost: the one of before was in force until that day.
    """
    return SQL(
        """
        INSERT INTO crm_product_cost (product_id, company_id, day, cost)
        SELECT product_id, company_id, day, cost
          FROM (SELECT product_id, company_id, date::date AS day,
                       lag(value) OVER (PARTITION BY product_id, company_id
                                        ORDER BY date, id) AS cost,
                       row_number() OVER (
                           PARTITION BY product_id, company_id, date::date
                           ORDER BY date, id) AS place
                  FROM product_value
                 WHERE product_id IS NOT NULL AND move_id IS NULL AND lot_id IS NULL) v
         WHERE cost <> 0 AND place = 1
           AND NOT EXISTS (SELECT FROM crm_product_cost)
            ON CONFLICT DO NOTHING"""
    )
