from odoo.tools import SQL

from .tools import reused_translations


def post_init_hook(env):
    """Count invoices for customers that nobody configured yet.

    The risk addon counts nothing until told so per customer; a gate that sees no
    exposure would let everything pass. Customers with any choice made keep it.
    """
    env.cr.execute(
        SQL(
            """UPDATE res_partner
                  SET risk_invoice_open_include = TRUE,
                      risk_invoice_unpaid_include = TRUE
                WHERE coalesce(risk_invoice_open_include, FALSE) = FALSE
                  AND coalesce(risk_invoice_unpaid_include, FALSE) = FALSE
                  AND coalesce(risk_invoice_draft_include, FALSE) = FALSE"""
        )
    )
    env["res.partner"].invalidate_model()


def post_load():
    """Complete the Chinese of the addons which this one builds on."""
    reused_translations.register("crm_credit")
