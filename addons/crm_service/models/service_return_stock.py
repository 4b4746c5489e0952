"""The warehouse's part of a return: receipt, way back, replacement, scrap."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class StockMove(models.Model):
    _inherit = "stock.move"

    service_return_line_id = fields.Many2one(
        "service.return.line", "Return", copy=False, index="btree_not_null"
    )
    service_return_role = fields.Selection(
        [
            ("receipt", "Comes back"),
            ("back", "Goes back to the customer"),
            ("replacement", "Replacement"),
        ],
        "Part of the return",
        copy=False,
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        fnames = super()._prepare_merge_moves_distinct_fields()
        return [*fnames, "service_return_line_id", "service_return_role"]

    def _prepare_move_split_vals(self, qty):
        return super()._prepare_move_split_vals(qty) | {
            "service_return_line_id": self.service_return_line_id.id,
            "service_return_role": self.service_return_role,
        }

    def _action_done(self, cancel_backorder=False):
        self._check_return_lots()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        # the return follows the warehouse, whose people need no right on returns
        moves.sudo().service_return_line_id.return_id._refresh_state()
        return moves

    def _action_cancel(self):
        result = super()._action_cancel()
        # as above
        self.sudo().service_return_line_id.return_id._refresh_state()
        return result

    def _check_return_lots(self):
        """What comes in is the number that was authorised, and no other."""
        for move in self.filtered(lambda m: m.service_return_role == "receipt"):
            expected = move.service_return_line_id.sudo().lot_id
            got = move.move_line_ids.filtered("quantity").lot_id
            if expected and got - expected:
                raise UserError(
                    self.env._(
                        "%(got)s came in, %(expected)s was authorised with %(number)s. "
                        "Put it aside and ask the service desk.",
                        got=", ".join((got - expected).mapped("name")),
                        expected=expected.name,
                        number=move.service_return_line_id.sudo().return_id.name,
                    )
                )


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        fnames = super()._get_custom_move_fields()
        return [*fnames, "service_return_line_id", "service_return_role"]


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "service.return.origin"]
    _return_lines_path = "move_ids.service_return_line_id"

    def _update_service_assets(self):
        """A repaired product is the old one; a replacement inherits its warranty."""
        # see the base method
        for move in self.sudo().move_ids.filtered(
            lambda m: (
                m.state == "done"
                and m.location_dest_id.usage == "customer"
                and m.service_return_line_id.asset_id
            )
        ):
            move._put_asset_back()
        return super()._update_service_assets()


class StockMoveAsset(models.Model):
    _inherit = "stock.move"

    def _put_asset_back(self):
        """Bring the installed base in line with what went to the customer."""
        asset = self.service_return_line_id.asset_id
        if self.service_return_role == "back":
            if asset.state == "returned":
                asset.state = "active"
                asset._message_log(
                    body=self.env._(
                        "Went back with %(picking)s.", picking=self.picking_id.name
                    )
                )
        elif asset.state not in ("replaced", "retired"):
            lot = self.move_line_ids.lot_id[:1]
            new = asset._replace(lot, self.product_id)
            new.picking_id = self.picking_id


class ServiceReturnLine(models.Model):
    _inherit = "service.return.line"

    def _to_move_quantity(self, move, quantity):
        return self.uom_id._compute_quantity(quantity, move.product_uom or self.uom_id)

    # -- receipt ---------------------------------------------------------------------

    def _prepare_return_wizard_line(self, move, quantity, role, to_refund):
        return {
            "product_id": self.product_id.id,
            "move_id": move.id,
            "quantity": self._to_move_quantity(move, quantity),
            "to_refund": to_refund,
            "service_return_line_id": self.id,
            "service_return_role": role,
        }

    def _set_lots(self, picking):
        """Say which number is expected; the warehouse need not look it up."""
        for move in picking.move_ids:
            line = move.service_return_line_id
            if not line.lot_id or move.move_line_ids.lot_id == line.lot_id:
                continue
            move.move_line_ids.unlink()
            vals = move._prepare_move_line_vals(quantity=move.product_uom_qty)
            vals["lot_id"] = line.lot_id.id
            move.move_line_ids = [Command.create(vals)]

    def _create_receipt_without_delivery(self, warehouse):
        """Announce goods whose delivery is not in our books, from their owner."""
        picking_type = warehouse.in_type_id
        partner = self.return_id.partner_id
        source = partner.property_stock_customer
        picking = self.env["stock.picking"].create(
            {
                "partner_id": partner.id,
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": picking_type.default_location_dest_id.id,
                "origin": self.return_id.name,
                "company_id": self.company_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom": line.uom_id.id,
                            "product_uom_qty": line.quantity,
                            "location_id": source.id,
                            "location_dest_id": (
                                picking_type.default_location_dest_id.id
                            ),
                            "company_id": line.company_id.id,
                            "service_return_line_id": line.id,
                            "service_return_role": "receipt",
                        }
                    )
                    for line in self
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    # -- the way to the customer -----------------------------------------------------

    def _ship_back(self):
        """Send back what came in: repaired, or not accepted."""
        pickings = self.env["stock.picking"]
        for line in self:
            received = line.move_ids.filtered(
                lambda m: m.service_return_role == "receipt" and m.state == "done"
            )
            gone = line.move_ids.filtered(
                lambda m: m.service_return_role == "back" and m.state != "cancel"
            )
            if gone:
                continue
            for picking, moves in received.grouped("picking_id").items():
                wizard = self.env["stock.return.picking"].create(
                    {
                        "picking_id": picking.id,
                        "product_return_moves": [
                            Command.create(
                                line._prepare_return_wizard_line(
                                    move,
                                    move.product_uom._compute_quantity(
                                        move.quantity, line.uom_id
                                    ),
                                    "back",
                                    False,
                                )
                            )
                            for move in moves
                        ],
                    }
                )
                pickings |= wizard._create_return()
        pickings.origin = ", ".join(self.return_id.mapped("name"))
        return pickings

    def _send_replacement(self):
        """Order a new one from the warehouse, by its own routes."""
        procurements = []
        Procurement = self.env["stock.rule"].Procurement
        for line in self:
            case = line.return_id
            partner = line.order_id.partner_shipping_id or case.partner_id
            location = partner.property_stock_customer
            procurements.append(
                Procurement(
                    line.product_id,
                    line._get_quantity(),
                    line.uom_id,
                    location,
                    line.product_id.display_name,
                    case.name,
                    line.company_id,
                    {
                        "reference_ids": case._get_stock_reference(),
                        "date_planned": fields.Datetime.now(),
                        "warehouse_id": case._get_warehouse(),
                        "partner_id": partner.id,
                        "location_final_id": location,
                        "company_id": line.company_id,
                        "service_return_line_id": line.id,
                        "service_return_role": "replacement",
                    },
                )
            )
        if procurements:
            self.env["stock.rule"].run(procurements)

    def _scrap_received(self):
        """Take what is of no use out of the stock."""
        for line in self:
            for move in line.move_ids.filtered(
                lambda m: m.service_return_role == "receipt" and m.state == "done"
            ):
                scrap = self.env["stock.scrap"].create(
                    {
                        "product_id": line.product_id.id,
                        "lot_id": line.lot_id.id,
                        "scrap_qty": line.quantity_received,
                        "product_uom_id": line.uom_id.id,
                        "location_id": move.location_dest_id.id,
                        "company_id": line.company_id.id,
                        "origin": line.return_id.name,
                    }
                )
                scrap.do_scrap()
                break


class ServiceReturn(models.Model):
    _inherit = "service.return"

    def _create_receipts(self):
        """Announce what comes back: one receipt for each delivery it came with."""
        # An agent need not be a user of the warehouse: what he authorises is announced.
        case = self.sudo()
        pickings = self.env["stock.picking"].sudo()
        known = case.line_ids.filtered("move_id.picking_id")
        groups = known.grouped(lambda line: line.move_id.picking_id)
        for picking, lines in groups.items():
            wizard = pickings.env["stock.return.picking"].create(
                {
                    "picking_id": picking.id,
                    "product_return_moves": [
                        Command.create(
                            line._prepare_return_wizard_line(
                                line.move_id,
                                line.quantity,
                                "receipt",
                                line.resolution == "credit",
                            )
                        )
                        for line in lines
                    ],
                }
            )
            pickings |= wizard._create_return()
        other = case.line_ids - known
        if other:
            pickings |= other._create_receipt_without_delivery(case._get_warehouse())
        for picking in pickings:
            picking.origin = case.name
            case.line_ids._set_lots(picking)
        return pickings

    def _get_stock_reference(self):
        """Keep the replacement apart from other deliveries to the customer."""
        self.ensure_one()
        references = self.env["stock.reference"]
        found = references.search([("name", "=", self.name)], limit=1)
        return found or references.create({"name": self.name})
