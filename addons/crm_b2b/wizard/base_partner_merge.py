from odoo import models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Core follows foreign keys; the rows of snapshots do without."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_forecast_snapshot_row SET partner_key = %s"
                " WHERE partner_key = ANY(%s)",
                dst_partner.id,
                src_partners.ids,
            )
        )
        self.env["crm.forecast.snapshot"].invalidate_model(["partner_id"])
        return result
