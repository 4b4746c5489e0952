from odoo import api, fields, models


class ServiceRequestMerge(models.TransientModel):
    _name = "service.request.merge"
    _description = "Merge Requests"

    ticket_ids = fields.Many2many("helpdesk.ticket", string="Requests", required=True)
    kept_id = fields.Many2one(
        "helpdesk.ticket",
        "Keep",
        compute="_compute_kept_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', ticket_ids)]",
        help="Proposed is the oldest: its deadlines were promised first.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "helpdesk.ticket":
            values["ticket_ids"] = [
                fields.Command.set(self.env.context.get("active_ids", []))
            ]
        return values

    @api.depends("ticket_ids")
    def _compute_kept_id(self):
        for wizard in self:
            tickets = wizard.ticket_ids
            open_ones = tickets.filtered(lambda ticket: not ticket.closed)
            wizard.kept_id = (open_ones or tickets).sorted("create_date")[:1]

    def action_merge(self):
        self.ensure_one()
        return self.ticket_ids._merge_into(self.kept_id)._get_records_action()
