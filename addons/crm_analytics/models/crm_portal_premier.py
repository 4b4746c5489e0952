from odoo import api, models
from odoo.fields import Domain

OFFERED = 4


class CrmPortalPremier(models.AbstractModel):
    _inherit = "crm.portal.premier"

    @api.model
    def _get_suggestions(self):
        """Products to offer to the company of the user, each with its reason.

        The domain says whose suggestions they are: those of the own company alone. A
        reason speaks of numbers of orders, never of another customer.
        """
        account = self._get_account()
        # the portal cannot read suggestions: the domain is what the user may know
        found = (
            self.env["crm.customer.suggestion"]
            .sudo()
            .search(
                Domain("partner_id", "=", account.id)
                & Domain("company_id", "=", self.env.company.id)
                & Domain("product_id.sale_ok", "=", True)
                & Domain("product_id.active", "=", True)
                & Domain("product_id.company_id", "in", (False, self.env.company.id)),
                order="place, id",
                limit=OFFERED,
            )
        )
        return [(suggestion.product_id, suggestion.reason) for suggestion in found]

    @api.model
    def _get_product_filters(self):
        """What is suggested may be looked at and ordered like agreed products."""
        filters = super()._get_product_filters()
        ids = [product.id for product, _reason in self._get_suggestions()]
        suggested = Domain("id", "in", ids)
        return filters | {
            "all": filters["all"] | suggested,
            "suggested": suggested,
        }
