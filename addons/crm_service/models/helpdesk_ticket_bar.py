"""The button bar of a request: quote and close; visit and return have their own."""

from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_ticket_id = fields.Many2one(
        "helpdesk.ticket", "Request", copy=False, index="btree_not_null"
    )


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    quotation_ids = fields.One2many("sale.order", "service_ticket_id", "Quotations")
    quotation_count = fields.Integer(compute="_compute_quotation_count")

    def _compute_quotation_count(self):
        # counted for everybody, opened by who may
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("service_ticket_id", "in", self.ids)],
                ["service_ticket_id"],
                ["__count"],
            )
        )
        counts = dict(groups)
        for ticket in self:
            ticket.quotation_count = counts.get(ticket, 0)

    def action_new_quotation(self):
        """Offer what no contract covers."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "Choose the customer of %(number)s first.", number=self.number
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotation"),
            "res_model": "sale.order",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_service_ticket_id": self.id,
                "default_origin": self.number,
            },
        }

    def action_view_quotations(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotations"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("service_ticket_id", "=", self.id)],
        }

    def action_close(self):
        """Move to the first stage of the team that means solved."""
        self.check_access("write")
        for ticket in self:
            stages = ticket.team_id._get_applicable_stages().filtered("closed")
            solved = stages.filtered(lambda stage: not stage.service_void)
            if not solved:
                raise UserError(
                    self.env._(
                        "No stage of %(number)s closes a request. Ask a manager to "
                        "set one up.",
                        number=ticket.number,
                    )
                )
            ticket.stage_id = solved[0]
        return True
