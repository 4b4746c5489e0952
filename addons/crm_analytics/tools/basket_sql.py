"""SQL of the baskets: counts of products and pairs that follow each changed order.

A basket is a confirmed order with its distinct products. What was counted of it is
kept, so that a changed order first leaves with what it held and then comes back with
what it holds now: the counts are those of counting everything again.

Or a basket is all that a customer ordered in a quarter: then the content of the orders
is kept in the same way, and the counts are made anew of it.
"""

from collections.abc import Sequence

from odoo.tools import SQL

MAX_PRODUCTS = 100  # a basket with more is a price list
CHANGED = SQL("crm_an_baskets")


def all_orders(company_id: int) -> SQL:
    """Orders that are, or were counted as, baskets of the company."""
    return SQL(
        "SELECT id AS order_id FROM sale_order WHERE company_id = %s AND state = 'sale'"
        " UNION SELECT order_id FROM crm_basket_line WHERE company_id = %s",
        company_id,
        company_id,
    )


def contents(
    company_id: int, services: bool = False, left_out: Sequence[int] = ()
) -> SQL:
    """Distinct products of the changed orders as they are now.

    :param services: whether services count too
    :param left_out: families (``product.category``) whose products never count
    """
    return SQL(
        """
        SELECT order_id, product_id FROM (
            SELECT l.order_id, l.product_id,
                   count(*) OVER (PARTITION BY l.order_id) AS products
              FROM %(changed)s c
              JOIN sale_order s ON s.id = c.order_id AND s.company_id = %(company)s
               AND s.state = 'sale'
              JOIN sale_order_line l ON l.order_id = s.id
               AND l.display_type IS NULL AND l.product_uom_qty > 0
              JOIN product_product v ON v.id = l.product_id
              JOIN product_template t ON t.id = v.product_tmpl_id
               AND (%(services)s OR t.type <> 'service')
               AND (t.categ_id = ANY(%(left_out)s)) IS NOT TRUE
          GROUP BY l.order_id, l.product_id) now
         WHERE products <= %(most)s""",
        changed=CHANGED,
        company=company_id,
        services=services,
        left_out=list(left_out),
        most=MAX_PRODUCTS,
    )


def baskets(company_id: int, quarterly: bool = False) -> SQL:
    """The baskets as they were counted: ``basket_id``, ``product_id``, each once."""
    if not quarterly:
        return SQL(
            "SELECT order_id AS basket_id, product_id FROM crm_basket_line"
            " WHERE company_id = %s",
            company_id,
        )
    return SQL(
        """
        SELECT basket_id, product_id FROM (
            SELECT basket_id, product_id,
                   count(*) OVER (PARTITION BY basket_id) AS products
              FROM (SELECT DISTINCT %(basket)s AS basket_id, b.product_id
                      FROM crm_basket_line b
                      JOIN sale_order s ON s.id = b.order_id
                      JOIN res_partner p ON p.id = s.partner_id
                     WHERE b.company_id = %(company)s) once) q
         WHERE products <= %(most)s""",
        basket=QUARTER,
        company=company_id,
        most=MAX_PRODUCTS,
    )


# Number of the quarter of customer ``p`` in which order ``s`` was made.
QUARTER = SQL(
    "(p.commercial_partner_id::bigint * 100000"
    " + extract(year FROM s.date_order)::int * 4"
    " + extract(quarter FROM s.date_order)::int)"
)


def count_items(company_id: int, quarterly: bool) -> SQL:
    """The counts of products, made anew of all baskets."""
    return SQL(
        """
        INSERT INTO crm_basket_item (company_id, product_id, count)
        SELECT %s, product_id, count(*) FROM (%s) b GROUP BY product_id""",
        company_id,
        baskets(company_id, quarterly),
    )


def count_pairs(company_id: int, quarterly: bool) -> SQL:
    """The counts of pairs, made anew of all baskets."""
    return SQL(
        """
        WITH b AS MATERIALIZED (%s)
        INSERT INTO crm_basket_pair (company_id, product_id, other_id, count)
        SELECT %s, one.product_id, two.product_id, count(*)
          FROM b one JOIN b two ON two.basket_id = one.basket_id
           AND two.product_id > one.product_id
      GROUP BY one.product_id, two.product_id""",
        baskets(company_id, quarterly),
        company_id,
    )


def orders_with(company_id: int, products: Sequence[int], quarterly: bool) -> SQL:
    """Orders of the baskets that hold all of some products."""
    found = SQL(
        "SELECT basket_id FROM (%s) b WHERE product_id = ANY(%s)"
        " GROUP BY basket_id HAVING count(*) = %s",
        baskets(company_id, quarterly),
        list(products),
        len(products),
    )
    if not quarterly:
        return found
    return SQL(
        """
        SELECT DISTINCT s.id FROM crm_basket_line b
          JOIN sale_order s ON s.id = b.order_id
          JOIN res_partner p ON p.id = s.partner_id
         WHERE b.company_id = %s AND b.product_id = ANY(%s) AND %s IN (%s)""",
        company_id,
        list(products),
        QUARTER,
        found,
    )


