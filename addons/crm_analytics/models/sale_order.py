from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    cross_sell_advice = fields.Json(
        "Also Bought",
        compute="_compute_cross_sell_advice",
        help="Products that others bought with these, and this customer did not.",
    )

    @api.depends("partner_id", "company_id", "state", "order_line.product_id")
    def _compute_cross_sell_advice(self):
        Rule = self.env["crm.association.rule"]
        for order in self:
            order.cross_sell_advice = False
            if order.state in ("draft", "sent") and order.partner_id:
                order.cross_sell_advice = [
                    {"product_id": product.id, "name": product.display_name} | words
                    for product, words in Rule._get_advice(
                        order.company_id, order.partner_id, order.order_line.product_id
                    )
                ]

    def action_add_advice(self, product_id):
        """Put an advised product on the quotation."""
        self.ensure_one()
        self.env["sale.order.line"].create(
            {"order_id": self.id, "product_id": product_id}
        )

    def _write_multi(self, vals_list):
        """An order that is confirmed, cancelled or moved changes the baskets."""
        decisive = {"state", "company_id", "partner_id", "date_order"}
        if not any(decisive & set(vals) for vals in vals_list):
            return super()._write_multi(vals_list)
        self.env["crm.basket.dirty"]._mark(self)
        result = super()._write_multi(vals_list)
        self.env["crm.basket.dirty"]._mark(self)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        self.env["crm.basket.dirty"]._mark(
            orders.filtered(lambda order: order.state == "sale")
        )
        return orders

    def unlink(self):
        self.env["crm.basket.dirty"]._mark(self)
        return super().unlink()
