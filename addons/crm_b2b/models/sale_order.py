from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "order.to.cash.mixin"]

    def _prepare_confirmation_values(self):
        """An import keeps the date on which the order was given."""
        values = super()._prepare_confirmation_values()
        if self.env.context.get("crm_b2b_keep_date_order"):
            del values["date_order"]
        return values

    @api.model
    def _order_to_cash_order_domain(self, keys):
        return Domain("id", "in", list(keys))

    @api.model
    def _order_to_cash_order_key(self):
        return SQL("o.id")
