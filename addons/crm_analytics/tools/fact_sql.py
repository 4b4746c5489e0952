"""SQL of the two fact tables: one row a customer, one row a customer and month."""

from collections.abc import Sequence

from odoo.tools import SQL

from .cost_sql import KINDS
from .moves_sql import IS_PURCHASE, MONTH, customer_moves, population
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
MONTH_COLUMNS = (
    "revenue",
    "refund_amount",
    "list_revenue",
    "discount_amount",
    "contribution",
    "gross_margin",
    *(f"cost_{kind}" for kind in KINDS),
    "cost_to_serve",
    "cost_of_goods",
    "cost_from_orders",
    "revenue_without_cost",
    "invoice_count",
    "purchase_days",
    "product_count",
    "family_count",
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


def monthly_facts(
    company_id: int, costs: SQL, kinds: Sequence[str], condition: SQL | None = None
) -> SQL:
    """One row per customer and month; the revenue is the moves', the rest the lines'.

    :param costs: rows of :func:`cost_sql.by_month`; a month may have a cost only
    :param kinds: kinds of cost that have a source; the others stay NULL
    """
    return SQL(
        """
        WITH by_move AS (
            SELECT m.commercial_partner_id AS partner_id, %(month)s AS month,
                   sum(m.amount_untaxed_signed) AS revenue,
                   -coalesce(sum(m.amount_untaxed_signed)
                       FILTER (WHERE NOT (%(purchase)s)), 0) AS refund_amount,
                   count(*) FILTER (WHERE %(purchase)s)::int AS invoice_count,
                   count(DISTINCT m.invoice_date)
                       FILTER (WHERE %(purchase)s)::int AS purchase_days
              %(moves)s
          GROUP BY 1, 2
        ), by_line AS (%(lines)s), costs AS (%(costs)s), joined AS (
            SELECT coalesce(b.partner_id, c.partner_id) AS partner_id,
                   coalesce(b.month, c.month) AS month,
                   coalesce(b.revenue, 0) AS revenue,
                   coalesce(b.refund_amount, 0) AS refund_amount,
                   round(coalesce(l.list_revenue, b.revenue, 0), 2) AS list_revenue,
                   coalesce(b.revenue, 0) - coalesce(round(l.cost_of_goods, 2), 0)
                       AS gross_margin,
                   round(l.cost_of_goods, 2) AS cost_of_goods,
                   round(coalesce(l.cost_from_orders, 0), 2) AS cost_from_orders,
                   coalesce(l.revenue_without_cost, 0) AS revenue_without_cost,
                   coalesce(b.invoice_count, 0) AS invoice_count,
                   coalesce(b.purchase_days, 0) AS purchase_days,
                   coalesce(l.product_count, 0) AS product_count,
                   coalesce(l.family_count, 0) AS family_count,
                   %(kinds)s
              FROM by_move b
         LEFT JOIN by_line l ON l.partner_id = b.partner_id AND l.month = b.month
         FULL JOIN costs c ON c.partner_id = b.partner_id AND c.month = b.month
        )
        SELECT %(company)s AS company_id, j.*,
               list_revenue - revenue AS discount_amount,
               t.cost_to_serve, gross_margin - t.cost_to_serve AS contribution
          FROM joined j
    CROSS JOIN LATERAL (SELECT %(total)s AS cost_to_serve) t
         WHERE invoice_count <> 0 OR refund_amount <> 0 OR revenue <> 0
            OR t.cost_to_serve <> 0""",
        month=MONTH,
        purchase=IS_PURCHASE,
        moves=customer_moves(company_id, condition),
        lines=_by_line(company_id, condition),
        company=company_id,
        costs=costs,
        kinds=SQL(", ").join(
            # a known kind is zero in a month without a record of it
            SQL(
                "CASE WHEN %s THEN coalesce(c.%s, 0) END AS %s",
                kind in kinds,
                SQL.identifier(f"cost_{kind}"),
                SQL.identifier(f"cost_{kind}"),
            )
            for kind in KINDS
        ),
        total=SQL(" + ").join(
            SQL("coalesce(%s, 0)", SQL.identifier("j", f"cost_{kind}"))
            for kind in KINDS
        ),
    )


def _by_line(company_id: int, condition: SQL | None) -> SQL:
    """Per customer and month what only the lines of goods tell.

    Cost of a line: the cost recorded on the order line it invoices (in the order's
    currency, turned back at the order's rate), else the product's cost. Each cost is
    made a decimal once: that conversion is the dearest part of reading a line. No
    common table expression stands in the way of parallel workers.
    """
    return SQL(
        """
        SELECT partner_id, month,
               sum(CASE WHEN coalesce(discount, 0) BETWEEN 0.000001 AND 99.999999
                        THEN amount / (1 - discount / 100) ELSE amount END)
                   AS list_revenue,
               sum(quantity * coalesce(order_cost, cost)) AS cost_of_goods,
               sum(quantity * order_cost) AS cost_from_orders,
               sum(amount) FILTER (WHERE coalesce(order_cost, cost) IS NULL)
                   AS revenue_without_cost,
               count(DISTINCT product_id)::int AS product_count,
               count(DISTINCT categ_id)::int AS family_count
          FROM (
            SELECT m.commercial_partner_id AS partner_id, %(month)s AS month,
                   l.product_id, g.categ_id, -l.balance AS amount, l.discount,
                   CASE m.move_type WHEN 'out_refund' THEN -l.quantity
                        ELSE l.quantity END AS quantity,
                   o.cost AS order_cost,
                   CASE WHEN l.product_uom_id IS NULL OR l.product_uom_id = g.uom_id
                        THEN g.cost
                        ELSE (g.price * coalesce(lu.factor / nullif(g.factor, 0), 1)
                              )::numeric END AS cost
              FROM account_move m
              JOIN account_move_line l
                ON l.move_id = m.id AND l.display_type = 'product'
         LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
         LEFT JOIN (%(goods)s) g ON g.id = l.product_id
         %(orders)s
             WHERE %(population)s) lines
      GROUP BY partner_id, month""",
        month=MONTH,
        goods=_goods(company_id),
        orders=_order_cost(company_id, every=condition is None),
        population=population(company_id, condition),
    )


def _goods(company_id: int) -> SQL:
    """Family, unit and cost of each product, the cost as a number and as a decimal."""
    return SQL(
        """
        SELECT v.id, t.categ_id, t.uom_id, u.factor, c.price,
               c.price::numeric AS cost
          FROM product_product v
          JOIN product_template t ON t.id = v.product_tmpl_id
     LEFT JOIN uom_uom u ON u.id = t.uom_id
    CROSS JOIN LATERAL (
        SELECT nullif((v.standard_price ->> %s)::float8, 0) AS price OFFSET 0) c""",
        str(company_id),
    )


def _order_cost(company_id: int, every: bool) -> SQL:
    """Join ``o``: the cost of the unit of line ``l`` by the order lines it invoices.

    For all lines the orders are read at once; for some each line looks up its own.
    """
    cost = SQL(
        "avg(nullif(sol.purchase_price, 0) / coalesce(nullif(so.currency_rate, 0), 1)"
        " * coalesce(lu.factor / nullif(su.factor, 0), 1))::numeric"
    )
    orders = SQL(
        """
          JOIN sale_order_line sol ON sol.id = rel.order_line_id
          JOIN sale_order so ON so.id = sol.order_id
     LEFT JOIN uom_uom su ON su.id = sol.product_uom_id"""
    )
    if not every:
        return SQL(
            "LEFT JOIN LATERAL (SELECT %s AS cost FROM sale_order_line_invoice_rel rel"
            " %s WHERE rel.invoice_line_id = l.id) o ON TRUE",
            cost,
            orders,
        )
    return SQL(
        """
     LEFT JOIN (
        SELECT il.id, %s AS cost
          FROM sale_order_line_invoice_rel rel
          JOIN account_move_line il
            ON il.id = rel.invoice_line_id AND il.company_id = %s
     LEFT JOIN uom_uom lu ON lu.id = il.product_uom_id
          %s
      GROUP BY il.id) o ON o.id = l.id""",
        cost,
        company_id,
        orders,
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
