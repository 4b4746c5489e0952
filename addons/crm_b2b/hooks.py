from odoo.tools import SQL

from odoo.addons.crm_credit.tools import reused_translations


def post_init_hook(env):
    """Count open orders as exposure for customers that nobody configured yet."""
    env.cr.execute(
        SQL(
            """UPDATE res_partner SET risk_sale_order_include = TRUE
                WHERE coalesce(risk_sale_order_include, FALSE) = FALSE
                  AND coalesce(risk_sale_order_limit, 0) = 0"""
        )
    )
    env["res.partner"].invalidate_model()


def uninstall_hook(env):
    """Give the menus of the reused addons their former places back."""
    menu = env.ref("commission_oca.menu_commission", raise_if_not_found=False)
    if menu:
        menu.parent_id = False
    menu = env.ref("commission_oca.menu_settlement", raise_if_not_found=False)
    if menu:
        menu.action = env.ref("commission_oca.action_commission_settlement")


def post_load():
    """Complete the Chinese of the addons which this one builds on."""
    reused_translations.register("crm_b2b")
