from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.order_to_cash import InvoiceFact, OrderFact, order_to_cash

ORDER_STEPS = ("quoted", "ordered", "delivered")
INVOICE_TYPES = ("out_invoice", "out_refund", "out_receipt")
SETTLED_STATES = ("in_payment", "paid", "reversed")


class OrderToCashMixin(models.AbstractModel):
    """Quoted, ordered, delivered, invoiced, paid, overdue, read from the documents.

    A model that inherits says which orders are its own (``_order_to_cash_keys``,
    ``_order_to_cash_order_domain``, ``_order_to_cash_order_key``). Record rules and the
    selected companies decide which documents are counted: the figure of a step is what
    the user finds behind it. Two queries, whatever the number of records.
    """

    _name = "order.to.cash.mixin"
    _description = "Order-to-cash figures"

    order_to_cash = fields.Json(
        string="Order to cash",
        compute="_compute_order_to_cash",
        help="Quoted, ordered, delivered, invoiced, paid and overdue, taxes included, "
        "from the documents you may see in the selected companies.",
    )
    order_to_cash_currency_id = fields.Many2one(
        "res.currency", compute="_compute_order_to_cash"
    )
    order_to_cash_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_order_to_cash",
        currency_field="order_to_cash_currency_id",
        help="Open instalments of posted invoices whose date has passed.",
    )

    @api.depends_context("uid", "allowed_company_ids", "tz")
    def _compute_order_to_cash(self):
        keys = self._order_to_cash_keys()
        facts = self._get_order_to_cash_facts({key for key in keys.values() if key})
        for record in self:
            currency = record._get_order_to_cash_currency()
            orders, invoices = facts.get(keys[record.id], (None, None))
            value = record._prepare_order_to_cash(orders, invoices, currency)
            record.order_to_cash = value
            record.order_to_cash_currency_id = currency
            record.order_to_cash_overdue = next(
                (
                    step["amount"]
                    for step in (value or {}).get("steps", ())
                    if step["key"] == "overdue"
                ),
                0.0,
            )

    # -- what each model says about itself

    def _order_to_cash_keys(self):
        """Return {record id: database id under which its orders are found}."""
        return {record.id: record._origin.id for record in self}

    @api.model
    def _order_to_cash_order_domain(self, keys):
        """Return the domain of the orders of these keys, in any state."""
        raise NotImplementedError

    @api.model
    def _order_to_cash_order_key(self):
        """Return the SQL of the key of an order; tables: o (order), p (partner)."""
        raise NotImplementedError

    def _get_order_to_cash_currency(self):
        """Return the currency in which the figures of this record are shown."""
        return (self.company_id or self.env.company).currency_id

    # -- documents: the one definition, used by figures and by drill-down

    @api.model
    def _get_order_to_cash_orders(self, keys):
        return Domain(self._order_to_cash_order_domain(keys)) & Domain(
            [
                ("state", "in", ("draft", "sent", "sale")),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    @api.model
    def _get_order_to_cash_invoices(self, keys):
        return Domain(self._order_to_cash_invoice_domain(keys)) & Domain(
            [
                ("state", "=", "posted"),
                ("move_type", "in", INVOICE_TYPES),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    @api.model
    def _order_to_cash_invoice_domain(self, keys):
        return Domain(
            "invoice_line_ids.sale_line_ids.order_id",
            "any",
            self._get_order_to_cash_orders(keys),
        )

    # -- facts

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

    # -- result

    def _get_order_to_cash_steps(self, orders, invoices, currency):
        """Return the kernel's steps, without those the user may not see."""
        rates = self._get_order_to_cash_rates(
            {row["company_id"] for row in (orders or []) + (invoices or [])}, currency
        )
        steps = order_to_cash(
            self._prepare_facts(OrderFact, orders or (), rates),
            self._prepare_facts(InvoiceFact, invoices or (), rates),
            Decimal(str(currency.rounding)),
        )
        return {
            key: step
            for key, step in steps.items()
            if (orders if key in ORDER_STEPS else invoices) is not None
        }

    def _prepare_order_to_cash(self, orders, invoices, currency):
        """Return the value of the bar, or False when there is no document."""
        if not orders and not invoices:
            return False
        steps = self._get_order_to_cash_steps(orders, invoices, currency)
        return {
            "currency_id": currency.id,
            "steps": [
                {"key": key, "amount": float(step.amount), "count": len(step.documents)}
                for key, step in steps.items()
            ],
        }

    @api.model
    def _prepare_facts(self, fact_class, rows, rates):
        return [
            fact_class(
                rate=rates[row["company_id"]],
                **{name: row[name] for name in fact_class._fields if name in row},
            )
            for row in rows
        ]

    @api.model
    def _get_order_to_cash_rates(self, company_ids, currency):
        """Today's rate from each company's currency to the one shown (mostly 1).

        The documents' own rates were used to reach their company's currency.
        """
        rates = defaultdict(lambda: 1.0)
        today = fields.Date.context_today(self)
        # companies of documents the user sees: their currency discloses nothing
        for company in self.env["res.company"].sudo().browse(company_ids):
            if company.currency_id != currency:
                rates[company.id] = self.env["res.currency"]._get_conversion_rate(
                    company.currency_id, currency, company, today
                )
        return rates

    # -- drill-down

    def action_order_to_cash(self, step):
        """Open the documents which the figure of ``step`` counts."""
        self.ensure_one()
        key = self._order_to_cash_keys()[self.id]
        facts = self._get_order_to_cash_facts({key} if key else set())
        steps = self._get_order_to_cash_steps(
            *facts.get(key, (None, None)), self._get_order_to_cash_currency()
        )
        if step not in steps:
            raise UserError(
                self.env._("You cannot open the step “%(step)s” here.", step=step)
            )
        documents = steps[step].documents
        if step == "delivered":
            return self._get_order_to_cash_delivery_action(documents)
        model = "sale.order" if step in ORDER_STEPS else "account.move"
        return self._prepare_order_to_cash_action(step, model, documents)

    def _get_order_to_cash_delivery_action(self, order_ids):
        """Transfers of the orders; order lines where nothing is shipped (services)."""
        Picking = self.env["stock.picking"]
        if Picking.has_access("read"):
            pickings = Picking.search(
                [("sale_id", "in", order_ids), ("state", "=", "done")]
            )
            if pickings:
                return self._prepare_order_to_cash_action(
                    "delivered", "stock.picking", pickings.ids
                )
        lines = self.env["sale.order.line"].search(
            [("order_id", "in", order_ids), ("qty_delivered", "!=", 0)]
        )
        return self._prepare_order_to_cash_action(
            "delivered", "sale.order.line", lines.ids
        )

    @api.model
    def _order_to_cash_step_label(self, step):
        return {
            "quoted": self.env._("Open quotations"),
            "ordered": self.env._("Confirmed orders"),
            "delivered": self.env._("Deliveries"),
            "invoiced": self.env._("Invoices and credit notes"),
            "paid": self.env._("Paid invoices"),
            "overdue": self.env._("Overdue invoices"),
        }[step]

    def _prepare_order_to_cash_action(self, step, model, ids):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(step)s: %(record)s",
                step=self._order_to_cash_step_label(step),
                record=self.display_name,
            ),
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", list(ids))],
            "context": {"create": False},
        }
        if model == "account.move":
            action["views"][0] = (
                self.env.ref("account.view_out_invoice_tree").id,
                "list",
            )
        if len(ids) == 1:
            action.update(views=[(False, "form")], res_id=ids[0])
        return action
