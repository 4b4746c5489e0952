from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """The tier of customer value, for service and whoever else serves by it."""

    _inherit = "res.partner"

    @api.model
    def _get_customer_tier_options(self):
        tier = self.env["crm.customer.value"]._fields["tier"]
        return tier._description_selection(self.env)

    def _get_customer_tiers(self):
        rows = (
            self.env["crm.customer.value"]
            .sudo()  # who registers a request need not see what a customer is worth
            ._read_group(
                [
                    ("company_id", "=", self.env.company.id),
                    ("partner_id", "in", self.ids),
                    ("tier", "!=", False),
                ],
                ["partner_id", "tier"],
            )
        )
        return {partner.id: tier for partner, tier in rows}

    @api.model
    def _get_customer_tier_query(self):
        return SQL(
            "SELECT company_id, partner_id, tier FROM crm_customer_value"
            " WHERE tier IS NOT NULL"
        )
