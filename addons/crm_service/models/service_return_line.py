from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import returns as kernel

RESOLUTIONS = [
    ("repair", "Repair"),
    ("replace", "Replace"),
    ("credit", "Credit"),
    ("reject", "Reject"),
]


class ServiceReturnLine(models.Model):
    """One product, or one lot of it, of one delivery."""

    _name = "service.return.line"
    _description = "Return Line"
    _order = "return_id, sequence, id"
    _check_company_auto = True

    return_id = fields.Many2one(
        "service.return", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="return_id.company_id", store=True)
    partner_id = fields.Many2one(
        related="return_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    return_state = fields.Selection(related="return_id.state", string="State of return")
    asset_id = fields.Many2one(
        "service.asset",
        "Installed product",
        index="btree_not_null",
        domain="[('commercial_partner_id', '=?', partner_id)]",
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_from_asset",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        check_company=True,
        domain=[("type", "=", "consu")],
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial",
        compute="_compute_from_asset",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('product_id', '=', product_id)]",
        check_company=True,
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order line",
        compute="_compute_move_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    order_id = fields.Many2one(
        related="sale_line_id.order_id", string="Sales order", store=True
    )
    move_id = fields.Many2one(
        "stock.move",
        "Delivery",
        compute="_compute_move_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="The delivery that these goods came with.",
    )
    reason_id = fields.Many2one(
        "service.cause", "Defect", domain=[("kind", "=", "defect")]
    )
    note = fields.Char("Said by the customer")
    finding = fields.Text("Found at inspection")
    resolution = fields.Selection(RESOLUTIONS, index=True)
    goodwill = fields.Boolean(help="We repair for nothing though nothing obliges us.")
    scrap = fields.Boolean(
        "To scrap", help="What came back is of no use and leaves the stock."
    )
    settled = fields.Boolean(readonly=True, copy=False)
    coverage = fields.Selection(
        [
            (kernel.WARRANTY, "Warranty"),
            (kernel.COVERED, "Covered"),
            (kernel.GOODWILL, "Goodwill"),
            (kernel.CHARGED, "Charged"),
        ],
        compute="_compute_coverage",
        store=True,
        help="Who pays for a repair: the warranty of the product, or the decision "
        "on the request.",
    )
    repair_hours = fields.Float(
        "Hours of repair", help="Expected; charged with the quotation of the repair."
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("repaired", "Repaired"),
            ("replaced", "Replaced"),
            ("credited", "Credited"),
            ("rejected", "Rejected"),
            ("missing", "Not received"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    quantity_received = fields.Float(
        "Received",
        compute="_compute_quantity_received",
        store=True,
        digits="Product Unit",
    )
    quantity_rest = fields.Float(
        "Can still come back",
        compute="_compute_quantity_rest",
        digits="Product Unit",
        help="What was delivered, less what came back or is announced.",
    )
    move_ids = fields.One2many("stock.move", "service_return_line_id", "Moves")
    repair_ids = fields.One2many("repair.order", "service_return_line_id", "Repairs")
    credit_line_ids = fields.One2many(
        "account.move.line", "service_return_line_id", "Credited with"
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A quantity that comes back is positive."
    )

    @api.depends("product_id", "lot_id")
    def _compute_display_name(self):
        for line in self:
            names = [line.product_id.display_name, line.lot_id.sudo().name]
            line.display_name = " ".join(filter(None, names))

    @api.depends("asset_id")
    def _compute_from_asset(self):
        for line in self:
            line.product_id = line.asset_id.product_id or line.product_id
            line.lot_id = line.asset_id.lot_id or line.lot_id

    @api.depends("product_id", "lot_id", "return_id.commercial_partner_id")
    def _compute_move_id(self):
        """Find the youngest delivery of it that can still come back."""
        for line in self:
            case = line.return_id
            if (
                line._fits_delivery()
                or not line.product_id
                or not case.commercial_partner_id
            ):
                continue
            found = [
                delivery
                for delivery in case._get_deliveries(
                    case.commercial_partner_id, case.company_id, line.product_id
                )
                if delivery.rest > 0
                and (not line.lot_id or delivery.lot_id == line.lot_id.id)
                and line.sale_line_id.id in (False, delivery.sale_line_id)
            ]
            best = next((d for d in found if d.rest >= line.quantity), None)
            best = best or next(iter(found), None)
            if best:
                line.move_id = best.move_id
                line.sale_line_id = best.sale_line_id

    def _fits_delivery(self):
        """Tell whether the delivery chosen brought this product and number."""
        move = self.sudo().move_id  # looked at for who may not open deliveries
        return (
            move
            and move.product_id == self.product_id
            and (not self.lot_id or self.lot_id in move.move_line_ids.lot_id)
        )

    @api.depends("goodwill", "asset_id.warranty_end", "return_id.decision_id")
    def _compute_coverage(self):
        for line in self:
            case = line.return_id
            until = line.asset_id.warranty_end
            line.coverage = kernel.coverage(
                goodwill=line.goodwill,
                warranty=bool(until and until >= case.date),
                outcome=case.decision_id.outcome or None,
            )

    @api.depends("move_ids.state", "move_ids.quantity", "move_ids.service_return_role")
    def _compute_quantity_received(self):
        for line in self:
            line.quantity_received = sum(
                move.product_uom._compute_quantity(move.quantity, line.uom_id)
                for move in line.move_ids
                if move.service_return_role == "receipt" and move.state == "done"
            )

    @api.depends("move_id", "lot_id", "return_state")
    def _compute_quantity_rest(self):
        rests = self.return_id._get_rests(self) if self else {}
        for line in self:
            line.quantity_rest = rests.get(line, 0.0)

    @api.depends(
        "settled",
        "resolution",
        "quantity_received",
        "repair_ids.state",
        "move_ids.state",
        "move_ids.service_return_role",
        "credit_line_ids.parent_state",
    )
    def _compute_state(self):
        for line in self:
            line.state = line._get_state() if line.settled else "open"

    def _get_state(self):
        self.ensure_one()
        if not self._get_quantity():
            return "missing"
        back = self._is_shipped("back")
        if self.resolution == "repair":
            done = "done" in self.repair_ids.mapped("state")
            busy = set(self.repair_ids.mapped("state")) - {"done", "cancel"}
            returned = back or (self.return_id.no_receipt and back is None)
            return "repaired" if done and not busy and returned else "open"
        if self.resolution == "replace":
            return "replaced" if self._is_shipped("replacement") else "open"
        if self.resolution == "credit":
            states = set(self.credit_line_ids.mapped("parent_state")) - {"cancel"}
            return "credited" if states == {"posted"} else "open"
        return "open" if back is False else "rejected"

    def _is_shipped(self, role):
        """Return whether the goods have left; None if there is nothing to ship."""
        moves = self.move_ids.filtered(
            lambda move: (
                move.service_return_role == role
                and move.location_dest_id.usage == "customer"
                and move.state != "cancel"
            )
        )
        return all(move.state == "done" for move in moves) if moves else None

    def _get_quantity(self):
        """Return the quantity that is settled: what came, or what is claimed."""
        self.ensure_one()
        return self.quantity if self.return_id.no_receipt else self.quantity_received

    # -- rules -----------------------------------------------------------------------

    #: What stands still once the return is authorised.
    _FROZEN = {
        "return_id",
        "product_id",
        "lot_id",
        "quantity",
        "move_id",
        "sale_line_id",
        "asset_id",
    }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_unfrozen(lambda line: line.return_state != "draft")
        return lines

    def write(self, vals):
        if vals.keys() & self._FROZEN:
            self._check_unfrozen(lambda line: line.return_state != "draft")
        if "resolution" in vals:
            self._check_unfrozen(lambda line: line.settled)
        return super().write(vals)

    def _check_unfrozen(self, frozen):
        for line in self.filtered(frozen):
            raise UserError(
                self.env._(
                    "%(product)s on the return %(number)s cannot be changed any more.",
                    product=line.display_name,
                    number=line.return_id.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._check_unfrozen(lambda line: line.return_state not in ("draft",))

    @api.constrains("product_id", "lot_id", "quantity")
    def _check_lot(self):
        for line in self:
            if line.lot_id and line.lot_id.sudo().product_id != line.product_id:
                raise ValidationError(
                    self.env._(
                        "%(lot)s is not a number of %(product)s.",
                        lot=line.lot_id.sudo().name,
                        product=line.product_id.display_name,
                    )
                )
            if line.tracking == "serial" and line.quantity != 1:
                raise ValidationError(
                    self.env._(
                        "A serial number comes back once: enter a line for each "
                        "%(product)s.",
                        product=line.product_id.display_name,
                    )
                )
