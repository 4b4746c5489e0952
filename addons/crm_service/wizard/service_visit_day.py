from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..models.service_visit_availability import to_datetime, to_minutes
from ..tools import visit_planning as kernel


class ServiceVisitDay(models.TransientModel):
    """Plan the tours of a team for a day."""

    _name = "service.visit.day"
    _inherit = ["hr.mixin"]
    _description = "Plan the Tours of a Day"

    date = fields.Date(
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=1),
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one("helpdesk.ticket.team")
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Technicians",
        compute="_compute_employee_ids",
        store=True,
        readonly=False,
    )
    replan = fields.Boolean(
        "Move planned visits too",
        help="Visits of that day that are planned and not begun get a new place.",
    )
    visit_ids = fields.Many2many(
        "service.visit",
        string="Visits",
        compute="_compute_visit_ids",
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many("service.visit.day.line", "wizard_id", "Tours")
    refusals = fields.Html("What does not fit", readonly=True)
    state = fields.Selection(
        [("choose", "Choose"), ("planned", "Tours")], default="choose"
    )

    @api.depends("company_id", "team_id")
    def _compute_employee_ids(self):
        for wizard in self:
            wizard.employee_ids = self.env["hr.employee"]._get_service_technicians(
                wizard.company_id, wizard.team_id
            )

    @api.depends("date", "company_id", "team_id", "replan")
    def _compute_visit_ids(self):
        for wizard in self:
            start, end = self.env["service.visit"]._get_day_span(wizard.date)
            domain = Domain("state", "=", "draft")
            domain &= Domain("window_start", "=", False) | Domain(
                "window_start", "<", end
            )
            domain &= Domain("window_end", "=", False) | Domain(
                "window_end", ">", start
            )
            if wizard.replan:
                domain |= (
                    Domain("state", "=", "planned")
                    & Domain("date_start", ">=", start)
                    & Domain("date_start", "<", end)
                )
            domain &= Domain("company_id", "=", wizard.company_id.id)
            if wizard.team_id:
                domain &= Domain("ticket_id.team_id", "=", wizard.team_id.id)
            wizard.visit_ids = self.env["service.visit"].search(domain)

    def action_compute(self):
        """Show the tours; nothing is planned yet."""
        self.ensure_one()
        if not self.visit_ids or not self.employee_ids:
            raise UserError(self.env._("Choose visits and technicians."))
        visits = self.visit_ids
        blocked = self._get_blocked(visits)
        open_visits = visits.filtered(lambda visit: visit.id not in blocked)
        start, end = visits._get_day_span(self.date)
        result = kernel.plan(
            [visit._to_job((start, end)) for visit in open_visits],
            visits._get_technicians_facts(self.employee_ids, start, end, visits),
            visits._get_travel(self.company_id),
            not_before=to_minutes(fields.Datetime.now()),
        )
        self.line_ids = [Command.clear()] + [
            Command.create(
                {
                    "visit_id": slot.job,
                    "employee_id": slot.technician,
                    "date_start": to_datetime(slot.start),
                    "date_end": to_datetime(slot.end),
                    "travel_minutes": slot.travel,
                }
            )
            for slot in result.slots
        ]
        refused = {
            key: visits._explain_reasons(reasons)
            for key, reasons in result.refused.items()
        }
        self.refusals = self._format_refusals(blocked | refused)
        self.state = "planned"
        return self._reopen()

    def _get_blocked(self, visits):
        """Return {visit id: [reason]} of visits that credit stops."""
        checks = visits._check_credit()
        return {
            visit.id: [check.sudo().reason]  # the planner is told why
            for visit, check in checks.items()
            if check.sudo().result == "block"
        }

    def _format_refusals(self, refusals):
        rows = Markup().join(
            Markup("<li><b>%s</b><ul>%s</ul></li>")
            % (
                self.env["service.visit"].browse(visit_id).display_name,
                Markup().join(Markup("<li>%s</li>") % reason for reason in reasons),
            )
            for visit_id, reasons in refusals.items()
        )
        return Markup("<ul>%s</ul>") % rows if rows else False

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tours of the day"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_back(self):
        self.ensure_one()
        self.state = "choose"
        return self._reopen()

    def action_apply(self):
        """Plan the visits as shown."""
        self.ensure_one()
        for line in self.line_ids:
            line.visit_id.write(
                {
                    "employee_id": line.employee_id.id,
                    "date_start": line.date_start,
                    "date_end": line.date_end,
                    "travel_minutes": line.travel_minutes,
                }
            )
        visits = self.line_ids.visit_id
        result = visits.action_plan()
        if isinstance(result, dict):
            return result
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tours of the day"),
            "res_model": "service.visit",
            "view_mode": "calendar,list,kanban,form",
            "domain": [("id", "in", visits.ids)],
            "context": {"initial_date": fields.Date.to_string(self.date)},
        }


class ServiceVisitDayLine(models.TransientModel):
    _name = "service.visit.day.line"
    _description = "Stop of a Tour"
    _order = "employee_id, date_start"

    wizard_id = fields.Many2one(
        "service.visit.day", required=True, ondelete="cascade", index=True
    )
    visit_id = fields.Many2one("service.visit", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="visit_id.partner_id")
    site_address = fields.Char(related="visit_id.site_address")
    employee_id = fields.Many2one("hr.employee", "Technician", required=True)
    date_start = fields.Datetime("Start", required=True)
    date_end = fields.Datetime("End", required=True)
    travel_minutes = fields.Integer("Way there (min)")
