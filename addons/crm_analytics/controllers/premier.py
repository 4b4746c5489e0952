from odoo.http import request

from odoo.addons.crm_b2b.controllers.premier import PremierPortal


class InsightPremierPortal(PremierPortal):
    """What other customers with the same purchases also buy, on the customer's page."""

    def _prepare_premier_values(self):
        values = super()._prepare_premier_values()
        premier = request.env["crm.portal.premier"]
        offers = premier._get_suggestions()
        products = request.env["product.product"].sudo().union(*[o[0] for o in offers])
        return values | {
            "premier_suggestions": offers,
            "premier_suggestion_prices": premier._get_prices(products),
        }
