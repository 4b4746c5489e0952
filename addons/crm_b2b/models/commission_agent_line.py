from odoo import api, fields, models
from odoo.fields import Command


class CommissionLineMixin(models.AbstractModel):
    _inherit = "commission.line.mixin"

    def _get_commission_amount(self, commission, subtotal, product, quantity):
        """Margin is counted in the document's currency and the product's unit.

        The base takes the cost in company currency and the quantity in the unit of
        the line, which is wrong for a drum invoiced in a foreign currency.
        """
        if commission.amount_base_type != "net_amount" or not product:
            return super()._get_commission_amount(
                commission, subtotal, product, quantity
            )
        line = self.object_id
        cost = self._get_commission_cost(line, product, quantity)
        return super()._get_commission_amount(
            commission, max(0.0, subtotal - cost), product, 0.0
        )

    @api.model
    def _get_commission_cost(self, line, product, quantity):
        """Return the cost of ``quantity`` units of the line in the line's currency."""
        company = line.company_id or self.env.company
        if line.product_uom_id:
            quantity = line.product_uom_id._compute_quantity(
                quantity, product.uom_id, round=False
            )
        cost = product.with_company(company).standard_price * quantity
        currency = line.currency_id or company.currency_id
        return company.currency_id._convert(
            cost, currency, company, self._get_commission_date(line), round=False
        )

    @api.model
    def _get_commission_date(self, line):
        if line._name == "sale.order.line":
            return line.order_id.date_order or fields.Date.today()
        return line.move_id.invoice_date or fields.Date.today()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends("order_id.partner_id")
    def _compute_agent_ids(self):
        """Agents paid by order belong on the order line too."""
        result = super()._compute_agent_ids()
        for line in self:
            agents = line.order_id.partner_id.commission_agent_ids.filtered(
                lambda agent: agent.commission_id.settlement_type == "sale_order"
            )
            if agents and not line.commission_free and not line.display_type:
                line.agent_ids = [
                    Command.create(line._prepare_agent_vals(agent)) for agent in agents
                ]
        return result

    def _prepare_invoice_line(self, **optional_values):
        """What the order has earned is not earned a second time by its invoice."""
        values = super()._prepare_invoice_line(**optional_values)
        values["agent_ids"] = [
            Command.create(
                {"agent_id": line.agent_id.id, "commission_id": line.commission_id.id}
            )
            for line in self.agent_ids
            if line.commission_id.settlement_type != "sale_order"
        ]
        return values


class SaleOrderLineAgent(models.Model):
    _inherit = "sale.order.line.agent"

    currency_id = fields.Many2one(related="object_id.currency_id")
    order_id = fields.Many2one(related="object_id.order_id", store=True, index=True)
    company_id = fields.Many2one(related="object_id.company_id", store=True)
    settlement_line_ids = fields.One2many(
        "commission.settlement.line", "sale_agent_line_id", readonly=True
    )
    settled_amount = fields.Monetary(compute="_compute_settled_amount")

    @api.depends("settlement_line_ids.settled_amount")
    def _compute_settled_amount(self):
        totals = dict(
            self.env["commission.settlement.line"]._read_group(
                [
                    ("sale_agent_line_id", "in", self.ids),
                    ("settlement_id.state", "!=", "cancel"),
                ],
                ["sale_agent_line_id"],
                ["settled_amount:sum"],
            )
        )
        for line in self:
            line.settled_amount = totals.get(line._origin, 0.0)

    def _get_earned_amount(self):
        """Return what the line has earned: nothing before the order, or after its end.

        What was credited to the customer is given back: the delivered part that was
        refunded earns nothing.
        """
        self.ensure_one()
        order_line = self.object_id
        if order_line.order_id.state != "sale":
            return 0.0
        refunded = sum(
            line.price_subtotal
            for line in order_line.invoice_lines
            if line.parent_state == "posted" and line.move_id.move_type == "out_refund"
        )
        if not refunded or not order_line.price_subtotal:
            return self.amount
        kept = max(0.0, 1.0 - refunded / order_line.price_subtotal)
        return self.currency_id.round(self.amount * kept)
