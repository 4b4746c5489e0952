from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Every contact of a company shows the figures of the company."""

    _name = "res.partner"
    _inherit = ["res.partner", "order.to.cash.mixin"]

    def _order_to_cash_keys(self):
        return {record.id: record.commercial_partner_id._origin.id for record in self}

    @api.model
    def _order_to_cash_order_domain(self, keys):
        return Domain("partner_id.commercial_partner_id", "in", list(keys))

    @api.model
    def _order_to_cash_order_key(self):
        return SQL("p.commercial_partner_id")

    @api.model
    def _order_to_cash_invoice_domain(self, keys):
        return Domain("commercial_partner_id", "in", list(keys))

    @api.model
    def _order_to_cash_through_orders(self):
        """All invoices of the customer count, also those without an order."""
        return False

    @api.model
    def _order_to_cash_owned_moves_sql(self, keys, moves):
        return SQL(
            """
            SELECT commercial_partner_id AS key, id AS move_id, NULL::numeric AS part
              FROM account_move WHERE id IN %s
            """,
            moves,
        )
