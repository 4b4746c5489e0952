"""What leaves with the addon besides its records."""

from odoo import Command
from odoo.tools import SQL

HOLDERS = ("crm_consent", "crm_marketing_trigger")  # whose rows keep a purpose


def uninstall_hook(env):
    """Campaigns are a choice of the settings again, not part of every user's group.

    Purposes are removed as records, before the tables of what refers to them.
    """
    for table in HOLDERS:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(table),
                SQL.identifier(f"{table}_purpose_id_fkey"),
            )
        )
    users = env.ref("mass_mailing.group_mass_mailing_user")
    campaigns = env.ref("mass_mailing.group_mass_mailing_campaign")
    users.implied_ids = [Command.unlink(campaigns.id)]
