from odoo import Command
from odoo.tools import SQL

from odoo.addons.crm_credit.tools import reused_translations

# menu of a base -> what it was like before this addon changed it
FORMER_MENUS = {
    "commission_oca.menu_commission": {
        "parent_id": False,
        "sequence": 50,
        "group": "commission_oca.group_commission_user",
    },
    "commission_oca.menu_commission_management": {
        "group": "commission_oca.group_commission_manager"
    },
    "commission_oca.menu_commission_make_settle": {
        "group": "commission_oca.group_commission_manager"
    },
    "commission_oca.menu_agent_form": {"group": None},
    "commission_oca.menu_settlement": {
        "name": "Settlements",
        "action": "commission_oca.action_commission_settlement",
    },
    "crm.menu_crm_lead_stage_act": {"group": "base.group_no_one"},
}


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
    for xmlid, former in FORMER_MENUS.items():
        menu = env.ref(xmlid, raise_if_not_found=False)
        if menu:
            menu.write(_prepare_menu(env, former))


def _prepare_menu(env, former):
    values = dict(former)
    if "group" in values:
        group = values.pop("group")
        values["group_ids"] = [Command.set(env.ref(group).ids if group else [])]
    if "action" in values:
        action = env.ref(values["action"])
        values["action"] = f"{action._name},{action.id}"
    return values


def post_load():
    """Complete the Chinese of the addons which this one builds on."""
    reused_translations.register("crm_b2b")
