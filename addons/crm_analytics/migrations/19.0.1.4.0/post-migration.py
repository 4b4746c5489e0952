from odoo import SUPERUSER_ID, api


def _sum_up_twelve_months_before(cr):
    """What was bought before a window is that of 12 months, not of its length."""
    cr.execute(
        """
        UPDATE crm_customer_fact f SET month_key = NULL
          FROM crm_value_policy p
         WHERE p.company_id = f.company_id AND p.state = 'current'
           AND p.window_months <> 12"""
    )


def _mark_all_months(cr):
    """The next run makes all months anew: they have more costs and days paid late."""
    cr.execute(
        "INSERT INTO crm_customer_dirty (company_id, partner_id)"
        " SELECT company_id, partner_id FROM crm_customer_fact"
    )


def migrate(cr, version):
    """The leaking bucket has margins: count it again from the months."""
    if not version:
        return
    _mark_all_months(cr)
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([]):  # pylint: disable=no-search-all
        run = env["crm.value.run"]._get_last(company)
        if run:
            env["crm.customer.bridge"]._update_all(run)
    _sum_up_twelve_months_before(cr)
    _mark_all_months(cr)
    _keep_score_limits(env)


def _mark_all_months(cr):
    """Months are sums of rounded lines now: the next refresh computes all of them."""
    cr.execute(
        """
        INSERT INTO crm_customer_dirty (company_id, partner_id)
        SELECT DISTINCT company_id, partner_id FROM crm_customer_month"""
    )


def _keep_score_limits(env):
    """The limits of the scores stand with the run: find those of the last one again."""
    for company in env["res.company"].search([]):  # pylint: disable=no-search-all
        run = env["crm.value.run"]._get_judge(company)
        if run and not run.score_limits:
            run._keep_score_limits(run.policy_id._get_limits())
