from odoo import api, fields, models


class ServiceReturn(models.Model):
    _inherit = "service.return"

    complaint_id = fields.Many2one(
        "service.complaint",
        compute="_compute_complaint_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
    )

    @api.depends("ticket_id")
    def _compute_complaint_id(self):
        for case in self:
            case.complaint_id = case.complaint_id or case.ticket_id.complaint_ids[:1]


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    complaint_ids = fields.One2many("service.complaint", "ticket_id")
    complaint_count = fields.Integer(compute="_compute_complaint_count")

    def _compute_complaint_count(self):
        counts = dict(
            self.env["service.complaint"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.complaint_count = counts.get(ticket, 0)

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if not self.env.context.get("complaint_is_made"):
            tickets.filtered(lambda t: t.kind == "complaint")._open_complaint()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if vals.get("kind") == "complaint":
            self._open_complaint()
        return result

    def _open_complaint(self):
        """A request that is a complaint is followed up in eight disciplines."""
        # whoever complains (portal, mail gateway) makes no complaint record himself
        complaints = self.env["service.complaint"].sudo()
        known = complaints.search([("ticket_id", "in", self.ids)]).ticket_id
        return complaints.create(
            [
                {
                    "ticket_id": ticket.id,
                    "summary": ticket.name,
                    "description": ticket.description,
                    "user_id": ticket.user_id.id or ticket.team_id.user_id.id,
                }
                for ticket in self - known
            ]
        )

    def action_view_complaint(self):
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaint"),
            "res_model": "service.complaint",
            "view_mode": "form",
        }
        if len(self.complaint_ids) == 1:
            return action | {"res_id": self.complaint_ids.id}
        return action | {
            "view_mode": "list,form",
            "domain": [("ticket_id", "=", self.id)],
        }
