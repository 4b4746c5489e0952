from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    portal_request_partner_id = fields.Many2one(
        "res.partner",
        string="Requested By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Contact who asked for this quotation in the portal.",
    )

    def _get_portal_status(self):
        """What the customer is told about the order: (code, words)."""
        self.ensure_one()
        if self.state == "sale":
            return {
                "full": ("delivered", self.env._("Delivered")),
                "partial": ("partial", self.env._("Partly delivered")),
            }.get(self.delivery_status, ("confirmed", self.env._("Confirmed")))
        if self.state == "cancel":
            return ("cancelled", self.env._("Cancelled"))
        if self.state == "sent":
            if self.is_expired:
                return ("expired", self.env._("Quotation expired"))
            return ("quotation", self.env._("Quotation to accept"))
        return ("requested", self.env._("Requested, we are working on it"))

    def _get_portal_lines(self):
        """Rows of the status line by line, with what is still to come and when."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        expected = lines._get_next_deliveries()
        return [
            {
                "line": line,
                "open": max(line.product_uom_qty - line.qty_delivered, 0.0),
                "next_date": expected.get(line),
            }
            for line in lines
        ]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_next_deliveries(self):
        """{line: moment of its next delivery} of lines with something to come."""
        goods = self.filtered(
            lambda line: (
                line.state == "sale" and line.qty_delivered < line.product_uom_qty
            )
        )
        planned = dict(
            self.env["stock.move"]._read_group(
                [
                    ("sale_line_id", "in", goods.ids),
                    ("state", "not in", ("done", "cancel")),
                    ("location_dest_usage", "=", "customer"),
                ],
                ["sale_line_id"],
                ["date:min"],
            )
        )
        return {
            line: planned.get(line) or line.order_id.commitment_date for line in goods
        }
