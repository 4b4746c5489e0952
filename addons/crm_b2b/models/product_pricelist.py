from odoo import fields, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_prices_of(self, products, quantities=None, date=None, uoms=None):
        """Return {product: (price, rule)} with one search of rules for all products.

        Unlike ``_compute_price_rule`` each product has a quantity of its own, given
        like the price in ``uoms`` {product id: unit}, else in the product's unit.

        :param quantities: {product id: quantity}, 1 where nothing is said
        """
        date = date or fields.Datetime.now()
        currency = self.currency_id or self.env.company.currency_id
        rules = self._get_applicable_rules(products, date)
        prices = {}
        for product in products:
            quantity = (quantities or {}).get(product.id) or 1.0
            uom = (uoms or {}).get(product.id) or product.uom_id
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
            prices[product] = (price, rule)
        return prices
