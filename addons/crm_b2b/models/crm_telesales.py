from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..tools import telesales

MONTHS = 12
LAST_ORDERS = 8
FOUND = 12


class CrmTelesales(models.AbstractModel):
    """Answers of the quick order entry; each in a fixed number of queries.

    Everything is read as the user: a salesperson sees the orders of the customer which
    the record rules let him see.
    """

    _name = "crm.telesales"
    _description = "Quick Order Entry"

    # -- what the screen asks -----------------------------------------------------

    @api.model
    @api.readonly
    def get_sheet(self, partner_id):
        """Return customer, usual basket, last orders and advice."""
        partner = self._browse_partner(partner_id)
        rows = self._read_usual_basket(partner)
        products = self.env["product.product"].browse(rows)
        products = products.filtered(lambda p: p.active and p.sale_ok)
        lines = self._prepare_lines(partner, products, rows)
        return {
            "partner": {
                "id": partner.id,
                "name": partner.display_name,
                "phone": partner.phone or "",
                "credit_state": partner.sudo().credit_state,  # the gate's answer is
                "credit_reason": partner.sudo().credit_state_reason or "",  # for all
            },
            "currency_id": self._get_currency(partner).id,
            "lines": lines,
            "orders": self._prepare_last_orders(partner),
            "advice": self._prepare_advice(partner, products),
        }

    @api.model
    @api.readonly
    def get_update(self, partner_id, quantities):
        """Return prices for the quantities typed, and advice for this basket.

        :param quantities: list of [product id, quantity]
        """
        partner = self._browse_partner(partner_id)
        wanted = dict(quantities)
        products = self.env["product.product"].browse(wanted)
        prices = self._get_prices(partner, products, wanted)
        return {
            "prices": [[product.id, *prices[product]] for product in products],
            "advice": self._prepare_advice(partner, products),
        }

    @api.model
    @api.readonly
    def search_products(self, partner_id, text):
        """Return lines of products whose name or reference has all the words."""
        partner = self._browse_partner(partner_id)
        domain = Domain("sale_ok", "=", True) & Domain(
            "company_id", "in", [False, self.env.company.id]
        )
        for word in (text or "").split():
            domain &= Domain("name", "ilike", word) | Domain(
                "default_code", "ilike", word
            )
        products = self.env["product.product"].search(domain, limit=FOUND)
        return self._prepare_lines(partner, products, {})

    @api.model
    def create_order(self, partner_id, lines, confirm=False, reference=""):
        """Create the quotation, and confirm it when asked.

        :param lines: list of [product id, quantity]
        :return: list of actions to do one after the other: the order, and what the
            credit gate may have to say
        """
        partner = self._browse_partner(partner_id)
        lines = [(product, quantity) for product, quantity in lines if quantity > 0]
        if not lines:
            raise UserError(self.env._("Enter a quantity for at least one product."))
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "client_order_ref": reference or False,
                "order_line": [
                    Command.create({"product_id": product, "product_uom_qty": quantity})
                    for product, quantity in lines
                ],
            }
        )
        actions = [
            {
                "type": "ir.actions.act_window",
                "res_model": "sale.order",
                "res_id": order.id,
                "views": [[False, "form"]],
            }
        ]
        stopped = order.action_confirm() if confirm else None
        return actions + ([stopped] if isinstance(stopped, dict) else [])

    # -- place for advice ---------------------------------------------------------

    @api.model
    def _get_cross_sell_advice(self, partner, products):
        """Return what else to offer: a list of ``(product, reason in words)``.

        To be filled by other addons. ``products`` are those in the usual basket, and
        while an order is typed those with a quantity.
        """
        return []

    # -- facts --------------------------------------------------------------------

    @api.model
    def _browse_partner(self, partner_id):
        self.env["sale.order"].check_access("create")
        partner = self.env["res.partner"].browse(partner_id).exists()
        partner.check_access("read")
        return partner

    @api.model
    def _get_account_order_domain(self, partner):
        return Domain(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.id),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "sale"),
            ]
        )

    @api.model
    def _read_usual_basket(self, partner):
        """{product id: row} of what the customer's company bought in twelve months.

        Quantities and prices are in the product's unit, prices without discount and
        in the currency of their order.
        """
        self.env["sale.order"].flush_model()
        self.env["sale.order.line"].flush_model()
        since = fields.Datetime.subtract(fields.Datetime.now(), months=MONTHS)
        orders = self.env["sale.order"]._search(
            self._get_account_order_domain(partner) & Domain("date_order", ">=", since)
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT b.product_id, COUNT(*) AS orders,
                       MIN(b.date_order)::date AS first,
                       MAX(b.date_order)::date AS last,
                       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY b.quantity) AS usual,
                       (ARRAY_AGG(b.quantity ORDER BY b.date_order DESC))[1]
                           AS quantity,
                       (ARRAY_AGG(b.price ORDER BY b.date_order DESC))[1] AS price,
                       (ARRAY_AGG(b.currency_id ORDER BY b.date_order DESC))[1]
                           AS currency
                  FROM (
                    SELECT l.product_id, o.id, o.date_order, o.currency_id,
                           SUM(l.product_uom_qty * lu.factor / pu.factor) AS quantity,
                           SUM(l.price_subtotal) / NULLIF(SUM(
                               l.product_uom_qty * lu.factor / pu.factor), 0) AS price
                      FROM sale_order o
                      JOIN sale_order_line l ON l.order_id = o.id
                      JOIN product_product p ON p.id = l.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                      JOIN uom_uom lu ON lu.id = l.product_uom_id
                      JOIN uom_uom pu ON pu.id = t.uom_id
                     WHERE o.id IN %(orders)s
                       AND l.display_type IS NULL
                       AND l.is_downpayment IS NOT TRUE
                       AND l.product_uom_qty > 0
                  GROUP BY l.product_id, o.id
                  ) b
              GROUP BY b.product_id
                """,
                orders=orders.subselect(),
            )
        )
        return {row["product_id"]: row for row in rows}

    @api.model
    def _get_pricelist(self, partner):
        return partner.with_company(self.env.company).property_product_pricelist

    @api.model
    def _get_currency(self, partner):
        return self._get_pricelist(partner).currency_id or self.env.company.currency_id

    @api.model
    def _get_prices(self, partner, products, quantities=None):
        """{product: (price of today for its quantity, whether a frame gave it)}."""
        prices = partner._get_customer_prices(products, quantities)
        return {
            product: (price, bool(frame)) for product, (price, frame) in prices.items()
        }

    # -- rows of the screen -------------------------------------------------------

    @api.model
    def _prepare_lines(self, partner, products, rows):
        """Dicts for the screen, what is due first."""
        today = fields.Date.context_today(self)
        prices = self._get_prices(
            partner, products, {key: row["quantity"] for key, row in rows.items()}
        )
        ranked = []
        for product in products:
            row = rows.get(product.id)
            pace = row and telesales.rhythm(
                row["first"], max(row["first"], row["last"]), row["orders"], today
            )
            line = {
                "product_id": product.id,
                "name": product.name,
                "code": product.default_code or "",
                "uom": product.uom_id.name,
                "price": prices[product][0],
                "frame": prices[product][1],
                "stock": product.free_qty if product.is_storable else None,
            } | self._prepare_history(row, pace)
            rank = telesales.rank(pace, row["orders"]) if row else (9, 0)
            ranked.append((rank, line["name"], line["product_id"], line))
        return [line for *_key, line in sorted(ranked, key=lambda item: item[:3])]

    @api.model
    def _prepare_history(self, row, pace):
        if not row:
            return {"orders": 0, "state": "new"}
        return {
            "orders": row["orders"],
            "last_date": fields.Date.to_string(row["last"]),
            "last_quantity": row["quantity"],
            "usual_quantity": row["usual"],
            "last_price": row["price"],
            "last_currency_id": row["currency"],
            "interval": pace.interval and round(pace.interval),
            "due": pace.due and fields.Date.to_string(pace.due),
            "state": pace.state,
        }

    @api.model
    def _prepare_last_orders(self, partner):
        orders = self.env["sale.order"].search_fetch(
            self._get_account_order_domain(partner),
            ["name", "date_order", "amount_total", "currency_id", "delivery_status"],
            order="date_order desc, id desc",
            limit=LAST_ORDERS,
        )
        lines = orders.order_line.filtered(
            lambda line: (
                line.product_id and not line.display_type and not line.is_downpayment
            )
        )
        by_order = lines.grouped("order_id")
        return [
            {
                "id": order.id,
                "name": order.name,
                "date": fields.Date.to_string(order.date_order),
                "total": order.amount_total,
                "currency_id": order.currency_id.id,
                "lines": [
                    [
                        line.product_id.id,
                        line.product_uom_id._compute_quantity(
                            line.product_uom_qty, line.product_id.uom_id
                        ),
                    ]
                    for line in by_order.get(order, ())
                ],
            }
            for order in orders
        ]

    @api.model
    def _prepare_advice(self, partner, products):
        advice = self._get_cross_sell_advice(partner, products)
        offered = self.env["product.product"].union(*(row[0] for row in advice))
        lines = {
            line["product_id"]: line
            for line in self._prepare_lines(partner, offered, {})
        }
        return [
            {"reason": reason, "line": lines[product.id]} for product, reason in advice
        ]
