from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    renewal_contract_id = fields.Many2one(
        "contract.contract",
        string="Renews contract",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )
    renewal_months = fields.Integer(
        string="Renewed for (months)", default=12, copy=False
    )

    _renewal_months_positive = models.Constraint(
        "CHECK (renewal_contract_id IS NULL OR renewal_months > 0)",
        "A renewal lasts at least one month.",
    )

    def action_confirm(self):
        """A confirmed renewal extends its contract and wins the opportunity."""
        renewals = self.filtered(
            lambda order: order.renewal_contract_id and order.state != "sale"
        )
        result = super().action_confirm()
        for order in renewals.filtered(lambda order: order.state == "sale"):
            # selling is the right of the salesperson; the contract follows
            order.renewal_contract_id.sudo()._extend_by(order)
            order.opportunity_id.filtered(
                lambda lead: lead.won_status != "won"
            ).action_set_won()
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    contract_line_id = fields.Many2one(
        "contract.line",
        string="Renewed contract line",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
    )

    @api.depends("contract_line_id")
    def _compute_qty_to_invoice(self):
        """The contract bills a renewed line, not the order."""
        result = super()._compute_qty_to_invoice()
        for line in self.filtered("contract_line_id"):
            line.qty_to_invoice = 0.0
        return result

    @api.depends("contract_line_id")
    def _compute_invoice_status(self):
        result = super()._compute_invoice_status()
        for line in self.filtered("contract_line_id"):
            line.invoice_status = "no"
        return result
