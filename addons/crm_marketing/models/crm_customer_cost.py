from odoo import api, models
from odoo.tools import SQL

from ..tools import customer_cost_sql


class CrmCustomerCost(models.Model):
    """What campaigns cost is a cost to serve of those whom they reached."""

    _inherit = "crm.customer.cost"
    _depends = {
        "crm.marketing.cost": ["amount"],
        "crm.audience.snapshot": ["campaign_id", "company_id"],
        "crm.audience.member": ["is_holdout", "excluded_reason"],
        "crm.lead": ["campaign_id", "company_id", "partner_id"],
    }

    @api.model
    def _get_sources(self, policy=None):
        kinds, sources = super()._get_sources(policy)
        booked = SQL("(x.crm_partner_id IS NOT NULL OR x.crm_lead_id IS NOT NULL)")
        if "sale_order_id" in self._get_fields("hr.expense"):
            booked = SQL("(%s OR x.sale_order_id IS NOT NULL)", booked)
        shares = customer_cost_sql.campaign_shares(
            self.env["crm.marketing.cost"]._table_query, booked
        )
        return kinds | {"marketing"}, [*sources, shares]
