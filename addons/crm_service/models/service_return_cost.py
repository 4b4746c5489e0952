"""What a return has cost us: parts, goods, hours, freight."""

from odoo import api, fields, models

from ..tools import returns as kernel

_COST_GROUPS = "crm_service.group_service_manager,account.group_account_invoice"


class ServiceWorkLine(models.Model):
    _inherit = "service.work.line"

    return_id = fields.Many2one(
        "service.return",
        compute="_compute_return_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('ticket_id', '=', ticket_id)]",
        help="The return that this work was for.",
    )

    @api.depends("ticket_id")
    def _compute_return_id(self):
        for line in self:
            returns = line.ticket_id.sudo().return_ids.filtered(
                lambda case: case.state not in ("draft", "cancelled")
            )
            if not line.return_id and len(returns) == 1:
                line.return_id = returns

    @api.depends("return_id.charge_order_ids.state")
    def _compute_invoice_status(self):
        """Hours of a repair sold by quotation are invoiced with its order."""
        result = super()._compute_invoice_status()
        for line in self:
            orders = line.return_id.charge_order_ids
            if line.invoice_status == "to_invoice" and "sale" in orders.mapped("state"):
                line.invoice_status = "no"
        return result


class ServiceReturnLine(models.Model):
    _inherit = "service.return.line"

    cost_parts = fields.Monetary(
        compute="_compute_cost_parts",
        store=True,
        currency_field="company_currency_id",
        groups=_COST_GROUPS,
        help="Parts of a repair that nobody is charged for.",
    )
    cost_goods = fields.Monetary(
        compute="_compute_cost_goods",
        store=True,
        currency_field="company_currency_id",
        groups=_COST_GROUPS,
        help="Goods lost: replaced or credited, and of no use or not sent back.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )

    @api.depends("repair_ids.state", "repair_ids.move_ids.state", "coverage")
    def _compute_cost_parts(self):
        for line in self:
            parts = line.repair_ids.move_ids.filtered(
                lambda move: move.repair_line_type == "add" and move.state == "done"
            )
            free = line.coverage != kernel.CHARGED
            line.cost_parts = sum(
                move.product_id.with_company(line.company_id).standard_price
                * move.product_uom._compute_quantity(
                    move.quantity, move.product_id.uom_id
                )
                for move in parts
                if free
            )

    @api.depends("resolution", "scrap", "settled", "quantity_received", "quantity")
    def _compute_cost_goods(self):
        for line in self:
            lost = line.scrap or line.return_id.no_receipt
            counts = line.settled and lost and line.resolution in ("replace", "credit")
            product = line.product_id.with_company(line.company_id)
            line.cost_goods = (
                product.standard_price * line._get_quantity() if counts else 0.0
            )


class ServiceReturn(models.Model):
    _inherit = "service.return"

    currency_id = fields.Many2one(related="company_id.currency_id")
    work_line_ids = fields.One2many("service.work.line", "return_id", "Time and parts")
    cost_freight = fields.Monetary(
        "Freight",
        tracking=True,
        groups=_COST_GROUPS,
        help="What the way here and back cost us, where no carrier says it on the "
        "transfer.",
    )
    cost_parts = fields.Monetary(
        "Parts", compute="_compute_costs", store=True, groups=_COST_GROUPS
    )
    cost_goods = fields.Monetary(
        "Goods", compute="_compute_costs", store=True, groups=_COST_GROUPS
    )
    cost_work = fields.Monetary(
        "Hours and parts booked",
        compute="_compute_costs",
        store=True,
        groups=_COST_GROUPS,
    )
    cost_total = fields.Monetary(
        "Cost of the return", compute="_compute_costs", store=True, groups=_COST_GROUPS
    )

    @api.depends(
        "line_ids.cost_parts",
        "line_ids.cost_goods",
        "cost_freight",
        "work_line_ids.cost",
        "work_line_ids.state",
        "work_line_ids.coverage",
    )
    def _compute_costs(self):
        for case in self:
            case.cost_parts = sum(case.line_ids.mapped("cost_parts"))
            case.cost_goods = sum(case.line_ids.mapped("cost_goods"))
            case.cost_work = sum(
                work.cost
                for work in case.work_line_ids
                if work.state == "confirmed"
                and work.coverage in ("covered", "goodwill")
            )
            case.cost_total = (
                case.cost_parts + case.cost_goods + case.cost_work + case.cost_freight
            )
