from odoo import fields, models


class ServiceContractSuspend(models.TransientModel):
    _name = "service.contract.suspend"
    _description = "Suspend a Contract"

    contract_id = fields.Many2one("contract.contract", required=True)
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="To", help="Last day. Empty: until it is resumed.")
    reason = fields.Char(required=True)

    def action_suspend(self):
        for wizard in self:
            wizard.contract_id._suspend(wizard.date_from, wizard.reason, wizard.date_to)
        return True
