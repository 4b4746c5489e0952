from odoo import api, models
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _write_multi(self, vals_list):
        """A cost changed after invoicing changes the facts of the invoice's month."""
        result = super()._write_multi(vals_list)
        goods = {"product_id", "product_uom_qty", "order_id", "display_type"}
        if any(goods & set(vals) for vals in vals_list):
            self._mark_basket()
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

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._mark_basket()
        return lines

    def unlink(self):
        self._mark_basket()
        return super().unlink()

    def _mark_basket(self):
        """Count the orders of these lines anew; a run counts the confirmed ones."""
        self.env["crm.basket.dirty"]._mark(self.order_id)
