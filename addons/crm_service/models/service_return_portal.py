"""What a customer may ask to send back, and the return made of it."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .service_upload import refuse_uploads


class ServiceReturn(models.Model):
    _inherit = "service.return"

    @api.model
    def _get_portal_choices(self, user, order=None, asset=None):
        """Return {key: what ``user`` may send back}, youngest delivery first.

        Deliveries of orders and installed products that the user may read, no others.
        """
        partner = user.commercial_partner_id
        # a customer has no right on stock: rows of his company are read for him, and
        # only those behind an order that he may read himself are shown
        deliveries = [
            delivery
            for delivery in self.sudo()._get_deliveries(
                partner, self.env.company, asset.sudo().product_id if asset else None
            )
            if delivery.rest > 0
            and (not asset or delivery.lot_id == asset.sudo().lot_id.id)
        ]
        moves = self.env["stock.move"].sudo().browse(d.move_id for d in deliveries)
        orders = moves.sale_line_id.order_id.with_user(user).sudo(False)
        readable = orders._filtered_access("read")
        own_only = user.partner_id.portal_scope == "own"
        choices = {}
        for delivery, move in zip(deliveries, moves, strict=True):
            sold = move.sale_line_id.order_id
            if sold.id not in readable.ids if sold else own_only:
                continue
            if order and sold.id != order.id:
                continue
            lot = self.env["stock.lot"].sudo().browse(delivery.lot_id or [])
            key = f"{delivery.move_id}-{delivery.lot_id or 0}"
            choices[key] = {
                "delivery": delivery,
                "product": move.product_id.display_name,
                "unit": move.product_id.uom_id.name,
                "serial": move.product_id.tracking == "serial",
                "lot": lot.name or "",
                "order": sold.name or move.picking_id.name or "",
                "date": move.date,
                "rest": delivery.rest,
            }
        if asset and not choices:
            choices |= self._get_portal_asset_choice(asset.sudo())
        return choices

    def _get_portal_asset_choice(self, asset):
        """An installed product whose delivery is not in our books."""
        line = self.env["service.return.line"].sudo().new({"asset_id": asset.id})
        left = line._get_asset_rest()
        if not left:
            return {}
        return {
            f"asset-{asset.id}": {
                "asset": asset,
                "product": asset.product_id.display_name,
                "unit": asset.product_id.uom_id.name,
                "serial": asset.product_id.tracking == "serial",
                "lot": asset.lot_id.name or "",
                "order": "",
                "date": asset.delivery_date,
                "rest": left,
            }
        }

    @api.model
    def _create_from_portal(
        self, user, quantities, reason, choices, reference=None, photos=()
    ):
        """Open a draft return for a customer; refuse more than there is in words.

        :param quantities: {key of a choice: quantity}
        :param photos: [(name, content)] of pictures and PDF
        """
        refuse_uploads(self.env, photos)
        lines = []
        for key, quantity in quantities.items():
            choice = choices.get(key)
            if not choice:
                raise UserError(
                    self.env._("This product cannot be sent back from here.")
                )
            if quantity > choice["rest"]:
                raise UserError(
                    self.env._(
                        "Of %(product)s you can send back %(rest)g at most.",
                        product=choice["product"],
                        rest=choice["rest"],
                    )
                )
            lines.append(Command.create(self._prepare_portal_line(choice, quantity)))
        if not lines:
            raise UserError(self.env._("Enter the quantity of what you send back."))
        if not reason:
            raise UserError(self.env._("Tell us what is wrong."))
        # the portal may not create returns: every value is ours or was checked above
        case = self.sudo().create(
            {
                "partner_id": user.partner_id.id,
                "company_id": self.env.company.id,
                "origin": "portal",
                "user_id": False,
                "reason": reason,
                "customer_reference": reference,
                "line_ids": lines,
            }
        )
        case._ensure_request()
        case._add_photos(user, photos)
        return case

    @api.model
    def _prepare_portal_line(self, choice, quantity):
        if "asset" in choice:
            return {"asset_id": choice["asset"].id, "quantity": quantity}
        delivery = choice["delivery"]
        assets = self.env["service.asset"].sudo()
        if delivery.lot_id:
            # the own installed product, found by the number that was delivered
            assets = assets.search(
                [
                    ("lot_id", "=", delivery.lot_id),
                    ("commercial_partner_id", "=", delivery.partner_id),
                    ("state", "in", ("delivered", "active")),
                ],
                limit=1,
            )
        return {
            "asset_id": assets[:1].id,
            "product_id": delivery.product_id,
            "lot_id": delivery.lot_id or False,
            "move_id": delivery.move_id,
            "sale_line_id": delivery.sale_line_id or False,
            "quantity": quantity,
        }
