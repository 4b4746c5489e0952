from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    service_ticket_id = fields.Many2one(
        "helpdesk.ticket", "From request", index="btree_not_null", copy=False
    )


class HelpdeskTicket(models.Model):
    """A request that shows a need becomes an opportunity of sales."""

    _inherit = "helpdesk.ticket"

    opportunity_ids = fields.One2many("crm.lead", "service_ticket_id", "Opportunities")
    opportunity_count = fields.Integer(compute="_compute_opportunity_count")

    @api.depends_context("uid")
    def _compute_opportunity_count(self):
        leads = self.env["crm.lead"]
        counts = dict(
            leads._read_group(
                [("service_ticket_id", "in", self.ids)],
                ["service_ticket_id"],
                ["__count"],
            )
            if leads.has_access("read")
            else []
        )
        for ticket in self:
            ticket.opportunity_count = counts.get(ticket, 0)

    def action_create_opportunity(self):
        """Hand the need to sales: to the salesperson of the customer."""
        self.ensure_one()
        self.check_access("read")
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer of the request first."))
        # service hands over to sales; it need not see the pipeline
        lead = self.env["crm.lead"].sudo().create(self._prepare_opportunity())
        self._message_log(
            body=self.env._("Handed to sales: %(lead)s", lead=lead.display_name)
        )
        lead = lead.sudo(False)
        if lead.has_access("read"):
            return lead.get_formview_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(user)s has it in the pipeline.",
                    user=lead.sudo().user_id.name or self.env._("Sales"),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _prepare_opportunity(self):
        customer = self.commercial_partner_id.sudo()  # whose customer it is
        return {
            "name": self.name,
            "type": "opportunity",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": customer.user_id.id,
            "description": self.description,
            "service_ticket_id": self.id,
            "referred": self.number,
        }

    def action_view_opportunities(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Opportunities"),
            "res_model": "crm.lead",
            "view_mode": "list,form",
            "domain": [("service_ticket_id", "=", self.id)],
            "context": {"create": False},
        }
