from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.service_visit_availability import to_datetime, to_minutes
from ..tools import visit_planning as kernel


class ServiceVisitSlots(models.TransientModel):
    """Free slots for one visit, and why there is none elsewhere."""

    _name = "service.visit.slots"
    _inherit = ["hr.mixin"]
    _description = "Find a Free Slot"

    visit_id = fields.Many2one("service.visit", required=True, ondelete="cascade")
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    days = fields.Integer("Days to look at", default=10, required=True)
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Technicians",
        compute="_compute_employee_ids",
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many("service.visit.slots.line", "wizard_id", "Free slots")
    refusals = fields.Html("Who cannot", readonly=True)

    @api.depends("visit_id")
    def _compute_employee_ids(self):
        for wizard in self:
            visit = wizard.visit_id
            wizard.employee_ids = self.env["hr.employee"]._get_service_technicians(
                visit.company_id, visit.ticket_id.team_id
            )

    def action_search(self):
        self.ensure_one()
        self._search_slots()
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Free slots"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _search_slots(self):
        """Fill the lines with the best slots, the reasons with everybody else."""
        self.ensure_one()
        visit = self.visit_id
        if not 1 <= self.days <= 62:
            raise UserError(self.env._("Look at 1 to 62 days."))
        start, end = visit._get_day_span(self.date_from, self.days)
        now = fields.Datetime.now()
        technicians = visit._get_technicians_facts(
            self.employee_ids, max(start, now - timedelta(days=1)), end, visit
        )
        slots, reasons = kernel.find_slots(
            visit._to_job((start, end)),
            technicians,
            visit._get_travel(visit.company_id),
            not_before=to_minutes(now),
        )
        self.line_ids = [Command.clear()] + [
            Command.create(
                {
                    "employee_id": slot.technician,
                    "date_start": to_datetime(slot.start),
                    "date_end": to_datetime(slot.end),
                    "travel_minutes": slot.travel,
                    "detour_minutes": slot.detour,
                }
            )
            for slot in slots
        ]
        sentences = visit._explain_reasons(reasons)
        if not self.employee_ids:
            sentences = [self.env._("Nobody is a technician yet: choose somebody.")]
        self.refusals = Markup("<ul class='mb-0'>%s</ul>") % Markup().join(
            Markup("<li>%s</li>") % sentence for sentence in sentences
        )


class ServiceVisitSlotsLine(models.TransientModel):
    _name = "service.visit.slots.line"
    _description = "Free Slot"
    _order = "id"

    wizard_id = fields.Many2one(
        "service.visit.slots", required=True, ondelete="cascade", index=True
    )
    employee_id = fields.Many2one("hr.employee", "Technician", required=True)
    date_start = fields.Datetime("Start", required=True)
    date_end = fields.Datetime("End", required=True)
    travel_minutes = fields.Integer("Way there (min)")
    detour_minutes = fields.Integer(
        "Tour grows by (min)", help="Way there and back, less the way saved."
    )

    def action_take(self):
        """Plan the visit in this slot, if nobody took it meanwhile."""
        self.ensure_one()
        visit = self.wizard_id.visit_id
        visit.check_access("write")
        taken = visit._get_visit_times(
            self.employee_id, self.date_start, self.date_end, visit
        )
        if taken[self.employee_id]:
            raise UserError(
                self.env._(
                    "%(technician)s has another visit at that time by now. "
                    "Search again.",
                    technician=self.employee_id.name,
                )
            )
        visit.write(
            {
                "employee_id": self.employee_id.id,
                "date_start": self.date_start,
                "date_end": self.date_end,
                "travel_minutes": self.travel_minutes,
            }
        )
        result = visit.action_plan()
        return result if isinstance(result, dict) else visit.get_formview_action()
