"""What comes and leaves with the addon besides its records."""

from odoo import Command

from odoo.addons.crm_credit.tools import reused_translations

H = "helpdesk_mgmt.helpdesk_"
TICKETS = {"parent_id": f"{H}ticket_menu"}
CONFIGURATION = {"parent_id": f"{H}ticket_config_main_menu"}
# menu of a base -> what it was like before this addon changed it
FORMER_MENUS = {
    f"{H}ticket_main_menu": {"parent_id": None},
    f"{H}ticket_dashboard_menu": {
        "parent_id": f"{H}ticket_main_menu",
        "name": "Dashboard",
        "sequence": 1,
    },
    f"{H}own_ticket_menu": {**TICKETS, "name": "My Tickets"},
    f"{H}all_ticket_menu": {**TICKETS, "name": "All Tickets"},
    f"{H}ticket_reporting_analysis": {
        "parent_id": f"{H}ticket_reporting_menu",
        "name": "Tickets",
        "sequence": 5,
        "group_ids": [Command.clear()],
    },
    f"{H}config_settings_menu": {**CONFIGURATION, "group_ids": [Command.clear()]},
    f"{H}ticket_channel_menu": CONFIGURATION,
    f"{H}ticket_category_menu": CONFIGURATION,
    f"{H}ticket_stage_menu": CONFIGURATION,
    f"{H}ticket_team_menu": CONFIGURATION,
    f"{H}ticket_tag_menu": CONFIGURATION,
    "contract.menu_contract_contract_customer": {
        "parent_id": "account.menu_finance_receivables"
    },
    "contract.menu_config_contract": {
        "parent_id": "account.menu_finance_configuration",
        "sequence": 1,
    },
}


def post_init_hook(env):
    """Contracts made before the addon go on billing, or have ended."""
    contracts = env["contract.contract"].with_context(active_test=False)
    existing = contracts.search([("contract_type", "=", "sale")])
    existing.state = "active"
    existing._refresh_state()


def uninstall_hook(env):
    """Make the menus of helpdesk_mgmt and contract what they were."""
    languages = [code for code, _name in env["res.lang"].get_installed()]
    for xmlid, former in FORMER_MENUS.items():
        menu = env.ref(xmlid, raise_if_not_found=False)
        if not menu:
            continue
        if "name" in former:  # what our own name is called elsewhere
            menu.update_field_translations(
                "name", {code: False for code in languages if code != "en_US"}
            )
        parent = former["parent_id"]
        menu.with_context(lang="en_US").write(
            former | {"active": True, "parent_id": parent and env.ref(parent).id}
        )


def post_load():
    """Complete the Chinese of the addons which this one builds on."""
    reused_translations.register("crm_service")
