"""The workshop's part of a return."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import returns as kernel


class RepairOrder(models.Model):
    _inherit = "repair.order"

    service_return_line_id = fields.Many2one(
        "service.return.line", "Return line", copy=False, index="btree_not_null"
    )
    service_return_id = fields.Many2one(
        related="service_return_line_id.return_id", string="Return", store=True
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("done", "cancel"):
            # the return follows the workshop, whose people need no right on returns
            lines = self.sudo().service_return_line_id
            lines.filtered(
                lambda line: "done" in line.repair_ids.mapped("state")
            )._ship_back()
            lines.return_id._refresh_state()
        return result

    def action_view_service_return(self):
        self.ensure_one()
        return self.service_return_id._get_form_action()


class ServiceReturnLine(models.Model):
    _inherit = "service.return.line"

    def _settle(self):
        """Make the documents that each line asks for."""
        lines = self.filtered(lambda line: not line.settled)
        # Agents decide; warehouse, workshop and finance get drafts of theirs.
        work = lines.sudo().filtered(lambda line: line._get_quantity())
        by = work.grouped("resolution")
        none = work.browse()
        by.get("repair", none)._create_repairs()
        by.get("replace", none)._send_replacement()
        by.get("reject", none)._ship_back()
        credit = by.get("credit", none)
        credit._count_as_returned()
        credit._create_credit_notes()
        work.filtered(
            lambda line: line.scrap and line.resolution in ("replace", "credit")
        )._scrap_received()
        lines.sudo().settled = True  # the state is the system's

    def _create_repairs(self):
        repairs = self.env["repair.order"]
        for line in self:
            repairs |= repairs.create(line._prepare_repair())
        repairs._action_repair_confirm()
        return repairs

    def _prepare_repair(self):
        receipt = self.move_ids.filtered(
            lambda m: m.service_return_role == "receipt" and m.state == "done"
        )[:1]
        warehouse = self.return_id._get_warehouse()
        vals = {
            "product_id": self.product_id.id,
            "product_qty": self._get_quantity(),
            "product_uom": self.uom_id.id,
            "lot_id": self.lot_id.id,
            "partner_id": self.return_id.partner_id.id,
            "company_id": self.company_id.id,
            "picking_id": receipt.picking_id.id,
            "picking_type_id": warehouse.repair_type_id.id,
            "under_warranty": self.coverage != kernel.CHARGED,
            "internal_notes": self.finding or self.note or self.return_id.reason,
            "user_id": self.return_id.user_id.id,
            "service_return_line_id": self.id,
        }
        if receipt:
            place = receipt.location_dest_id.id
            vals |= {
                "product_location_src_id": place,
                "product_location_dest_id": place,
            }
        return vals


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_return_id = fields.Many2one(
        "service.return", "Charges return", copy=False, index="btree_not_null"
    )


class ServiceReturn(models.Model):
    _inherit = "service.return"

    charge_order_ids = fields.One2many(
        "sale.order", "service_return_id", "Quotations of repairs"
    )
    charged_open = fields.Boolean(
        compute="_compute_charged_open",
        help="A repair is charged, and no quotation is made yet.",
    )

    @api.depends(
        "line_ids.resolution",
        "line_ids.coverage",
        "line_ids.repair_ids.state",
        "charge_order_ids.state",
    )
    def _compute_charged_open(self):
        for case in self:
            orders = case.sudo().charge_order_ids  # a yes or no only
            case.charged_open = bool(case._get_charged_repairs()) and all(
                order.state == "cancel" for order in orders
            )

    def _get_charged_repairs(self):
        lines = self.sudo().line_ids.filtered(
            lambda line: line.resolution == "repair" and line.coverage == kernel.CHARGED
        )
        return lines.repair_ids.filtered(lambda repair: repair.state != "cancel")

    def _check_repair_credit(self):
        """Ask the credit gate before work that the customer has to pay is planned."""
        self.ensure_one()
        charged = self.line_ids.filtered(
            lambda line: line.resolution == "repair" and line.coverage == kernel.CHARGED
        )
        decision = self.ticket_id.sudo().decision_id  # a yes or no only
        if not charged or decision.trigger == "override":
            return
        hour = self.company_id.service_labour_product_id.lst_price
        amount = sum(charged.mapped("repair_hours")) * hour
        checks = (
            self.env["res.partner"]
            .with_company(self.company_id)
            ._credit_gate("repair", {self: (self.commercial_partner_id, amount)})
        )
        check = checks[self]
        if check.result == "block":
            raise UserError(
                self.env._(
                    "The repair of %(number)s would be charged, and the customer is "
                    "stopped by credit: %(reason)s Ask finance for a release, repair "
                    "as goodwill, or reject.",
                    number=self.name,
                    reason=check.sudo().reason,
                )
            )

    def action_quote_repair(self):
        """Make one quotation of parts and hours of all charged repairs."""
        self.ensure_one()
        self.check_access("write")
        repairs = self._get_charged_repairs().filtered(lambda r: not r.sale_order_id)
        if not repairs:
            raise UserError(
                self.env._(
                    "No repair of %(number)s is to be charged.", number=self.name
                )
            )
        # An agent need not be a seller; the quotation is a draft in his name.
        order = (
            self.env["sale.order"].sudo().create(self._prepare_repair_quote(repairs))
        )
        repairs.move_ids._create_repair_sale_order_line()
        self._message_log(
            body=self.env._("Quotation %(order)s for the repair.", order=order.name)
        )
        return self._get_document_action(order, self.env._("Quotation"))

    def _prepare_repair_quote(self, repairs):
        labour = self.company_id.service_labour_product_id
        lines = repairs.service_return_line_id
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "warehouse_id": self.sudo()._get_warehouse().id,  # see action_quote_repair
            "origin": self.name,
            "client_order_ref": self.customer_reference,
            "user_id": self.env.uid,
            "service_return_id": self.id,
            "repair_order_ids": [Command.set(repairs.ids)],
            "order_line": [
                Command.create(
                    {
                        "product_id": labour.id,
                        "product_uom_qty": line.repair_hours,
                        "name": self.env._(
                            "Repair of %(product)s", product=line.display_name
                        ),
                    }
                )
                for line in lines
                if labour and line.repair_hours
            ],
        }
