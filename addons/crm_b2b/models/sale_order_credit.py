from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def evaluate_risk_message(self, partner):
        """The credit gate decides (see ``action_confirm``); nothing asks twice."""
        return ""

    def action_confirm(self):
        """Confirm what the credit gate lets pass; show why the rest was stopped."""
        if self.env.su and self.env.context.get("bypass_risk"):
            # data loads, and orders that were paid in advance
            return super().action_confirm()
        checks = self._check_credit()
        blocked = self.filtered(
            lambda order: order in checks and checks[order].sudo().result == "block"
        )
        passing = self - blocked
        result = super(SaleOrder, passing).action_confirm() if passing else True
        if not blocked:
            return result
        for order in blocked:
            order.message_post(
                body=self.env._(
                    "Stopped by the credit gate: %(reason)s",
                    reason=checks[order].sudo().reason,  # the asker may know why
                )
            )
        stopped = self.env["crm.credit.check"].union(*(checks[o] for o in blocked))
        return self.env["crm.credit.hold"]._open_for(stopped, "action_confirm")

    def _check_credit(self):
        """{order: decision} for the quotations among these orders."""
        checks = {}
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        for company, orders in quotations.grouped("company_id").items():
            requests = {
                order: (
                    order.partner_invoice_id.commercial_partner_id,
                    order._get_credit_amount(),
                )
                for order in orders
            }
            gate = self.env["res.partner"].with_company(company)
            checks.update(gate._credit_gate("order", requests))
        return checks

    def _get_credit_amount(self):
        """What the order adds to the exposure, in the company's currency."""
        self.ensure_one()
        return self.currency_id._convert(
            self.amount_total,
            self.company_id.currency_id,
            self.company_id,
            (self.date_order or fields.Datetime.now()).date(),
        )
