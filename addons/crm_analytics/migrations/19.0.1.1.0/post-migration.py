from odoo import SUPERUSER_ID, api

from odoo.addons.crm_analytics.tools import month_sum_sql


def migrate(cr, version):
    """Add up the months of each customer; rank, share and parts are computed."""
    if not version:
        return
    cr.execute(
        "ALTER TABLE crm_customer_value"
        " DROP COLUMN IF EXISTS rank, DROP COLUMN IF EXISTS cum_share,"
        " DROP COLUMN IF EXISTS loyalty_parts, DROP COLUMN IF EXISTS risk_reasons"
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([]):  # pylint: disable=no-search-all
        run = env["crm.value.run"]._get_last(company)
        if run:
            query = month_sum_sql.month_sums(company.id, run._get_windows())
            cr.execute(month_sum_sql.update_sums(query, company.id))
