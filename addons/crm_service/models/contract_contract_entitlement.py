from odoo import api, fields, models


class ContractContract(models.Model):
    """Entitlements live and end with their contract."""

    _inherit = "contract.contract"

    entitlement_ids = fields.One2many(
        "service.entitlement", "contract_id", string="Entitlements"
    )
    entitlement_count = fields.Integer(compute="_compute_entitlement_count")

    @api.depends("entitlement_ids")
    def _compute_entitlement_count(self):
        for contract in self:
            contract.entitlement_count = len(contract.entitlement_ids)

    def action_activate(self):
        result = super().action_activate()
        # whoever activates a contract grants what it owes
        self.sudo().entitlement_ids._grant_due()
        return result

    def _end_entitlements(self, last_day):
        result = super()._end_entitlements(last_day)
        self.sudo().entitlement_ids._grant_due()  # expires the rest, by right
        return result

    def _renew_entitlements(self):
        result = super()._renew_entitlements()
        self.sudo().entitlement_ids._grant_due()  # grants of the new term, by right
        return result

    def action_view_entitlements(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entitlements"),
            "res_model": "service.entitlement",
            "view_mode": "list,form",
            "domain": [("contract_id", "=", self.id)],
            "context": {"default_contract_line_id": self.contract_line_ids[:1].id},
        }
