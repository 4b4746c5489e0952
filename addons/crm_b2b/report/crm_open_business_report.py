from odoo import fields, models
from odoo.tools import SQL

STAGES = [
    ("1_quoted", "Quoted"),
    ("2_to_deliver", "Ordered, to deliver"),
    ("3_to_invoice", "Delivered, to invoice"),
    ("4_to_pay", "Invoiced, to be paid"),
    ("5_overdue", "Overdue"),
]


class CrmOpenBusinessReport(models.Model):
    """What is under way with each customer, from quotation to overdue invoice.

    One row for each document and stage; taxes included like in the order-to-cash bar,
    in the company's currency at the rate of the document. Credit notes count against.
    """

    _name = "crm.open.business.report"
    _inherit = "crm.sales.report.mixin"
    _description = "Open Business"
    _auto = False
    _rec_name = "order_id"
    _order = "stage, date, id"
    _depends = {
        "sale.order": ["state", "amount_total", "currency_rate", "date_order"],
        "sale.order.line": [
            "price_total",
            "product_uom_qty",
            "qty_delivered",
            "qty_invoiced",
        ],
        "account.move": ["state", "invoice_user_id", "team_id"],
        "account.move.line": ["amount_residual", "date_maturity", "parent_state"],
        "res.company": ["crm_b2b_overdue_grace"],
        "res.partner": ["commercial_partner_id"],
    }

    move_id = fields.Many2one("account.move", "Invoice", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    date = fields.Date(
        readonly=True, help="Day of the order, or day on which payment is due."
    )
    amount = fields.Monetary("Open Amount", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "(%s) UNION ALL (%s) UNION ALL (%s)",
            self._quoted_sql(),
            self._ordered_sql(),
            self._invoiced_sql(),
        )

    def _quoted_sql(self):
        return SQL(
            """
            SELECT o.id * 10 + 1 AS id, '1_quoted' AS stage, o.id AS order_id,
                   NULL::int AS move_id, p.commercial_partner_id AS partner_id,
                   o.user_id, o.team_id, o.company_id, o.date_order::date AS date,
                   o.amount_total / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
              FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
             WHERE o.state IN ('draft', 'sent') AND o.amount_total != 0
            """
        )

    def _ordered_sql(self):
        return SQL(
            """
            SELECT o.id * 10 + s.number AS id, s.stage, o.id AS order_id,
                   NULL::int AS move_id, p.commercial_partner_id AS partner_id,
                   o.user_id, o.team_id, o.company_id, o.date_order::date AS date,
                   s.amount / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
        CROSS JOIN LATERAL (
                SELECT SUM(l.price_total / l.product_uom_qty * GREATEST(
                           l.product_uom_qty - COALESCE(l.qty_delivered, 0), 0))
                           AS to_deliver,
                       SUM(l.price_total / l.product_uom_qty * GREATEST(
                           COALESCE(l.qty_delivered, 0)
                           - COALESCE(l.qty_invoiced, 0), 0)) AS to_invoice
                  FROM sale_order_line l
                 WHERE l.order_id = o.id AND l.display_type IS NULL
                   AND l.is_downpayment IS NOT TRUE AND l.product_uom_qty > 0
              ) x
        CROSS JOIN LATERAL (
                VALUES (2, '2_to_deliver', x.to_deliver),
                       (3, '3_to_invoice', x.to_invoice)
              ) s(number, stage, amount)
             WHERE o.state = 'sale' AND ABS(s.amount) > 0.005
            """
        )

    def _invoiced_sql(self):
        return SQL(
            """
            SELECT m.id * 10 + CASE WHEN d.late THEN 5 ELSE 4 END AS id,
                   CASE WHEN d.late THEN '5_overdue' ELSE '4_to_pay' END AS stage,
                   NULL::int AS order_id, m.id AS move_id,
                   m.commercial_partner_id AS partner_id,
                   m.invoice_user_id AS user_id, m.team_id, m.company_id,
                   d.date, d.amount
              FROM account_move m
              JOIN res_company c ON c.id = m.company_id
        CROSS JOIN LATERAL (
                SELECT m.move_type != 'out_refund' AND COALESCE(
                           aml.date_maturity < %(today)s - c.crm_b2b_overdue_grace,
                           FALSE) AS late,
                       SUM(aml.amount_residual) AS amount,
                       MIN(aml.date_maturity) AS date
                  FROM account_move_line aml
                  JOIN account_account a ON a.id = aml.account_id
                 WHERE aml.move_id = m.id AND a.account_type = 'asset_receivable'
              GROUP BY 1
              ) d
             WHERE m.state = 'posted' AND d.amount != 0
               AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            """,
            today=fields.Date.context_today(self),
        )

    def action_open_document(self):
        self.ensure_one()
        if not self.move_id:
            return super().action_open_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [[False, "form"]],
        }
