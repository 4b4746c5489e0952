from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.order_to_cash import InvoiceFact, OrderFact, order_to_cash

ORDER_STEPS = ("quoted", "ordered", "delivered")
INVOICE_TYPES = ("out_invoice", "out_refund", "out_receipt")


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
