"""SQL of a campaign's money: what was invoiced, what it cost us, what it earned.

Amounts are in the currency of the document's company, without taxes; a credit note is
negative. The cost of goods is defined as in Customer Insight: the cost recorded on the
order line that an invoice line bills, in the order's currency and turned back at the
order's rate, else the product's cost on the day of the document.
"""

from odoo.tools import SQL

from odoo.addons.crm_analytics.tools.product_cost_sql import cost_on, history

#: Marks of the rows' ids by kind: one view, several tables, no id twice. They fit into
#: the 53 bits that a browser counts exactly.
KIND_BITS = 50
PART_BITS = 32

# Literals, so that the planner sees the partial indexes of posted documents.
CUSTOMER_MOVES = SQL(
    "m.state = 'posted'"
    " AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    " AND m.invoice_date IS NOT NULL"
)


def row_id(kind: int, main: SQL, part: SQL | None = None) -> SQL:
    """Id of a row of a kind (0 to 7) from the ids of its documents."""
    return SQL(
        "(%s::bigint << %s) + (%s::bigint << %s) + %s",
        kind,
        KIND_BITS,
        part or SQL("0"),
        PART_BITS,
        main,
    )


def invoice_lines() -> SQL:
    """``FROM`` over product lines ``l`` of posted customer moves ``m``.

    ``g.revenue`` and ``g.goods_cost`` are the line's amounts; ``o`` its order line's
    cost and ``o.order_id`` the first order that it bills.
    """
    return SQL(
        """
        account_move m
        JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
   LEFT JOIN product_product v ON v.id = l.product_id
   LEFT JOIN (%(history)s) h ON h.product_id = l.product_id
         AND h.company_id = m.company_id
   LEFT JOIN product_template t ON t.id = v.product_tmpl_id
   LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
   LEFT JOIN uom_uom tu ON tu.id = t.uom_id
   LEFT JOIN LATERAL (
        SELECT min(so.id) AS order_id,
               avg(nullif(sol.purchase_price, 0)
                   / coalesce(nullif(so.currency_rate, 0), 1)
                   * coalesce(lu.factor / nullif(su.factor, 0), 1))::numeric AS cost
          FROM sale_order_line_invoice_rel rel
          JOIN sale_order_line sol ON sol.id = rel.order_line_id
          JOIN sale_order so ON so.id = sol.order_id
     LEFT JOIN uom_uom su ON su.id = sol.product_uom_id
         WHERE rel.invoice_line_id = l.id) o ON TRUE
  CROSS JOIN LATERAL (
        SELECT -l.balance AS revenue,
               round(CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                   * l.quantity::numeric
                   * coalesce(o.cost, (
                       (%(cost)s)
                       * coalesce(lu.factor / nullif(tu.factor, 0), 1))::numeric, 0), 2)
                   AS goods_cost) g""",
        history=history(),
        cost=cost_on(
            SQL("m.invoice_date"),
            SQL("h"),
            SQL("nullif((v.standard_price ->> m.company_id::text)::float8, 0)"),
        ),
    )


def account_outcomes(campaign_ids: list[int], company_id: int, days: int, today) -> SQL:
    """One row per campaign and arm: sums of what accounts were invoiced afterwards.

    An account counts once, from its first frozen audience on, with all its posted
    documents of ``days`` days from that day, whether they name the campaign or not.
    Accounts with contacts on both sides are in the arm ``mixed`` and are not compared.
    Columns: campaign_id, arm (treated, held, mixed), n, buyers, revenue, its squares,
    margin, its squares, first and last day of the windows.
    """
    return SQL(
        """
        WITH accounts AS (
            SELECT s.campaign_id, a.commercial_partner_id AS partner_id,
                   min(s.date)::date AS start,
                   CASE WHEN bool_and(a.is_holdout) THEN 'held'
                        WHEN bool_or(a.is_holdout) THEN 'mixed'
                        ELSE 'treated' END AS arm
              FROM crm_audience_snapshot s
              JOIN crm_audience_member a ON a.snapshot_id = s.id
             WHERE s.campaign_id = ANY(%(campaigns)s)
               AND s.company_id = %(company)s
               AND coalesce(a.excluded_reason, '') = ''
               AND a.commercial_partner_id IS NOT NULL
          GROUP BY s.campaign_id, a.commercial_partner_id
        ), outcomes AS (
            SELECT c.campaign_id, c.arm, c.partner_id, c.start,
                   coalesce(sum(g.revenue), 0) AS revenue,
                   coalesce(sum(g.revenue - g.goods_cost), 0) AS margin,
                   coalesce(bool_or(m.move_type <> 'out_refund'), FALSE) AS bought
              FROM accounts c
         LEFT JOIN (%(lines)s)
                ON %(moves)s
               AND m.company_id = %(company)s
               AND m.commercial_partner_id = c.partner_id
               AND m.invoice_date >= c.start
               AND m.invoice_date < c.start + %(days)s
               AND m.invoice_date <= %(today)s
          GROUP BY c.campaign_id, c.arm, c.partner_id, c.start
        )
        SELECT campaign_id, arm, count(*)::int,
               count(*) FILTER (WHERE bought)::int,
               sum(revenue)::float8, sum(revenue * revenue)::float8,
               sum(margin)::float8, sum(margin * margin)::float8,
               min(start), (max(start) + %(days)s - 1)::date
          FROM outcomes
      GROUP BY campaign_id, arm""",
        campaigns=campaign_ids,
        company=company_id,
        days=days,
        today=today,
        lines=invoice_lines(),
        moves=CUSTOMER_MOVES,
    )
