from odoo import api, fields, models

from ..models.service_decision import OUTCOMES


class ServiceDecisionOverride(models.TransientModel):
    _name = "service.decision.override"
    _description = "Override a Coverage Decision"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    current_outcome = fields.Selection(related="ticket_id.service_outcome")
    explanation = fields.Char(related="ticket_id.decision_id.explanation")
    outcome = fields.Selection(OUTCOMES, "New decision", required=True)
    reason = fields.Text(required=True)

    def action_apply(self):
        self.ensure_one()
        self.ticket_id._override_decision(self.outcome, self.reason)
        return {"type": "ir.actions.act_window_close"}


class ServiceAssetReplace(models.TransientModel):
    _name = "service.asset.replace"
    _description = "Replace an Installed Product"

    asset_id = fields.Many2one("service.asset", required=True, readonly=True)
    warranty_end = fields.Date(related="asset_id.warranty_end")
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        required=True,
    )
    lot_id = fields.Many2one(
        "stock.lot", "Serial number", domain="[('product_id', '=', product_id)]"
    )
    date = fields.Date(default=fields.Date.context_today, required=True)

    @api.depends("asset_id")
    def _compute_product_id(self):
        for wizard in self:
            wizard.product_id = wizard.asset_id.product_id

    def action_replace(self):
        self.ensure_one()
        new = self.asset_id._replace(self.lot_id, self.product_id, self.date)
        return new._get_records_action()
