from odoo import fields, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_prices_of(self, products, quantities=None):
        """Return {product: (price, rule)} of today, in the unit of each product.

        :param quantities: {product id: quantity}, 1 where nothing is said
        """
        items = [
            (product, (quantities or {}).get(product.id) or 1.0, product.uom_id)
            for product in products
        ]
        return dict(zip(products, self._get_prices_for(items), strict=True))

    def _get_prices_for(self, items, date=None, currency=None):
        """Return [(price, rule)] of the items, with one search of rules for all.

        Unlike ``_compute_price_rule`` each item has a quantity and unit of its own.

        :param items: list of (product, quantity, unit of measure)
        """
        date = date or fields.Datetime.now()
        currency = currency or self.currency_id or self.env.company.currency_id
        products = self.env["product.product"].union(*(item[0] for item in items))
        rules = self._get_applicable_rules(products, date)
        prices = []
        for product, quantity, uom in items:
            in_own_uom = uom._compute_quantity(
                quantity, product.uom_id, raise_if_failure=False
            )
            rule = next(
                (r for r in rules if r._is_applicable_for(product, in_own_uom)),
                self.env["product.pricelist.item"],
            )
            price = rule._compute_price(
                product, quantity, uom, date=date, currency=currency
            )
            prices.append((price, rule))
        return prices
