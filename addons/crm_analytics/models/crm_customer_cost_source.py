"""Records that cost something leave a mark when they come, change or go."""

from odoo import api, fields, models


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
        """Mark the month in which the money of a late customer came."""
        self.env["crm.customer.dirty"]._mark_days(
            (partial.debit_move_id.move_id.commercial_partner_id, partial.max_date)
            for partial in self.sudo()  # whoever may pay need not read the entries
            if partial.debit_move_id.move_id.is_sale_document(include_receipts=True)
        )


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._mark_customer_costs()
        return events

    def write(self, vals):
        fields_of_cost = {
            "active",
            "duration",
            "opportunity_id",
            "res_id",
            "res_model_id",
            "start",
            "stop",
            "user_id",
        }
        if not fields_of_cost.intersection(vals):
            return super().write(vals)
        self._mark_customer_costs()
        result = super().write(vals)
        self._mark_customer_costs()
        return result

    def unlink(self):
        self._mark_customer_costs()
        return super().unlink()

    def _mark_customer_costs(self):
        """Mark the month of a meeting with a customer."""
        Partner = self.env["res.partner"]
        pairs = []
        for event in self.sudo():  # the seller need not see the account's other deals
            partner = event.opportunity_id.partner_id
            if not partner and event.res_model == "res.partner":
                partner = Partner.browse(event.res_id).exists()
            pairs.append(
                (partner.commercial_partner_id, fields.Date.to_date(event.start))
            )
        self.env["crm.customer.dirty"]._mark_days(pairs)
