from odoo import models
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _write_multi(self, vals_list):
        """A cost changed after invoicing changes the facts of the invoice's month."""
        result = super()._write_multi(vals_list)
        if any("purchase_price" in vals for vals in vals_list):
            self.env["crm.customer.dirty"]._mark(
                SQL(
                    "m.id IN (SELECT l.move_id FROM account_move_line l"
                    " JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id"
                    " WHERE r.order_line_id IN %s)",
                    tuple(self._ids),
                )
            )
        return result
