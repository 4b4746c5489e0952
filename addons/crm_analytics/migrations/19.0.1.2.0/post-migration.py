from odoo import SUPERUSER_ID, api

from odoo.addons.crm_analytics.tools import month_sum_sql


def migrate(cr, version):
    """The run of a value is looked up, not kept; months add up to more sums."""
    if not version:
        return
    cr.execute("ALTER TABLE crm_customer_value DROP COLUMN IF EXISTS run_id")
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([]):  # pylint: disable=no-search-all
        run = env["crm.value.run"]._get_last(company)
        if run:
            query = month_sum_sql.month_sums(company.id, run._get_windows())
            cr.execute(month_sum_sql.update_sums(query, company.id))
