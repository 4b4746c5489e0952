from odoo import fields, models


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    service_return_line_id = fields.Many2one("service.return.line")
    service_return_role = fields.Char()

    def _prepare_move_default_values(self, new_picking):
        vals = super()._prepare_move_default_values(new_picking)
        if self.service_return_line_id:
            vals |= {
                "service_return_line_id": self.service_return_line_id.id,
                "service_return_role": self.service_return_role,
            }
        return vals
