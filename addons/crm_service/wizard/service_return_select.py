from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class ServiceReturnSelect(models.TransientModel):
    """Choose what comes back from what was delivered; nothing is typed."""

    _name = "service.return.select"
    _description = "Choose What Comes Back"

    return_id = fields.Many2one("service.return")
    ticket_id = fields.Many2one("helpdesk.ticket", "Request")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
    )
    order_id = fields.Many2one("sale.order", "Sales order")
    asset_id = fields.Many2one("service.asset", "Installed product")
    product_id = fields.Many2one("product.product")
    reason = fields.Text("What is wrong")
    line_ids = fields.One2many(
        "service.return.select.line",
        "select_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("return_id")
    def _compute_partner_id(self):
        for select in self:
            select.partner_id = select.return_id.partner_id or select.partner_id

    @api.depends("partner_id", "order_id", "asset_id", "product_id", "return_id")
    def _compute_line_ids(self):
        for select in self:
            lines = select._get_lines()
            select.line_ids = [Command.clear(), *map(Command.create, lines)]

    def _get_lines(self):
        """Return the values of what can still come back, youngest first."""
        partner = self.partner_id.commercial_partner_id
        if not partner:
            return []
        company = self.return_id.company_id or self.company_id
        self._check_own_company(company)
        found = [
            delivery
            for delivery in self.env["service.return"]._get_deliveries(
                partner, company, self.asset_id.product_id or self.product_id
            )
            if delivery.rest > 0
        ]
        # deliveries of this customer; agents need not be users of the warehouse
        moves = self.env["stock.move"].sudo().browse(d.move_id for d in found)
        lines = [
            self._prepare_line(delivery, move)
            for delivery, move in zip(found, moves, strict=True)
            if not self.order_id or move.sale_line_id.order_id == self.order_id
        ]
        if self.asset_id:
            lot = self.asset_id.lot_id
            lines = [line for line in lines if line["lot_id"] == lot.id]
            lines = [line | {"quantity": line["rest"]} for line in lines[:1]]
            lines = lines or [self._prepare_asset_line()]
        elif len(lines) == 1:
            lines[0]["quantity"] = lines[0]["rest"]
        return lines

    def _check_own_company(self, company):
        """Deliveries are read by statement, past the rules of the warehouse.

        The lines are computed by the system: companies of the context prove nothing.
        """
        if company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("You do not work for %(company)s.", company=company.name)
            )

    def _prepare_line(self, delivery, move):
        assets = self.env["service.asset"].search(
            [
                ("lot_id", "=", delivery.lot_id),
                ("commercial_partner_id", "=", delivery.partner_id),
                ("state", "in", ("delivered", "active")),
            ],
            limit=1,
        )
        return {
            "move_id": delivery.move_id,
            "product_id": delivery.product_id,
            "lot_id": delivery.lot_id or False,
            "sale_line_id": delivery.sale_line_id or False,
            "asset_id": assets.id if delivery.lot_id else False,
            "delivery": move.picking_id.name or move.reference,
            "order_name": move.sale_line_id.order_id.name,
            "date": move.date,
            "delivered": delivery.delivered,
            "rest": delivery.rest,
            "quantity": 0.0,
        }

    def _prepare_asset_line(self):
        """An installed product whose delivery is not in our books."""
        return {
            "asset_id": self.asset_id.id,
            "product_id": self.asset_id.product_id.id,
            "lot_id": self.asset_id.lot_id.id,
            "delivered": self.asset_id.quantity,
            "rest": self.asset_id.quantity,
            "quantity": self.asset_id.quantity,
        }

    def action_apply(self):
        """Put the chosen lines on the return; open a new one if there is none."""
        self.ensure_one()
        chosen = self.line_ids.filtered(lambda line: line.quantity > 0)
        if not chosen:
            raise UserError(self.env._("Enter the quantity of what comes back."))
        case = self.return_id
        if not case:
            case = self.env["service.return"].create(
                {
                    "partner_id": self.ticket_id.partner_id.id or self.partner_id.id,
                    "ticket_id": self.ticket_id.id,
                    "company_id": self.company_id.id,
                    "reason": self.reason or self.ticket_id.name,
                }
            )
        case.line_ids = [Command.create(line._prepare_return_line()) for line in chosen]
        return case._get_form_action()


class ServiceReturnSelectLine(models.TransientModel):
    _name = "service.return.select.line"
    _description = "Delivered, Can Come Back"

    select_id = fields.Many2one(
        "service.return.select", required=True, ondelete="cascade"
    )
    move_id = fields.Many2one("stock.move", "Delivery line")
    sale_line_id = fields.Many2one("sale.order.line", "Order line")
    asset_id = fields.Many2one("service.asset", "Installed product")
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    delivery = fields.Char(readonly=True)
    order_name = fields.Char("Order", readonly=True)
    date = fields.Datetime("Delivered on", readonly=True)
    delivered = fields.Float(readonly=True, digits="Product Unit")
    rest = fields.Float("Can come back", readonly=True, digits="Product Unit")
    quantity = fields.Float("Comes back", digits="Product Unit")

    def _prepare_return_line(self):
        return {
            "asset_id": self.asset_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "move_id": self.move_id.id,
            "sale_line_id": self.sale_line_id.id,
            "quantity": self.quantity,
        }
