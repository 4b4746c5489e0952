from odoo import api, fields, models

TEAM_GROUP = "crm_b2b.group_sale_salesman_team"


class ResUsers(models.Model):
    _inherit = "res.users"

    crm_led_team_ids = fields.One2many("crm.team", "user_id", "Sales Teams Led")
    document_team_ids = fields.Many2many(
        "crm.team",
        string="Teams Whose Documents Are Seen",
        compute="_compute_document_team_ids",
        compute_sudo=True,
        help="Teams which the person leads, and with the right to own and team"
        " documents also those which the person is a member of. The rules on deals,"
        " orders, invoices, plans, visits and forecasts ask this field.",
    )

    @api.depends("crm_led_team_ids", "crm_team_ids", "all_group_ids")
    def _compute_document_team_ids(self):
        for user in self:
            teams = user.crm_led_team_ids
            if user.has_group(TEAM_GROUP):
                teams |= user.crm_team_ids
            user.document_team_ids = teams
