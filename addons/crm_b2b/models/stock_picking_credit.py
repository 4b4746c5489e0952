from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "crm.credit.document"]

    _credit_stage = "delivery"

    def button_validate(self):
        return self._go_through_credit_gate(
            "button_validate",
            lambda passing: super().button_validate(),
        )

    def _get_credit_requests(self):
        """Deliveries to customers that are still to be done.

        A delivery adds nothing: its order counts in the exposure already.
        """
        deliveries = self.filtered(
            lambda pick: (
                pick.picking_type_code == "outgoing"
                and pick.location_dest_id.usage == "customer"
                and pick.partner_id
                and pick.state not in ("done", "cancel")
            )
        )
        return {
            picking: (
                (
                    picking.sale_id.partner_invoice_id or picking.partner_id
                ).commercial_partner_id,
                0.0,
            )
            for picking in deliveries
        }
