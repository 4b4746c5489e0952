from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang
from odoo.tools.sql import column_exists, create_column

from ..tools.price_source import price_source


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    list_price_unit = fields.Float(
        "List Price",
        digits="Product Price",
        compute="_compute_list_price_unit",
        store=True,
        help="Sales price of the product when the line was entered, in the unit and "
        "currency of the line.",
    )
    agreed_price_unit = fields.Float(
        "Price by Price List",
        digits="Product Price",
        compute="_compute_price_source",
        store=True,
        help="What the customer's price list said for this quantity.",
    )
    price_rule_id = fields.Many2one(
        "product.pricelist.item",
        compute="_compute_price_source",
        store=True,
        ondelete="set null",
        index="btree_not_null",
    )
    price_source = fields.Selection(
        [
            ("frame", "Frame agreement"),
            ("pricelist", "Price list"),
            ("list", "List price"),
            ("manual", "Entered by hand"),
            ("unknown", "Before this was recorded"),
        ],
        compute="_compute_price_source",
        store=True,
        index="btree_not_null",
    )
    price_source_text = fields.Char(
        "Price Comes From", compute="_compute_price_source_text"
    )

    def _auto_init(self):
        """Fill what was sold before in one statement; its source is not known."""
        cr = self.env.cr
        if not column_exists(cr, self._table, "price_source"):
            create_column(cr, self._table, "price_source", "varchar")
            create_column(cr, self._table, "price_rule_id", "int4")
            create_column(cr, self._table, "list_price_unit", "numeric")
            create_column(cr, self._table, "agreed_price_unit", "numeric")
            cr.execute(
                SQL(
                    """
                    UPDATE sale_order_line l
                       SET price_source = 'unknown',
                           agreed_price_unit = l.price_unit,
                           list_price_unit = t.list_price * lu.factor / pu.factor
                               * COALESCE(NULLIF(o.currency_rate, 0), 1)
                      FROM sale_order o, product_product p, product_template t,
                           uom_uom lu, uom_uom pu
                     WHERE o.id = l.order_id AND p.id = l.product_id
                       AND t.id = p.product_tmpl_id AND lu.id = l.product_uom_id
                       AND pu.id = t.uom_id AND l.display_type IS NULL
                    """
                )
            )
        return super()._auto_init()

    def _get_priced_lines(self):
        return self.filtered(
            lambda line: (
                line.product_id
                and line.product_uom_id
                and not line.display_type
                and not line.is_downpayment
            )
        )

    @api.depends("product_id", "product_uom_id", "currency_id")
    def _compute_list_price_unit(self):
        priced = self._get_priced_lines()
        (self - priced).list_price_unit = 0.0
        for line in priced:
            product = line.product_id.with_company(line.company_id)
            price = product.uom_id._compute_price(
                product.lst_price, line.product_uom_id
            )
            line.list_price_unit = product.currency_id._convert(
                price,
                line.currency_id or product.currency_id,
                line.company_id or self.env.company,
                line.order_id.date_order or fields.Datetime.now(),
                round=False,
            )

    # No date among them: an order confirmed next month keeps the price it was given.
    @api.depends(
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "price_unit",
        "discount",
        "list_price_unit",
        "blanket_order_line",
        "order_id.pricelist_id",
    )
    def _compute_price_source(self):
        priced = self._get_priced_lines()
        for line in self - priced:
            line.agreed_price_unit = 0.0
            line.price_rule_id = False
            line.price_source = False
        digits = self.env["decimal.precision"].precision_get("Product Price")
        for order, lines in priced.grouped("order_id").items():
            items = [
                (line.product_id, line.product_uom_qty or 1.0, line.product_uom_id)
                for line in lines
            ]
            prices = (
                order.pricelist_id.with_company(order.company_id)
                .sudo()  # a rule may lean on a price list of another team
                ._get_prices_for(items, order.date_order, order.currency_id)
            )
            for line, (price, rule) in zip(lines, prices, strict=True):
                line.agreed_price_unit = price
                line.price_rule_id = rule.id
                line.price_source = price_source(
                    line.price_unit,
                    line.discount or 0.0,
                    price,
                    line.list_price_unit,
                    line._get_frame_price(),
                    bool(rule),
                    digits,
                )

    def _get_frame_price(self):
        """Price of the frame agreement drawn on, None without one."""
        self.ensure_one()
        if not self.blanket_order_line:
            return None
        frame = self.blanket_order_line.sudo()  # seen through the line of the order
        uom = frame.product_uom or self.product_id.uom_id
        return uom._compute_price(frame.price_unit, self.product_uom_id)

    @api.depends("price_source", "price_rule_id", "agreed_price_unit")
    @api.depends_context("lang")
    def _compute_price_source_text(self):
        labels = dict(self._fields["price_source"]._description_selection(self.env))
        for line in self:
            text = labels.get(line.price_source, False)
            if line.price_source == "pricelist" and line.price_rule_id:
                rule = line.price_rule_id.sudo()  # its name only
                text = f"{rule.pricelist_id.name}: {rule.price}"
            elif line.price_source == "manual":
                text = self.env._(
                    "Entered by hand; agreed: %(price)s",
                    price=formatLang(
                        self.env,
                        line.agreed_price_unit,
                        currency_obj=line.currency_id,
                    ),
                )
            line.price_source_text = text
