from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmValuePlaybookAssign(models.TransientModel):
    """Make somebody responsible for playbooks that nobody owned, and start them."""

    _name = "crm.value.playbook.assign"
    _description = "Assign and Start Playbooks"

    start_ids = fields.Many2many(
        "crm.value.playbook.start", string="Playbooks", required=True
    )
    company_ids = fields.Many2many("res.company", compute="_compute_company_ids")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_ids)]",
    )

    @api.depends("start_ids")
    def _compute_company_ids(self):
        for wizard in self:
            wizard.company_ids = wizard.start_ids.company_id

    def action_start(self):
        """Plan the activities of what has not started, counted from today."""
        self.ensure_one()
        self.start_ids.check_access("read")
        foreign = self.start_ids.company_id - self.user_id.company_ids
        if foreign:
            raise UserError(
                self.env._(
                    "%(user)s does not work for %(company)s.",
                    user=self.user_id.name,
                    company=foreign[0].name,
                )
            )
        today = fields.Date.context_today(self)
        waiting = self.start_ids.filtered(lambda start: start.state == "no_owner")
        for start in waiting.sudo():  # nobody may write what the runs write
            start._begin(self.user_id, today)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "%(count)s playbooks started for %(user)s.",
                    count=len(waiting),
                    user=self.user_id.name,
                ),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
