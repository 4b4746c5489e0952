from odoo import api, models


class CrmTelesales(models.AbstractModel):
    _inherit = "crm.telesales"

    @api.model
    def _get_cross_sell_advice(self, partner, products):
        """Add what other customers buy with these products."""
        advice = super()._get_cross_sell_advice(partner, products)
        known = {product.id for product, _reason in advice}
        offers = self.env["crm.association.rule"]._get_advice(
            self.env.company, partner, products
        )
        return advice + [
            (product, words["reason"])
            for product, words in offers
            if product.id not in known
        ]
