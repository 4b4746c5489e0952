"""What leaves with the addon besides its records."""

from odoo import Command


def uninstall_hook(env):
    """Campaigns are a choice of the settings again, not part of every user's group."""
    users = env.ref("mass_mailing.group_mass_mailing_user")
    campaigns = env.ref("mass_mailing.group_mass_mailing_campaign")
    users.implied_ids = [Command.unlink(campaigns.id)]
