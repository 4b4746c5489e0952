from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def button_validate(self):
        """Deliver what the credit gate lets pass; show why the rest was stopped."""
        if self.env.su and self.env.context.get("bypass_risk"):  # data loads
            return super().button_validate()
        checks = self._check_credit()
        blocked = self.filtered(
            lambda pick: pick in checks and checks[pick].sudo().result == "block"
        )
        passing = self - blocked
        result = super(StockPicking, passing).button_validate() if passing else True
        if not blocked:
            return result
        stopped = self.env["crm.credit.check"].union(*(checks[p] for p in blocked))
        return self.env["crm.credit.hold"]._open_for(stopped, "button_validate")

    def _check_credit(self):
        """{picking: decision} for deliveries to customers that are still to be done.

        A delivery adds nothing: its order counts in the exposure already.
        """
        checks = {}
        deliveries = self.filtered(
            lambda pick: (
                pick.picking_type_code == "outgoing"
                and pick.location_dest_id.usage == "customer"
                and pick.partner_id
                and pick.state not in ("done", "cancel")
            )
        )
        for company, pickings in deliveries.grouped("company_id").items():
            requests = {
                picking: (
                    (
                        picking.sale_id.partner_invoice_id or picking.partner_id
                    ).commercial_partner_id,
                    0.0,
                )
                for picking in pickings
            }
            gate = self.env["res.partner"].with_company(company)
            checks.update(gate._credit_gate("delivery", requests))
        return checks
