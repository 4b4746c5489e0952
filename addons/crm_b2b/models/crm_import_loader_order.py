from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmImportLoader(models.AbstractModel):
    # one file for each step
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "crm.import.loader"

    @api.model
    def _create_orders(self, job, won):
        orders = self.env["sale.order"].create(
            [self._prepare_order(job, row, lead) for row, lead in won]
        )
        orders.with_context(crm_b2b_keep_date_order=True).action_confirm()
        if stopped := orders.filtered(lambda order: order.state != "sale"):
            raise UserError(
                self.env._(
                    "The order %(order)s could not be confirmed.",
                    order=stopped[0].client_order_ref,
                )
            )
        if job.profile.options["deliver"]:
            self._deliver(orders)
        return orders

    @api.model
    def _prepare_order(self, job, row, lead):
        line = {
            "product_id": job.ids["products"][row.values["product"]],
            "product_uom_qty": 1,
            "price_unit": float(row.values["amount"]),
            "discount": 0,
        }
        if job.profile.options["taxes"] == "none":
            line["tax_ids"] = [Command.clear()]
        return {
            "partner_id": lead.partner_id.id,
            "opportunity_id": lead.id,
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "company_id": self.env.company.id,
            "client_order_ref": row.key,
            "date_order": self._noon(row.values["close_date"]),
            "validity_date": False,
            "tag_ids": [Command.set(lead.tag_ids.ids)],
            "order_line": [Command.create(line)],
            **(
                {"payment_term_id": job.cache["term"].id}
                if job.cache.get("term")
                else {}
            ),
        }

    @api.model
    def _deliver(self, orders):
        """Let the goods leave the warehouse at the date of their order."""
        moves = orders.picking_ids.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        if not moves:
            return
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True
        moves._action_done()
        self._backdate_moves(moves)

    @api.model
    def _backdate_moves(self, moves):
        """Set move and transfer dates to the order's, in one statement a table."""
        self.env.flush_all()
        moved = SQL("date = so.date_order, date_deadline = so.date_order")
        sent = SQL("date_done = so.date_order, scheduled_date = so.date_order")
        for table, dates, link in (
            ("stock_move", moved, "stock_move.id = move.id"),
            ("stock_move_line", SQL("date = so.date_order"), "move_id = move.id"),
            ("stock_picking", sent, "stock_picking.id = move.picking_id"),
        ):
            self.env.execute_query(
                SQL(
                    """UPDATE %s SET %s
                         FROM stock_move move
                         JOIN sale_order_line line ON line.id = move.sale_line_id
                         JOIN sale_order so ON so.id = line.order_id
                        WHERE %s AND move.id = ANY(%s)
                    RETURNING so.id""",
                    SQL.identifier(table),
                    dates,
                    SQL(link),
                    moves.ids,
                )
            )
        moves.invalidate_recordset(["date", "date_deadline"])
        moves.move_line_ids.invalidate_recordset(["date"])
        moves.picking_id.invalidate_recordset(["date_done", "scheduled_date"])
