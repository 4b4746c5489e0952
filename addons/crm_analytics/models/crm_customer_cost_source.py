"""Money that comes late leaves a mark; other costs are compared by each run."""

from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._mark_customer_costs()
        return partials

    def unlink(self):
        self._mark_customer_costs()
        return super().unlink()

    def _mark_customer_costs(self):
        """Mark the month in which a customer's money came, and that of the document."""
        pairs = []
        for partial in self.sudo():  # whoever may pay need not read the entries
            move = partial.debit_move_id.move_id
            if move.is_sale_document(include_receipts=True):
                customer = move.commercial_partner_id
                pairs.append((customer, partial.max_date))
                pairs.append((customer, move.invoice_date))
        self.env["crm.customer.dirty"]._mark_days(pairs)
