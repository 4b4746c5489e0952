"""What comes and leaves with the addon besides its records."""

from odoo.addons.crm_credit.tools import reused_translations

# menu of a base -> (parent it had before this addon moved it, active before)
MOVED_MENUS = {
    "helpdesk_mgmt.helpdesk_ticket_main_menu": (None, True),
    "helpdesk_mgmt.helpdesk_ticket_dashboard_menu": (
        "helpdesk_mgmt.helpdesk_ticket_main_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_own_ticket_menu": (
        "helpdesk_mgmt.helpdesk_ticket_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_all_ticket_menu": (
        "helpdesk_mgmt.helpdesk_ticket_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_ticket_reporting_analysis": (
        "helpdesk_mgmt.helpdesk_ticket_reporting_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_config_settings_menu": (
        "helpdesk_mgmt.helpdesk_ticket_config_main_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_ticket_channel_menu": (
        "helpdesk_mgmt.helpdesk_ticket_config_main_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_ticket_category_menu": (
        "helpdesk_mgmt.helpdesk_ticket_config_main_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_ticket_stage_menu": (
        "helpdesk_mgmt.helpdesk_ticket_config_main_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_ticket_team_menu": (
        "helpdesk_mgmt.helpdesk_ticket_config_main_menu",
        True,
    ),
    "helpdesk_mgmt.helpdesk_ticket_tag_menu": (
        "helpdesk_mgmt.helpdesk_ticket_config_main_menu",
        True,
    ),
    "contract.menu_contract_contract_customer": (
        "account.menu_finance_receivables",
        True,
    ),
    "contract.menu_config_contract": ("account.menu_finance_configuration", True),
}


def post_init_hook(env):
    """Contracts made before the addon go on billing, or have ended."""
    contracts = env["contract.contract"].with_context(active_test=False)
    existing = contracts.search([("contract_type", "=", "sale")])
    existing.state = "active"
    existing._refresh_state()


def uninstall_hook(env):
    """Put the menus of helpdesk_mgmt and contract back where they were."""
    for xmlid, (parent, active) in MOVED_MENUS.items():
        menu = env.ref(xmlid, raise_if_not_found=False)
        if menu:
            menu.write({"parent_id": parent and env.ref(parent).id, "active": active})


def post_load():
    """Complete the Chinese of the addons which this one builds on."""
    reused_translations.register("crm_service")
