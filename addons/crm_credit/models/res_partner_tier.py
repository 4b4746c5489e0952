from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """What every addon may ask about the tier of customers.

    Here, because both who knows tiers and who serves by them build on this addon and
    not on each other.
    """

    _inherit = "res.partner"

    @api.model
    def _get_customer_tier_options(self):
        """Return the [(tier, label)] that customers may have; none if nobody knows."""
        return []

    def _get_customer_tiers(self):
        """Return {id: tier} of these accounts in the current company."""
        return {}

    @api.model
    def _get_customer_tier_query(self):
        """Return SQL of (company_id, partner_id, tier), for reports; no row if nobody
        knows."""
        return SQL(
            "SELECT NULL::int AS company_id, NULL::int AS partner_id,"
            " NULL::varchar AS tier WHERE FALSE"
        )
