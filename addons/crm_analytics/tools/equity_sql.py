"""SQL of customer equity: market share x share of customer x lifetime value.

* market share: what all customers of the industry bought from us in 12 months, however
  long the policy's window is, over the yearly volume of that market; the volume is a
  market study's, else the sum of what accounts of the industry are known to spend, with
  us and elsewhere;
* share of customer: what we invoiced in the families whose spending is known, over that
  spending;
* lifetime value: that of the last refresh.

Shares are fractions, cut at 1: a wrong estimate makes no customer worth more than it
is. Unknown shares are NULL, and so is the product.
"""

from odoo.tools import SQL

from .moves_sql import CUSTOMER_MOVES


def customer_equity() -> SQL:
    """One row a customer of the last refresh."""
    return SQL(
        """
        WITH latest AS (
            SELECT DISTINCT ON (e.partner_id, e.categ_id, e.company_id)
                   e.id, e.company_id, e.categ_id, e.yearly_spend, e.date,
                   a.commercial_partner_id AS partner_id
              FROM crm_wallet_estimate e JOIN res_partner a ON a.id = e.partner_id
             WHERE e.active
          ORDER BY e.partner_id, e.categ_id, e.company_id, e.date DESC, e.id DESC
        ), bought AS (
            SELECT e.id, sum(-l.balance) AS amount
              FROM latest e
              JOIN crm_customer_value v ON v.partner_id = e.partner_id
               AND v.company_id = e.company_id
              JOIN product_category g ON g.id = e.categ_id
              JOIN account_move m ON m.commercial_partner_id = e.partner_id
               AND m.company_id = e.company_id AND m.state = 'posted'
               AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND m.invoice_date > v.as_of - interval '12 months'
               AND m.invoice_date <= v.as_of
              JOIN account_move_line l ON l.move_id = m.id
               AND l.display_type = 'product'
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN product_category c ON c.id = t.categ_id
               AND c.parent_path LIKE g.parent_path || '%%'
          GROUP BY e.id
        ), wallet AS (
            SELECT e.company_id, e.partner_id, sum(e.yearly_spend) AS spend,
                   sum(greatest(coalesce(b.amount, 0), 0)) AS bought,
                   min(e.date) AS date
              FROM latest e LEFT JOIN bought b ON b.id = e.id
          GROUP BY e.company_id, e.partner_id
        ), judged AS (
            SELECT DISTINCT ON (r.company_id)
                   r.company_id, y.window_months = 12 AS yearly
              FROM crm_value_run r JOIN crm_value_policy y ON y.id = r.policy_id
             WHERE r.kind <> 'what_if' AND EXISTS (
                   SELECT FROM crm_value_run_step t WHERE t.run_id = r.id
                      AND t.code = 'values' AND t.state = 'done')
          ORDER BY r.company_id, r.id DESC
        ), year AS (
            SELECT v.company_id, v.partner_id, v.monetary AS amount
              FROM crm_customer_value v JOIN judged j USING (company_id) WHERE j.yearly
             UNION ALL
            SELECT v.company_id, v.partner_id, coalesce(m.amount_untaxed_signed, 0)
              FROM crm_customer_value v
         LEFT JOIN account_move m ON m.commercial_partner_id = v.partner_id
               AND m.company_id = v.company_id AND %(moves)s
               AND m.invoice_date > v.as_of - interval '12 months'
               AND m.invoice_date <= v.as_of
             WHERE v.company_id NOT IN (SELECT company_id FROM judged WHERE yearly)
        ), sold AS (
            SELECT y.company_id, p.industry_id, sum(y.amount) AS amount
              FROM year y JOIN res_partner p ON p.id = y.partner_id
             WHERE p.industry_id IS NOT NULL GROUP BY y.company_id, p.industry_id
        ), known AS (
            SELECT w.company_id, p.industry_id, sum(w.spend) AS volume
              FROM wallet w JOIN res_partner p ON p.id = w.partner_id
             WHERE p.industry_id IS NOT NULL GROUP BY w.company_id, p.industry_id
        ), studied AS (
            SELECT DISTINCT ON (company_id, industry_id)
                   company_id, industry_id, yearly_volume
              FROM crm_market_estimate
          ORDER BY company_id, industry_id, date DESC, id DESC
        ), market AS (
            SELECT s.company_id, s.industry_id,
                   coalesce(x.yearly_volume, k.volume) AS volume,
                   CASE WHEN x.yearly_volume IS NOT NULL THEN 'study'
                        WHEN k.volume IS NOT NULL THEN 'accounts' END AS basis,
                   CASE WHEN s.amount >= coalesce(x.yearly_volume, k.volume) THEN 1
                        ELSE greatest(s.amount, 0)
                             / nullif(coalesce(x.yearly_volume, k.volume), 0)
                        END::float8 AS share
              FROM sold s
         LEFT JOIN studied x USING (company_id, industry_id)
         LEFT JOIN known k USING (company_id, industry_id)
        )
        SELECT v.id, v.company_id, v.partner_id, p.industry_id, p.country_id,
               p.territory_id, v.value_class, v.abc, v.monetary, v.lifetime_value,
               m.volume AS market_volume, m.basis AS market_basis,
               m.share AS market_share, w.spend AS yearly_spend, w.date AS spend_date,
               s.share AS customer_share,
               round((m.share * s.share)::numeric * v.lifetime_value, 2) AS equity,
               round(v.lifetime_value * (1 / nullif(s.share, 0))::numeric
                     - v.lifetime_value, 2) AS potential
          FROM crm_customer_value v
          JOIN res_partner p ON p.id = v.partner_id
     LEFT JOIN market m ON m.company_id = v.company_id
           AND m.industry_id = p.industry_id
     LEFT JOIN wallet w ON w.company_id = v.company_id
           AND w.partner_id = v.partner_id
    CROSS JOIN LATERAL (
            SELECT CASE WHEN w.bought >= w.spend THEN 1
                        ELSE w.bought / nullif(w.spend, 0) END::float8 AS share) s""",
        moves=CUSTOMER_MOVES,
    )
