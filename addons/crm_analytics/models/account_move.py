from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.moves_sql import CUSTOMER_TYPES, PURCHASE_TYPES

FACT_FIELDS = frozenset(
    {
        "state",
        "move_type",
        "company_id",
        "commercial_partner_id",
        "invoice_date",
        "amount_untaxed_signed",
    }
)


class AccountMove(models.Model):
    _inherit = "account.move"

    _customer_value_idx = models.Index(
        "(company_id, commercial_partner_id, invoice_date, move_type)"
        " INCLUDE (amount_untaxed_signed)"
        " WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        posted = moves.filtered(
            lambda move: move.state == "posted" and move.move_type in CUSTOMER_TYPES
        )
        if posted:
            posted.flush_recordset()
            posted._mark_customer_facts()
        return moves

    def unlink(self):
        self._mark_customer_facts()
        return super().unlink()

    def _write_multi(self, vals_list):
        """Mark what the columns said before and what they say now.

        This is the one place that every change passes on its way to the database:
        posting, resetting, cancelling, a new date, a recomputed amount or customer.
        """
        if not any(FACT_FIELDS.intersection(vals) for vals in vals_list):
            return super()._write_multi(vals_list)
        self._mark_customer_facts()
        result = super()._write_multi(vals_list)
        self._mark_customer_facts()
        return result

    def _mark_customer_facts(self):
        """Mark the customers and months of the posted customer moves in ``self``."""
        if ids := [move_id for move_id in self._ids if move_id]:
            self.env["crm.customer.dirty"]._mark(SQL("m.id IN %s", tuple(ids)))

    @api.model
    def _get_customer_value_domain(
        self, company, partner, after=None, until=None, purchases_only=False
    ):
        """The documents behind a figure: dates in ``(after, until]``."""
        types = PURCHASE_TYPES if purchases_only else CUSTOMER_TYPES
        domain = Domain(
            [
                ("state", "=", "posted"),
                ("move_type", "in", types),
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", partner.id),
            ]
        )
        if after:
            domain &= Domain("invoice_date", ">", after)
        if until:
            domain &= Domain("invoice_date", "<=", until)
        return domain
