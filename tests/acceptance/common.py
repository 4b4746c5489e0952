"""The people of the company, one of each role, and the models they work with."""

from odoo import Command
from odoo.tests import new_test_user

ADDONS = ("crm_credit", "crm_b2b", "crm_service", "crm_analytics", "crm_marketing")

# Role: its groups. Portal customers and their isolation have tests of their own.
ROLES = {
    "seller": "sales_team.group_sale_salesman",
    "team seller": "crm_b2b.group_sale_salesman_team",
    "sales manager": "sales_team.group_sale_manager",
    "technician": "crm_service.group_service_technician",
    "service agent": "crm_service.group_service_user",
    "service manager": "crm_service.group_service_manager",
    "marketing": "mass_mailing.group_mass_mailing_user",
    "marketing manager": "crm_marketing.group_manager",
    "finance": "account.group_account_invoice,crm_credit.group_credit_release",
    "analyst": "crm_analytics.group_analyst",
    "insight manager": "crm_analytics.group_manager",
}


def our_models(env):
    """Return {name: model} of what our addons brought, without mixins."""
    return {
        name: model
        for name, model in env.items()
        if type(model)._original_module in ADDONS and not model._abstract
    }


def make_people(env):
    """Return {role: user}, all of the present company only."""
    return {
        role: new_test_user(
            env,
            "acceptance_" + role.replace(" ", "_"),
            groups,
            company_id=env.company.id,
            company_ids=[Command.set(env.company.ids)],
        )
        for role, groups in ROLES.items()
    }
