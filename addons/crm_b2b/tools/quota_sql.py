"""The one statement that measures sales targets against documents.

Attainment is net of taxes, in the company's currency at the rate of the document:

* ordered: lines of confirmed orders by order date, over the order's currency rate;
* invoiced: income lines of posted customer invoices and credit notes by invoice date;
* paid: each receipt on such an invoice by its date, spread over the income lines in
  proportion. Credit notes and exchange differences set against it are not receipts.
"""

from odoo.tools import SQL


def _ordered():
    return SQL(
        """
        SELECT 'ordered' AS basis, o.company_id, o.date_order::date AS day, o.user_id,
               o.team_id, p.commercial_partner_id AS partner_id, c.parent_path,
               l.price_subtotal / coalesce(nullif(o.currency_rate, 0), 1) AS amount
          FROM sale_order_line l
          JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale'
          JOIN res_partner p ON p.id = o.partner_id
          LEFT JOIN product_product pp ON pp.id = l.product_id
          LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
          LEFT JOIN product_category c ON c.id = pt.categ_id
         WHERE l.display_type IS NULL
           AND EXISTS (SELECT 1 FROM crm_quota WHERE basis = 'ordered')
        """
    )


def _invoice_lines():
    return SQL(
        """
        SELECT m.id AS move_id, m.company_id, m.invoice_date AS day,
               m.invoice_user_id AS user_id, m.team_id,
               m.commercial_partner_id AS partner_id, c.parent_path,
               -l.balance AS amount, m.amount_total_signed AS total
          FROM account_move m
          JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
          LEFT JOIN product_product pp ON pp.id = l.product_id
          LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
          LEFT JOIN product_category c ON c.id = pt.categ_id
         WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
        """
    )


def _paid():
    return SQL(
        """
        SELECT 'paid', i.company_id, r.max_date, i.user_id, i.team_id, i.partner_id,
               i.parent_path, i.amount * r.amount / nullif(i.total, 0)
          FROM invoice_line i
          JOIN account_move_line d ON d.move_id = i.move_id
          JOIN account_partial_reconcile r ON r.debit_move_id = d.id
          JOIN account_move_line k ON k.id = r.credit_move_id
          JOIN account_move km ON km.id = k.move_id AND km.move_type = 'entry'
         WHERE NOT EXISTS (
               SELECT 1 FROM account_partial_reconcile x
                WHERE x.exchange_move_id = km.id)
           AND EXISTS (SELECT 1 FROM crm_quota WHERE basis = 'paid')
        """
    )


def quota_attainment():
    """Return SQL giving (quota_id, attained) of every quota."""
    return SQL(
        """
        WITH invoice_line AS (%s), fact AS (
            %s
            UNION ALL
            SELECT 'invoiced', company_id, day, user_id, team_id, partner_id,
                   parent_path, amount
              FROM invoice_line
            UNION ALL
            %s
        )
        SELECT q.id AS quota_id, coalesce(sum(f.amount), 0) AS attained
          FROM crm_quota q
          LEFT JOIN product_category qc ON qc.id = q.categ_id
          LEFT JOIN res_partner qp ON qp.id = q.partner_id
          LEFT JOIN fact f
            ON f.basis = q.basis AND f.company_id = q.company_id
           AND f.day BETWEEN q.date_start AND q.date_end
           AND CASE q.kind
               WHEN 'person' THEN f.user_id = q.user_id
               WHEN 'team' THEN f.team_id = q.team_id
               WHEN 'family' THEN f.parent_path LIKE qc.parent_path || '%%'
               ELSE f.partner_id = qp.commercial_partner_id END
         GROUP BY q.id
        """,
        _invoice_lines(),
        _ordered(),
        _paid(),
    )
