from odoo import api, fields, models
from odoo.tools import SQL

SETTLED_STATES = ("in_payment", "paid", "reversed")


class OrderToCashMixin(models.AbstractModel):
    """The rows behind the figures, one query for orders and one for invoices."""

    # One mixin in several files, by subject.
    _inherit = "order.to.cash.mixin"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_order_to_cash_facts(self, keys):
        """Return {key: (order rows or None, invoice rows or None)} as dicts.

        None says that the user may not read these documents at all.
        """
        if not keys:
            return {}
        may_orders = self.env["sale.order"].has_access("read")
        may_invoices = self.env["account.move"].has_access("read")
        facts = {
            key: (
                [] if may_orders else None,
                [] if may_invoices else None,
            )
            for key in keys
        }
        if may_orders:
            for row in self._read_order_to_cash_orders(keys):
                facts[row["key"]][0].append(row)
        billed = keys
        if self._order_to_cash_through_orders():  # without an order, no invoice
            billed = [key for key in keys if facts[key][0]]
        if may_invoices and billed:
            for row in self._read_order_to_cash_invoices(billed):
                facts[row["key"]][1].append(row)
        return facts

    @api.model
    def _order_to_cash_through_orders(self):
        """Whether invoices belong to the record through order lines."""
        return True

    @api.model
    def _read_order_to_cash_orders(self, keys):
        Order = self.env["sale.order"]
        Order.flush_model()
        self.env["sale.order.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        orders = Order._search(self._get_order_to_cash_orders(keys)).subselect()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT %(key)s AS key, o.id AS document, o.company_id,
                       o.state != 'sale' AS open_quotation,
                       o.amount_total / r.rate AS total,
                       COALESCE(l.deliverable, 0) / r.rate AS deliverable,
                       COALESCE(l.delivered, 0) / r.rate
                       + COALESCE(l.extra, 0) / r.rate * CASE
                           WHEN o.amount_untaxed != 0
                           THEN o.amount_total / o.amount_untaxed ELSE 1
                         END AS delivered,
                       COALESCE(l.adjustment, 0) / r.rate AS adjustment
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
            CROSS JOIN LATERAL (
                SELECT COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate
            ) r
             LEFT JOIN LATERAL (%(lines)s) l ON TRUE
                 WHERE o.id IN %(orders)s
                """,
                key=self._order_to_cash_order_key(),
                lines=self._order_to_cash_lines_sql(),
                orders=orders,
            )
        )

    @api.model
    def _order_to_cash_lines_sql(self):
        """Sums over the lines of order ``o``, in the order's currency, taxes included.

        ``extra`` is what was delivered without being ordered (quantity 0): it has no
        total yet, so that its price without taxes is taken.
        """
        discount = SQL(
            "sol.price_total < 0 AND sol.product_uom_qty > 0 "
            "AND COALESCE(sol.qty_delivered, 0) = 0"
        )
        return SQL(
            """
            SELECT SUM(sol.price_total) FILTER (WHERE NOT (%(discount)s))
                       AS deliverable,
                   SUM(sol.price_total) FILTER (WHERE %(discount)s) AS adjustment,
                   SUM(sol.price_total / sol.product_uom_qty * sol.qty_delivered)
                       FILTER (WHERE sol.product_uom_qty != 0) AS delivered,
                   SUM(sol.price_unit * (1 - COALESCE(sol.discount, 0) / 100)
                       * sol.qty_delivered)
                       FILTER (WHERE sol.product_uom_qty = 0) AS extra
              FROM sale_order_line sol
             WHERE sol.order_id = o.id
               AND sol.display_type IS NULL
               AND sol.is_downpayment IS NOT TRUE
            """,
            discount=discount,
        )

    @api.model
    def _read_order_to_cash_invoices(self, keys):
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model()
        self.env["sale.order.line"].flush_model(["invoice_lines", "order_id"])
        self.env["res.company"].flush_model(["crm_b2b_overdue_grace"])
        moves = (
            self.env["account.move"]
            ._search(self._get_order_to_cash_invoices(keys))
            .subselect()
        )
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT owned.key, m.id AS document, m.company_id,
                       m.amount_total_signed AS total,
                       m.amount_residual_signed AS residual,
                       CASE WHEN m.move_type = 'out_refund' THEN 0
                            ELSE COALESCE(due.amount, 0) END AS overdue,
                       COALESCE(owned.part, 1) AS part,
                       CASE WHEN owned.part IS NULL THEN 1
                            ELSE COALESCE(every.whole, 0) END AS whole,
                       m.payment_state IN %(settled)s AS settled
                  FROM account_move m
                  JOIN res_company c ON c.id = m.company_id
                  JOIN (%(owned)s) owned ON owned.move_id = m.id
             LEFT JOIN LATERAL (
                SELECT SUM(aml.price_total) AS whole FROM account_move_line aml
                 WHERE aml.move_id = m.id AND aml.display_type = 'product'
                   AND owned.part IS NOT NULL
             ) every ON TRUE
             LEFT JOIN LATERAL (
                SELECT SUM(aml.amount_residual) AS amount FROM account_move_line aml
                  JOIN account_account a ON a.id = aml.account_id
                 WHERE aml.move_id = m.id AND a.account_type = 'asset_receivable'
                   AND aml.date_maturity < %(today)s - c.crm_b2b_overdue_grace
             ) due ON TRUE
                """,
                settled=SETTLED_STATES,
                owned=self._order_to_cash_owned_moves_sql(keys, moves),
                today=fields.Date.context_today(self),
            )
        )

    @api.model
    def _order_to_cash_owned_moves_sql(self, keys, moves):
        """SQL of rows (key, move_id, part): total of the move's lines of the key.

        ``part`` NULL says: the whole document belongs to the key.
        """
        orders = self.env["sale.order"]._search(self._get_order_to_cash_orders(keys))
        return SQL(
            """
            SELECT line.key, line.move_id, SUM(line.price_total) AS part
              FROM (
                SELECT DISTINCT %(key)s AS key, aml.move_id, aml.id, aml.price_total
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN sale_order_line sol ON sol.order_id = o.id
                  JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sol.id
                  JOIN account_move_line aml ON aml.id = rel.invoice_line_id
                 WHERE o.id IN %(orders)s AND aml.move_id IN %(moves)s
              ) line
          GROUP BY line.key, line.move_id
            """,
            key=self._order_to_cash_order_key(),
            orders=orders.subselect(),
            moves=moves,
        )
