from odoo import api, models
from odoo.fields import Domain


class CrmInsightVisible(models.AbstractModel):
    """Figures of a customer are for those who may see the customer.

    The record rules of partners hold for every figure about them: in lists, sums of
    pivots, exports and drill-downs alike, because all of these search.
    """

    _name = "crm.insight.visible"
    _description = "Figures of Visible Customers"

    @api.model
    def _get_visible_domain(self):
        """Rows without a customer, or of a customer that the user may see."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        if self.env["ir.rule"]._compute_domain("res.partner", "read").is_true():
            return Domain.TRUE
        return Domain("partner_id", "=", False) | Domain(
            "partner_id", "in", Partner._search(Domain.TRUE)
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_visible_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        """Refuse figures of hidden customers to who knows their number."""
        refused = super()._check_access(operation)
        if refused or self.env.su or not any(self._ids):
            return refused
        Partner = self.env["res.partner"].with_context(active_test=False)
        partners = self.sudo().partner_id  # which customers, to ask whether visible
        hidden = partners - Partner.search([("id", "in", partners.ids)])
        if not hidden:
            return None
        forbidden = self.filtered(lambda row: row.sudo().partner_id in hidden)
        rule = self.env["ir.rule"]
        return forbidden, lambda: rule._make_access_error(operation, forbidden)
