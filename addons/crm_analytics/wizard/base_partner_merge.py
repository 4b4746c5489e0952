from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """The merge moves documents by SQL: mark every customer that takes part."""
        customers = src_partners.commercial_partner_id
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["crm.customer.dirty"]._mark_partners(
            (customers - src_partners) | dst_partner | dst_partner.commercial_partner_id
        )
        return result
