from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command


class ServiceReturn(models.Model):
    """The demo returns live through their past, one in each state."""

    _inherit = "service.return"

    @api.model
    def _make_demo_returns(self):
        drum = self.env.ref("crm_service.demo_product_drum")
        gold = self.env.ref("crm_service.desk_partner_gold")
        plain = self.env.ref("crm_service.desk_partner_plain")
        stock = self._get_demo_warehouse().lot_stock_id
        self.env["stock.quant"]._update_available_quantity(drum, stock, 200)
        orders = [self._make_demo_order(partner, drum, 20) for partner in (gold, plain)]
        cases = {
            name: self._make_demo_return(orders[number % 2], name, quantity, reason)
            for number, (name, quantity, reason) in enumerate(self._get_demo_cases())
        }
        cases["draft"].origin = "portal"
        cases["cancelled"].action_cancel()
        started = [
            case for name, case in cases.items() if name not in ("draft", "cancelled")
        ]
        for case in started:
            case.action_authorise()
        for name in ("received", "inspected", "settling", "credited", "rejected"):
            self._receive_demo(cases[name])
        cases["inspected"].line_ids.resolution = "replace"
        cases["settling"].line_ids.resolution = "replace"
        cases["rejected"].line_ids.resolution = "reject"
        for name in ("inspected", "settling", "rejected"):
            cases[name].action_inspect()
        for name in ("settling", "rejected"):
            cases[name].action_settle()
        self._receive_demo(cases["rejected"], "back")
        self._credit_demo(cases["credited"])
        self._make_demo_repair()
        self._make_demo_complaints(drum, gold, plain, cases["credited"])

    @api.model
    def _get_demo_cases(self):
        return [
            ("draft", 2, self.env._("Two drums arrived with a dent")),
            ("authorised", 1, self.env._("Ordered one drum too many")),
            ("received", 3, self.env._("Sealed with the wrong cap")),
            ("inspected", 2, self.env._("Gels before its time")),
            ("settling", 1, self.env._("Label cannot be read")),
            ("credited", 4, self.env._("Out of specification: viscosity too high")),
            ("rejected", 1, self.env._("Colour not as expected")),
            ("cancelled", 1, self.env._("Customer keeps it after all")),
        ]

    @api.model
    def _get_demo_warehouse(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.model
    def _make_demo_order(self, partner, product, quantity):
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        order.with_context(bypass_risk=True).action_confirm()
        for picking in order.picking_ids:
            picking.move_ids.quantity = quantity
            picking.move_ids.picked = True
            picking.with_context(bypass_risk=True, skip_sms=True)._action_done()
        if self.env.company.chart_template:
            order._create_invoices().action_post()
        return order

    @api.model
    def _make_demo_return(self, order, name, quantity, reason):
        return self.create(
            {
                "partner_id": order.partner_id.id,
                "reason": reason,
                "date": fields.Date.context_today(self) - timedelta(days=9),
                "user_id": self.env.ref("base.user_admin").id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": order.order_line.product_id.id,
                            "move_id": order.order_line.move_ids[:1].id,
                            "sale_line_id": order.order_line.id,
                            "quantity": quantity,
                            "reason_id": self.env.ref("crm_service.cause_d_quality").id,
                        }
                    )
                ],
            }
        )

    @api.model
    def _receive_demo(self, case, role="receipt"):
        for picking in case._get_pickings(role):
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
            picking.move_ids.picked = True
            picking.with_context(skip_sms=True)._action_done()

    @api.model
    def _credit_demo(self, case):
        case.line_ids.write({"resolution": "credit", "scrap": True})
        case.action_inspect()
        if not self.env.company.chart_template:
            return  # nothing is invoiced without accounts
        case.action_settle()
        case._get_credit_notes().action_post()
        case.cost_freight = 38

    @api.model
    def _make_demo_repair(self):
        """A mixer under warranty, on the bench."""
        case = self.create(
            {
                "partner_id": self.env.ref("crm_service.desk_partner_plain").id,
                "ticket_id": self.env.ref("crm_service.desk_ticket_warranty").id,
                "reason": self.env._("Display stays dark"),
                "user_id": self.env.ref("base.user_admin").id,
                "line_ids": [
                    Command.create(
                        {
                            "asset_id": self.env.ref("crm_service.desk_asset_new").id,
                            "resolution": "repair",
                        }
                    )
                ],
            }
        )
        case.action_authorise()
        self._receive_demo(case)
        case.action_inspect()
        case.action_settle()

    @api.model
    def _make_demo_complaints(self, drum, gold, plain, case):
        complaints = self.env["service.complaint"].create(
            [
                {
                    "summary": summary,
                    "partner_id": partner.id,
                    "product_id": drum.id,
                    "severity": severity,
                    "quantity": quantity,
                    "date": fields.Date.context_today(self) - timedelta(days=days),
                    "user_id": self.env.ref("base.user_admin").id,
                    "defect_id": self.env.ref("crm_service.cause_d_quality").id,
                }
                for summary, partner, severity, quantity, days in (
                    (self.env._("Viscosity too high"), plain, "2", 4, 40),
                    (self.env._("Drums arrive dented"), gold, "1", 2, 5),
                    (self.env._("Label cannot be read"), gold, "0", 1, 0),
                )
            ]
        )
        closed, late, _new = complaints
        case.write({"complaint_id": closed.id})
        closed.write(
            {
                "justified": "yes",
                "cause_id": self.env.ref("crm_service.cause_c_process").id,
                "cost_other": 120,
            }
        )
        texts = self._get_demo_steps()
        for step in closed.step_ids:
            step.text = texts[step.code]
            step.action_done()
        for step in late.step_ids[:2]:
            step.text = texts[step.code]
            step.action_done()

    @api.model
    def _get_demo_steps(self):
        return {
            "D1": self.env._("Quality, production and the desk; led by quality."),
            "D2": self.env._("Four drums of one batch are 30 % over the viscosity."),
            "D3": self.env._("Batch blocked, stock at the customer exchanged."),
            "D4": self.env._("The hardener was dosed twice after a restart."),
            "D5": self.env._("The scale keeps the dosed amount over a restart."),
            "D6": self.env._("Software of both lines changed and tested."),
            "D7": self.env._("Restart with a full tank is part of each release test."),
            "D8": self.env._("Customer accepted; the team was thanked."),
        }
