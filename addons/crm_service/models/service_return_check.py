"""What was delivered, what of it can still come back, and why something cannot."""

from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import returns as kernel


class Delivery(NamedTuple):
    """A lot (or the untracked quantity) of a done delivery, in the product's unit."""

    move_id: int
    lot_id: int | None
    product_id: int
    sale_line_id: int | None
    partner_id: int
    company_id: int
    delivered: float
    rest: float


class ServiceReturn(models.Model):
    _inherit = "service.return"

    @api.model
    def _get_deliveries(self, partner, company, product=None, lot=None, moves=None):
        """Return what was delivered, youngest first, in one statement.

        :param partner: commercial partner, or none for deliveries to anybody
        """
        self.env.flush_all()
        conditions = [SQL("sm.company_id = %s", company.id)] if company else []
        if partner:
            conditions.append(
                SQL(
                    "%s = %s",
                    SQL(self._DELIVERY_PARTNER),
                    partner.commercial_partner_id.id,
                )
            )
        if product:
            conditions.append(SQL("sm.product_id IN %s", tuple(product.ids)))
        if lot:
            conditions.append(SQL("sml.lot_id = %s", lot.id))
        if moves is not None:
            conditions.append(SQL("sm.id IN %s", tuple(moves.ids) or (0,)))
        rows = self.env.execute_query(
            SQL(
                self._DELIVERY_SQL,
                partner=SQL(self._DELIVERY_PARTNER),
                where=SQL(" AND ").join(conditions or [SQL("TRUE")]),
            )
        )
        return [
            Delivery(*row[:6], float(row[6]), kernel.rest(float(row[6]), [row[7]]))
            for row in rows
        ]

    _DELIVERY_PARTNER = """coalesce(rc.commercial_partner_id, sp.commercial_partner_id,
                                    pp.commercial_partner_id)"""
    _DELIVERY_SQL = """
        WITH delivered AS (
            SELECT sm.id AS move_id, sml.lot_id, sm.product_id, sm.sale_line_id,
                   %(partner)s AS partner_id, sm.company_id,
                   sum(sml.quantity_product_uom) AS quantity, max(sm.date) AS date
              FROM stock_move sm
              JOIN stock_move_line sml ON sml.move_id = sm.id AND sml.state = 'done'
              JOIN stock_location src ON src.id = sml.location_id
              JOIN stock_location dst ON dst.id = sml.location_dest_id
         LEFT JOIN stock_picking pk ON pk.id = sm.picking_id
         LEFT JOIN res_partner pp ON pp.id = pk.partner_id
         LEFT JOIN sale_order_line sol ON sol.id = sm.sale_line_id
         LEFT JOIN sale_order so ON so.id = sol.order_id
         LEFT JOIN res_partner sp ON sp.id = so.partner_id
         LEFT JOIN service_return_line rl ON rl.id = sm.service_return_line_id
         LEFT JOIN service_return rc ON rc.id = rl.return_id
             WHERE sm.state = 'done' AND dst.usage = 'customer'
               AND src.usage <> 'customer' AND %(where)s
          GROUP BY sm.id, sml.lot_id, rc.commercial_partner_id,
                   sp.commercial_partner_id, pp.commercial_partner_id
        ), taken AS (
            SELECT r.origin_returned_move_id AS move_id, ml.lot_id,
                   sum(ml.quantity_product_uom) AS quantity
              FROM stock_move r
              JOIN stock_move_line ml ON ml.move_id = r.id
             WHERE r.origin_returned_move_id IN (SELECT move_id FROM delivered)
               AND (r.state = 'done' OR r.state <> 'cancel' AND ml.lot_id IS NOT NULL)
          GROUP BY r.origin_returned_move_id, ml.lot_id
         UNION ALL
            SELECT r.origin_returned_move_id, NULL, sum(r.product_qty)
              FROM stock_move r
             WHERE r.origin_returned_move_id IN (SELECT move_id FROM delivered)
               AND r.state NOT IN ('done', 'cancel')
               AND NOT EXISTS (SELECT FROM stock_move_line ml
                                WHERE ml.move_id = r.id AND ml.lot_id IS NOT NULL)
          GROUP BY r.origin_returned_move_id
         UNION ALL
            SELECT l.move_id, l.lot_id, sum(l.quantity)
              FROM service_return_line l
              JOIN service_return c ON c.id = l.return_id
             WHERE l.move_id IN (SELECT move_id FROM delivered) AND c.no_receipt
               AND c.state NOT IN ('draft', 'cancelled')
               AND l.state IS DISTINCT FROM 'rejected'
          GROUP BY l.move_id, l.lot_id
        )
        SELECT d.move_id, d.lot_id, d.product_id, d.sale_line_id, d.partner_id,
               d.company_id, d.quantity,
               coalesce((SELECT sum(t.quantity) FROM taken t
                          WHERE t.move_id = d.move_id
                            AND t.lot_id IS NOT DISTINCT FROM d.lot_id), 0)
          FROM delivered d
      ORDER BY d.date DESC, d.move_id DESC, d.lot_id"""

    @api.model
    def _get_rests(self, lines):
        """Return {line: what of its delivery can still come back}."""
        moves = lines.sudo().move_id._origin
        found = {
            (delivery.move_id, delivery.lot_id or False): delivery.rest
            for delivery in (
                self._get_deliveries(None, None, moves=moves) if moves else []
            )
        }
        rests = {}
        for line in lines:
            key = (line.sudo().move_id._origin.id, line.lot_id._origin.id)
            if key[0]:
                rests[line] = found.get(key, 0.0)
            elif line.asset_id:
                rests[line] = line._get_asset_rest()
        return rests