def change_items(company_id: int) -> SQL:
    """Add what the counts of products differ by."""
    return SQL(
        """
        INSERT INTO crm_basket_item AS t (company_id, product_id, count)
        SELECT %(company)s, product_id, sum(n)
          FROM (SELECT product_id, 1 AS n FROM crm_an_contents UNION ALL
                SELECT o.product_id, -1 FROM crm_basket_line o
                  JOIN %(changed)s c ON c.order_id = o.order_id) d
      GROUP BY product_id HAVING sum(n) <> 0
   ON CONFLICT (company_id, product_id)
     DO UPDATE SET count = t.count + excluded.count""",
        company=company_id,
        changed=CHANGED,
    )


def change_pairs(company_id: int) -> SQL:
    """Add what the counts of pairs differ by; grouped by the two integers."""
    return SQL(
        """
        INSERT INTO crm_basket_pair AS t (company_id, product_id, other_id, count)
        SELECT %(company)s, first, second, sum(n)
          FROM (SELECT a.product_id AS first, b.product_id AS second, 1 AS n
                  FROM crm_an_contents a
                  JOIN crm_an_contents b ON b.order_id = a.order_id
                   AND b.product_id > a.product_id
                 UNION ALL
                SELECT a.product_id, b.product_id, -1
                  FROM %(changed)s c
                  JOIN crm_basket_line a ON a.order_id = c.order_id
                  JOIN crm_basket_line b ON b.order_id = c.order_id
                   AND b.product_id > a.product_id) d
      GROUP BY first, second HAVING sum(n) <> 0
   ON CONFLICT (company_id, product_id, other_id)
     DO UPDATE SET count = t.count + excluded.count""",
        company=company_id,
        changed=CHANGED,
    )


def bought(company_id: int, as_of, condition: SQL | None = None) -> SQL:
    """Customer and product of the last 12 months' orders up to the as-of date."""
    return SQL(
        """
        SELECT DISTINCT p.commercial_partner_id AS partner_id, b.product_id
          FROM crm_basket_line b
          JOIN sale_order s ON s.id = b.order_id
          JOIN res_partner p ON p.id = s.partner_id
         WHERE b.company_id = %s AND %s AND %s""",
        company_id,
        _within_year(as_of),
        condition or SQL("TRUE"),
    )


def _within_year(as_of) -> SQL:
    """Condition on orders ``s``: of the 12 months that end with a day."""
    return SQL(
        "s.date_order >= %(day)s::date - interval '1 year' + interval '1 day'"
        " AND s.date_order < %(day)s::date + interval '1 day'",
        day=as_of,
    )


def suggestions(company_id: int, as_of, most: int) -> SQL:
    """The best products for each customer: lift x confidence x margin.

    The left side was bought in the last 12 months, the right side was not, and the
    product can be sold. The margin is the share of the list price; where no cost is
    known it counts fully.
    """
    return SQL(
        """
        WITH bought AS MATERIALIZED (%(bought)s),
        offers AS (
            SELECT b.partner_id, r.product_id, r.id AS rule_id,
                   (r.lift * r.confidence * g.margin)::float8 AS score
              FROM crm_association_rule r
              JOIN bought b ON b.product_id = r.left_id
         LEFT JOIN bought c ON c.partner_id = b.partner_id
               AND c.product_id = r.left_two_id
              JOIN product_product v ON v.id = r.product_id AND v.active
              JOIN product_template t ON t.id = v.product_tmpl_id
               AND t.active AND t.sale_ok
               AND coalesce(t.company_id, %(company)s) = %(company)s
        CROSS JOIN LATERAL (
            SELECT CASE WHEN t.list_price > 0 THEN greatest(0, 1 - coalesce(
                       (v.standard_price ->> %(key)s)::numeric, 0) / t.list_price)
                   ELSE 0 END AS margin) g
             WHERE r.company_id = %(company)s AND r.active
               AND (r.left_two_id IS NULL OR c.product_id IS NOT NULL)
               AND NOT EXISTS (SELECT FROM bought o WHERE o.partner_id = b.partner_id
                                  AND o.product_id = r.product_id)
        ), best AS (
            SELECT DISTINCT ON (partner_id, product_id) *
              FROM offers WHERE score > 0
          ORDER BY partner_id, product_id, score DESC, rule_id
        )
        SELECT %(company)s AS company_id, partner_id, product_id, rule_id, score,
               place
          FROM (SELECT best.*, row_number() OVER (PARTITION BY partner_id
                       ORDER BY score DESC, product_id)::int AS place FROM best) b
         WHERE place <= %(most)s""",
        bought=bought(company_id, as_of),
        company=company_id,
        key=str(company_id),
        most=most,
    )
