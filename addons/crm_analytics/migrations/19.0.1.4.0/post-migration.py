from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Months have more costs, families and days paid late, the bucket has margins."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([]):  # pylint: disable=no-search-all
        run = env["crm.value.run"]._get_last(company)
        if run:
            env["crm.customer.bridge"]._update_all(run)
    _keep_score_limits(env)
    _sum_up_twelve_months_before(cr)
    _mark_all_months(cr)


def _keep_score_limits(env):
    """The limits of the scores stand with the run: find those of the last one again."""
    for company in env["res.company"].search([]):  # pylint: disable=no-search-all
        run = env["crm.value.run"]._get_judge(company)
        if run and not run.score_limits:
            run._keep_score_limits(run.policy_id._get_limits())


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
    """The next run makes all months anew, from lines that are rounded one by one."""
    cr.execute(
        """
        INSERT INTO crm_customer_dirty (company_id, partner_id)
        SELECT company_id, partner_id FROM crm_customer_fact
         UNION
        SELECT company_id, partner_id FROM crm_customer_month"""
    )
