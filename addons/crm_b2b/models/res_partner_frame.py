from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_frame_lines(self, products=None):
        """Lines of frame agreements on which the customer's company can draw now."""
        self.ensure_one()
        domain = Domain(
            [
                ("order_id.partner_id", "child_of", self.commercial_partner_id.id),
                ("order_id.state", "=", "open"),
                ("order_id.company_id", "=", self.env.company.id),
                ("remaining_qty", ">", 0),
                "|",
                ("order_id.validity_start_date", "=", False),
                ("order_id.validity_start_date", "<=", fields.Date.today()),
            ]
        )
        if products is not None:
            domain &= Domain("product_id", "in", products.ids)
        return self.env["sale.blanket.order.line"].search(domain)

    def _get_customer_prices(self, products, quantities=None):
        """{product: (price, frame line)} of today, in the unit of each product.

        The price of a frame agreement that has enough left goes before the price list.

        :param quantities: {product id: quantity}, 1 where nothing is said
        """
        pricelist = self.with_company(self.env.company).property_product_pricelist
        currency = pricelist.currency_id or self.env.company.currency_id
        prices = {}
        frames = {}
        for line in self._get_frame_lines(products):
            wanted = (quantities or {}).get(line.product_id.id, 0)
            if line.currency_id == currency and line.remaining_qty >= wanted:
                frames.setdefault(line.product_id, line)
        for product, (price, _rule) in pricelist._get_prices_of(
            products, quantities
        ).items():
            frame = frames.get(product, self.env["sale.blanket.order.line"])
            if frame:
                uom = frame.product_uom or product.uom_id
                price = uom._compute_price(frame.price_unit, product.uom_id)
            prices[product] = (price, frame)
        return prices
