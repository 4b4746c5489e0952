from odoo import fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "crm.credit.document"]

    _credit_stage = "order"

    def evaluate_risk_message(self, partner):
        """The credit gate decides (see ``action_confirm``); nothing asks twice."""
        return ""

    def action_confirm(self):
        return self._go_through_credit_gate(
            "action_confirm", lambda passing: super().action_confirm()
        )

    def _get_credit_requests(self):
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        return {
            order: (
                order.partner_invoice_id.commercial_partner_id,
                order._get_credit_amount(),
            )
            for order in quotations
        }

    def _get_credit_amount(self):
        """What the order adds to the exposure, in the company's currency."""
        self.ensure_one()
        return self.currency_id._convert(
            self.amount_total,
            self.company_id.currency_id,
            self.company_id,
            (self.date_order or fields.Datetime.now()).date(),
        )
