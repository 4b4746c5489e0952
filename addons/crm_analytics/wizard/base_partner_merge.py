from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """The merge moves documents and orders by SQL: mark what takes part in it."""
        customers = src_partners.commercial_partner_id
        result = super()._update_foreign_keys(src_partners, dst_partner)
        customers = (
            (customers - src_partners) | dst_partner | dst_partner.commercial_partner_id
        )
        self.env["crm.customer.dirty"]._mark_partners(customers)
        self.env["crm.basket.dirty"]._mark_customers(customers)
        return result
