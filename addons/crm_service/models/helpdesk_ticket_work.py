from odoo import fields, models
from odoo.fields import Command, Domain


class HelpdeskTicketTeam(models.Model):
    _name = "helpdesk.ticket.team"
    _inherit = ["helpdesk.ticket.team", "hr.mixin"]

    technician_ids = fields.Many2many(
        "hr.employee",
        string="Technicians",
        help="Who goes on visits for this team.",
    )


class HelpdeskTicket(models.Model):
    """Time, parts and visits of a request."""

    _inherit = "helpdesk.ticket"

    work_line_ids = fields.One2many("service.work.line", "ticket_id", "Time and parts")
    visit_ids = fields.One2many("service.visit", "ticket_id", "Visits")
    visit_count = fields.Integer(compute="_compute_visit_count")
    to_invoice_count = fields.Integer(compute="_compute_visit_count")

    def _compute_visit_count(self):
        visits = dict(
            self.env["service.visit"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        lines = dict(
            self.env["service.work.line"]._read_group(
                Domain("ticket_id", "in", self.ids)
                & Domain(self.env["service.work.line"]._get_to_invoice_domain()),
                ["ticket_id"],
                ["__count"],
            )
        )
        for ticket in self:
            ticket.visit_count = visits.get(ticket, 0)
            ticket.to_invoice_count = lines.get(ticket, 0)

    def _get_cover_facts(self):
        """Return (outcome, kind of the payer, contract) of the current decision."""
        self.ensure_one()
        decision = self.sudo().decision_id  # who pays is no secret to who works on it
        return (
            decision.outcome or "not_covered",
            decision.entitlement_id.kind or None,
            decision.contract_id,
        )

    def _get_cover_scope(self):
        """Return (products, site) that an entitlement has to cover."""
        return self.product_id, self.asset_id.site_id or self.partner_id

    def action_confirm_work(self):
        """Confirm time and parts that do not wait for a visit to be confirmed."""
        self.ensure_one()
        self.work_line_ids.filtered(
            lambda w: not w.visit_id or w.visit_id.state == "done"
        ).action_confirm()
        return True

    def action_invoice_work(self):
        self.ensure_one()
        return self.work_line_ids.action_create_invoices()

    def action_plan_visit(self):
        """Open a new visit for this request."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a visit"),
            "res_model": "service.visit",
            "view_mode": "form",
            "context": {
                "default_ticket_id": self.id,
                "default_summary": self.name,
                "default_company_id": self.company_id.id,
            },
        }

    def action_view_visits(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits"),
            "res_model": "service.visit",
            "view_mode": "list,kanban,calendar,form",
            "domain": [("ticket_id", "=", self.id)],
            "context": {
                "default_ticket_id": self.id,
                "default_summary": self.name,
            },
        }


class ServiceAsset(models.Model):
    _inherit = "service.asset"

    visit_ids = fields.Many2many("service.visit", string="Visits")
    visit_count = fields.Integer(compute="_compute_visit_count")

    def _compute_visit_count(self):
        counts = dict(
            self.env["service.visit"]._read_group(
                [("asset_ids", "in", self.ids)], ["asset_ids"], ["__count"]
            )
        )
        for asset in self:
            asset.visit_count = counts.get(asset, 0)

    def action_view_visits(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits"),
            "res_model": "service.visit",
            "view_mode": "list,kanban,calendar,form",
            "domain": [("asset_ids", "in", self.ids)],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_asset_ids": [Command.set(self.ids)],
            },
        }

    def _get_events(self):
        """Add the visits to what happened to the product."""
        return super()._get_events() + [
            (
                visit.date_start.date(),
                "fa-car",
                visit,
                visit.display_name,
                visit.employee_id.name or "",
            )
            for visit in self.visit_ids
            if visit.date_start and visit.state != "cancelled"
        ]
