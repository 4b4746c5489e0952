from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.crm_lead_transfer import REASONS


class CrmLeadTransferOffer(models.TransientModel):
    """Hand leads to sales, with a word to the receiver."""

    _name = "crm.lead.transfer.offer"
    _description = "Hand Leads to Sales"

    lead_ids = fields.Many2many("crm.lead", string="Leads", required=True)
    lead_count = fields.Integer(compute="_compute_lead_count")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        required=True,
        domain=[("share", "=", False)],
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
    )
    note = fields.Text("What Sales Should Know")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.lead":
            leads = self.env["crm.lead"].browse(self.env.context["active_ids"])
            values["lead_ids"] = [fields.Command.set(leads.ids)]
            owner = leads.partner_id.commercial_partner_id.user_id
            if len(owner) == 1:
                values["user_id"] = owner.id
        return values

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for wizard in self:
            wizard.lead_count = len(wizard.lead_ids)

    @api.depends("user_id")
    def _compute_team_id(self):
        for wizard in self:
            wizard.team_id = wizard.user_id.sale_team_id

    def action_hand_over(self):
        """Hand the leads over."""
        self.ensure_one()
        self.lead_ids._hand_over(self.user_id, self.team_id, self.note)
        return {"type": "ir.actions.act_window_close"}


class CrmLeadTransferReturn(models.TransientModel):
    """Why the leads go back to marketing."""

    _name = "crm.lead.transfer.return"
    _description = "Return Leads to Marketing"

    transfer_ids = fields.Many2many("crm.lead.transfer", required=True)
    reason = fields.Selection(REASONS, required=True)
    note = fields.Text("In Words")

    def action_return(self):
        """Give the leads back."""
        self.ensure_one()
        if self.reason == "other" and not (self.note or "").strip():
            raise UserError(self.env._("Say in words why the lead goes back."))
        self.transfer_ids._return(self.reason, self.note)
        return {"type": "ir.actions.act_window", "res_model": "crm.lead"} | {
            "views": [(False, "list"), (False, "form")],
            "name": self.env._("Leads"),
            "target": "main",
        }
