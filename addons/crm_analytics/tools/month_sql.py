"""SQL of the monthly facts: one row a customer and month, from documents and lines."""

from collections.abc import Sequence

from odoo.tools import SQL

from .cost_sql import KINDS
from .moves_sql import IS_PURCHASE, MONTH, customer_moves
from .product_cost_sql import cost_on, history

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
    "overdue_days_weighted",
    "invoice_count",
    "purchase_days",
    "product_count",
    "family_count",
    "families",
)

# Of line ``l`` before its discount.
LIST_PRICE = SQL(
    """CASE WHEN l.discount > 0 AND l.discount < 100
            THEN round(-l.balance * 100 / (100 - l.discount), 2)
            ELSE -l.balance END"""
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
        WITH moves AS MATERIALIZED (
            SELECT m.id, m.commercial_partner_id AS partner_id, %(month)s AS month,
                   m.invoice_date AS day, %(purchase)s AS purchase,
                   m.amount_untaxed_signed AS amount %(moves)s
        ), by_move AS (
            SELECT partner_id, month, sum(amount) AS revenue,
                   -coalesce(sum(amount) FILTER (WHERE NOT purchase), 0)
                       AS refund_amount,
                   count(*) FILTER (WHERE purchase)::int AS invoice_count,
                   count(DISTINCT day) FILTER (WHERE purchase)::int AS purchase_days
              FROM moves GROUP BY partner_id, month
        ), by_line AS (%(lines)s), by_payment AS (%(payments)s),
           costs AS (%(costs)s), joined AS (
            SELECT coalesce(b.partner_id, c.partner_id) AS partner_id,
                   coalesce(b.month, c.month) AS month,
                   coalesce(b.revenue, 0) AS revenue,
                   coalesce(b.refund_amount, 0) AS refund_amount,
                   coalesce(l.list_revenue, b.revenue, 0) AS list_revenue,
                   coalesce(b.revenue, 0) - coalesce(l.cost_of_goods, 0)
                       AS gross_margin,
                   l.cost_of_goods, coalesce(l.cost_from_orders, 0) AS cost_from_orders,
                   coalesce(l.revenue_without_cost, 0) AS revenue_without_cost,
                   y.overdue_days_weighted,
                   coalesce(b.invoice_count, 0) AS invoice_count,
                   coalesce(b.purchase_days, 0) AS purchase_days,
                   coalesce(l.product_count, 0) AS product_count,
                   coalesce(cardinality(l.families), 0) AS family_count,
                   array_to_string(l.families, ',') AS families,
                   %(kinds)s
              FROM by_move b
         LEFT JOIN by_line l ON l.partner_id = b.partner_id AND l.month = b.month
         LEFT JOIN by_payment y ON y.partner_id = b.partner_id AND y.month = b.month
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
        lines=_by_line(company_id, every=condition is None),
        payments=_by_payment(),
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


def _by_line(company_id: int, every: bool) -> SQL:
    """Per customer and month what only the lines of goods of ``moves`` tell.

    Cost of a line: the cost recorded on the order line it invoices (in the order's
    currency, turned back at the order's rate), else the product's cost on the day of
    the document. What is summed is computed before the lines are sorted, and absent
    where it does not count: that leaves narrow rows. The company stands on the line,
    too: those of others are left out before anything is joined. Each line is rounded,
    so that a list of the lines adds up to the month.
    """
    return SQL(
        """
        SELECT partner_id, month, sum(list_price) AS list_revenue,
               sum(cost) AS cost_of_goods, sum(order_cost) AS cost_from_orders,
               sum(unknown) AS revenue_without_cost,
               count(DISTINCT product_id)::int AS product_count,
               array_agg(DISTINCT categ_id) FILTER (WHERE categ_id IS NOT NULL)
                   AS families
          FROM (
            SELECT partner_id, month, product_id, categ_id, list_price,
                   round(quantity * coalesce(order_cost, cost), 2) AS cost,
                   round(quantity * order_cost, 2) AS order_cost,
                   CASE WHEN coalesce(order_cost, cost) IS NULL THEN amount END
                       AS unknown
              FROM (
                SELECT m.partner_id, m.month, l.product_id, g.categ_id,
                       -l.balance AS amount,
                       %(list_price)s AS list_price,
                       CASE WHEN m.purchase THEN l.quantity ELSE -l.quantity END
                           AS quantity,
                       CASE WHEN o.uom_id IS NULL OR o.uom_id = l.product_uom_id
                            THEN o.cost
                            ELSE o.cost * coalesce(lu.factor / nullif(ou.factor, 0), 1)
                       END AS order_cost,
                       CASE WHEN l.product_uom_id IS NULL OR l.product_uom_id = g.uom_id
                            THEN c.cost
                            ELSE c.cost * coalesce(lu.factor / nullif(g.factor, 0), 1)
                       END AS cost
                  FROM moves m
                  JOIN account_move_line l
                    ON l.move_id = m.id AND l.display_type = 'product'
                   AND l.company_id = %(company)s
             LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
             LEFT JOIN (%(goods)s) g ON g.id = l.product_id
            CROSS JOIN LATERAL (SELECT %(cost)s AS cost) c
             %(orders)s
             LEFT JOIN uom_uom ou ON ou.id = o.uom_id OFFSET 0) priced OFFSET 0) lines
      GROUP BY partner_id, month""",
        company=company_id,
        list_price=LIST_PRICE,
        goods=_goods(company_id),
        cost=cost_on(SQL("m.day"), SQL("g"), SQL("g.cost")),
        orders=_order_cost(company_id, every),
    )


def _by_payment() -> SQL:
    """Per customer and month how late the documents of ``moves`` were paid.

    Days after the due date, 0 for money in time, weighted by the amounts. Refunds and
    exchange differences are no payments.
    """
    return SQL(
        """
        SELECT m.partner_id, m.month,
               round(sum(r.amount * greatest(r.max_date - l.date_maturity, 0))
                     / nullif(sum(r.amount), 0), 2) AS overdue_days_weighted
          FROM moves m
          JOIN account_move_line l ON l.move_id = m.id
          JOIN account_partial_reconcile r ON r.debit_move_id = l.id
          JOIN account_move_line c ON c.id = r.credit_move_id
          JOIN account_move s ON s.id = c.move_id
         WHERE m.purchase AND l.date_maturity IS NOT NULL
           AND s.move_type NOT IN ('out_refund', 'out_invoice')
           AND NOT EXISTS (SELECT FROM account_partial_reconcile x
                            WHERE x.exchange_move_id = s.id)
      GROUP BY m.partner_id, m.month"""
    )


def _goods(company_id: int) -> SQL:
    """Family, unit, cost and former costs of each product; the cost is made a decimal
    once."""
    return SQL(
        """
        SELECT v.id, t.categ_id, t.uom_id, u.factor, c.cost, h.days, h.costs
          FROM product_product v
          JOIN product_template t ON t.id = v.product_tmpl_id
     LEFT JOIN uom_uom u ON u.id = t.uom_id
     LEFT JOIN (%s) h ON h.product_id = v.id AND h.company_id = %s
    CROSS JOIN LATERAL (
        SELECT nullif((v.standard_price ->> %s)::numeric, 0) AS cost OFFSET 0) c""",
        history(),
        company_id,
        str(company_id),
    )


def _order_cost(company_id: int, every: bool) -> SQL:
    """Join ``o``: the cost of line ``l`` by the order lines it invoices, and its unit.

    For all lines the orders are read at once; for some each line looks up its own.
    """
    cost = SQL(
        """avg(nullif(sol.purchase_price, 0) / coalesce(nullif(so.currency_rate, 0), 1))
           AS cost, min(sol.product_uom_id) AS uom_id
          FROM sale_order_line_invoice_rel rel
          JOIN sale_order_line sol ON sol.id = rel.order_line_id
          JOIN sale_order so ON so.id = sol.order_id AND so.company_id = %s""",
        company_id,
    )
    if every:
        return SQL(
            "LEFT JOIN (SELECT rel.invoice_line_id, %s GROUP BY rel.invoice_line_id) o"
            " ON o.invoice_line_id = l.id",
            cost,
        )
    return SQL(
        "LEFT JOIN LATERAL (SELECT %s WHERE rel.invoice_line_id = l.id) o ON TRUE", cost
    )


def breadth(company_id: int, after, until) -> SQL:
    """Customer and the share of its industry's product families that it bought.

    Both of the documents of the months in ``(after, until]``; customers without an
    industry are compared with one another.
    """
    return SQL(
        """
        WITH bought AS MATERIALIZED (
            SELECT DISTINCT m.partner_id, coalesce(p.industry_id, 0) AS industry,
                   f.categ_id
              FROM crm_customer_month m
              JOIN res_partner p ON p.id = m.partner_id
        CROSS JOIN unnest(string_to_array(m.families, ',')::int[]) AS f(categ_id)
             WHERE m.company_id = %s AND m.month > %s AND m.month <= %s
        )
        SELECT c.partner_id, c.families::float8 / o.families
          FROM (SELECT partner_id, industry, count(*) AS families
                  FROM bought GROUP BY partner_id, industry) c
          JOIN (SELECT industry, count(DISTINCT categ_id) AS families
                  FROM bought GROUP BY industry) o USING (industry)""",
        company_id,
        after,
        until,
    )
