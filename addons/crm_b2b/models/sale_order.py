from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "order.to.cash.mixin"]

    @api.model
    def _order_to_cash_order_domain(self, keys):
        return Domain("id", "in", list(keys))

    @api.model
    def _order_to_cash_order_key(self):
        return SQL("o.id")
