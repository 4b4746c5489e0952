from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

FILES = (
    "security/crm_lead_rules.xml",
    "security/crm_sales_reports_security.xml",
    "security/crm_forecast_security.xml",
    "security/crm_accounts_security.xml",
)


def migrate(cr, version):
    """Rewrite the rules for own documents, which an update leaves alone."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in FILES:
        convert_file(env, "crm_b2b", name, {}, mode="init", noupdate=True)