class ServiceReturnLine(models.Model):
    _inherit = "service.return.line"

    def _get_asset_rest(self):
        """Return what of an installed product without delivery is not on its way."""
        taken = self.search(
            [
                ("asset_id", "=", self.asset_id._origin.id),
                ("move_id", "=", False),
                ("return_state", "not in", ("draft", "cancelled")),
                ("state", "=", "open"),
                ("id", "not in", self._origin.ids),
            ]
        )
        return kernel.rest(self.asset_id.quantity, taken.mapped("quantity"))

    def _check_returnable(self):
        """Refuse, in words, what cannot come back; lock what can.

        Two users who authorise the same rest change the same rows: the database makes
        the second wait, then lets Odoo repeat the request, which sees what is left.
        """
        # Deliveries and orders of the customer are looked at for everybody.
        lines = self.sudo()
        for line in lines:
            line._check_customer()
        lines._lock_deliveries()
        rests = self.env["service.return"]._get_rests(lines)
        groups = lines.grouped(
            lambda line: (line.move_id, line.lot_id, not line.move_id and line.asset_id)
        )
        for group in groups.values():
            wanted = sum(group.mapped("quantity"))
            left = rests.get(group[0], 0.0)
            if group[0].uom_id.compare(wanted, left) > 0:
                raise UserError(
                    self.env._(
                        "Of %(product)s %(left)g can still come back, not %(wanted)g: "
                        "the rest was not delivered, or is on its way back already.",
                        product=group[0].display_name,
                        left=left,
                        wanted=wanted,
                    )
                )

    def _lock_deliveries(self):
        self.env.flush_all()
        for table, records in (
            ("stock_move", self.move_id),
            ("service_asset", self.filtered(lambda line: not line.move_id).asset_id),
        ):
            if records:
                self.env.execute_query(
                    SQL(
                        "UPDATE %s SET write_date = write_date WHERE id IN %s "
                        "RETURNING id",
                        SQL.identifier(table),
                        tuple(records.ids),
                    )
                )

    def _check_customer(self):
        """Refuse goods of another customer, company, order or number."""
        values = {
            "product": self.product_id.display_name,
            "lot": self.lot_id.name,
            "customer": self.return_id.commercial_partner_id.display_name,
            "company": self.company_id.name,
            "order": self.order_id.name,
        }
        if self.tracking != "none" and not self.lot_id:
            raise UserError(
                self.env._("Enter the lot or serial number of %(product)s.", **values)
            )
        if (self.move_id or self.order_id or self.asset_id) and self.company_id != (
            self.move_id or self.order_id or self.asset_id
        ).company_id:
            raise UserError(
                self.env._(
                    "%(product)s was not delivered by %(company)s. Open the return in "
                    "the company that delivered it.",
                    **values,
                )
            )
        if self.order_id.state == "cancel":
            raise UserError(
                self.env._(
                    "The order %(order)s is cancelled: nothing can come back on it.",
                    **values,
                )
            )
        self._check_delivered_to_customer(values)

    def _check_delivered_to_customer(self, values):
        case = self.return_id
        found = case._get_deliveries(
            None, self.company_id, self.product_id, self.lot_id
        )
        mine = [d for d in found if d.partner_id == case.commercial_partner_id.id]
        owner = self.asset_id.commercial_partner_id
        others = self.order_id.partner_id.commercial_partner_id | owner
        if (found and not mine and (self.lot_id or self.move_id)) or (
            others - case.commercial_partner_id
        ):
            raise UserError(
                self.env._(
                    "%(product)s %(lot)s was delivered to another customer, not to "
                    "%(customer)s.",
                    **(values | {"lot": values["lot"] or ""}),
                )
            )
        if self.move_id and self.move_id.id not in [d.move_id for d in mine]:
            raise UserError(
                self.env._(
                    "%(lot)s is not on this delivery of %(product)s to %(customer)s.",
                    **(values | {"lot": values["lot"] or ""}),
                )
            )
        if not self.move_id and not self.asset_id:
            raise UserError(
                self.env._("%(product)s was never delivered to %(customer)s.", **values)
            )
