from odoo import fields, models
from odoo.tools import SQL


class CrmPriceReport(models.Model):
    """Price realisation: what was got for a line against the list price.

    Amounts without taxes in the company's currency, at the rate of the order.
    """

    _name = "crm.price.report"
    _inherit = "crm.sales.report.mixin"
    _description = "Price Realisation"
    _auto = False
    _rec_name = "order_id"
    _order = "date_order desc, id desc"
    _depends = {
        "sale.order": ["state", "currency_rate", "date_order", "partner_id"],
        "sale.order.line": [
            "price_subtotal",
            "price_unit",
            "discount",
            "list_price_unit",
            "agreed_price_unit",
            "price_source",
            "price_rule_id",
            "product_uom_qty",
        ],
        "res.partner": ["commercial_partner_id"],
    }

    line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Family", readonly=True)
    pricelist_id = fields.Many2one("product.pricelist", "Price List", readonly=True)
    price_rule_id = fields.Many2one("product.pricelist.item", readonly=True)
    price_source = fields.Selection(
        lambda self: (
            self.env["sale.order.line"]
            ._fields["price_source"]
            ._description_selection(self.env)
        ),
        "Price Comes From",
        readonly=True,
    )
    date_order = fields.Datetime("Order Date", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    list_amount = fields.Monetary("At List Price", readonly=True)
    agreed_amount = fields.Monetary("At Agreed Price", readonly=True)
    net_amount = fields.Monetary("Sold For", readonly=True)
    reduction_amount = fields.Monetary("Given Away", readonly=True)
    realisation = fields.Float(
        "Price Realisation (%)",
        readonly=True,
        aggregator="avg",
        help="Sold for, in per cent of the list price; of groups weighted by amount.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT g.*, list_amount - net_amount AS reduction_amount,
                   100 * net_amount / NULLIF(list_amount, 0) AS realisation
              FROM (%s) g
            """,
            self._get_query(),
        )

    def _select(self):
        return super()._select() | {
            "id": SQL("l.id"),
            "line_id": SQL("l.id"),
            "product_id": SQL("l.product_id"),
            "categ_id": SQL("t.categ_id"),
            "pricelist_id": SQL("o.pricelist_id"),
            "price_rule_id": SQL("l.price_rule_id"),
            "price_source": SQL("l.price_source"),
            "date_order": SQL("o.date_order"),
            "quantity": SQL("l.product_uom_qty"),
            "net_amount": SQL("l.price_subtotal / r.rate"),
            "list_amount": SQL(
                "l.list_price_unit * l.product_uom_qty * r.net_of_tax / r.rate"
            ),
            "agreed_amount": SQL(
                "l.agreed_price_unit * l.product_uom_qty * r.net_of_tax / r.rate"
            ),
        }

    def _from(self):
        return SQL(
            """
            %s
            CROSS JOIN LATERAL (
                SELECT COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate,
                       COALESCE(l.price_subtotal / NULLIF(
                           l.price_unit * (1 - COALESCE(l.discount, 0) / 100)
                           * l.product_uom_qty, 0), 1)::numeric AS net_of_tax
            ) r
            """,
            super()._from(),
        )

    def _read_group_select(self, aggregate_spec, query):
        """The realisation of a group is that of its sums."""
        if aggregate_spec != "realisation:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "net_amount", query),
            self._field_to_sql(self._table, "list_amount", query),
        )
