from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from .choices import choices_of


class Plan(NamedTuple):
    """What the clocks need to know of a level, as plain values."""

    lines: tuple[tuple[str, str, float, float], ...]  # kind, priority, hours twice
    steps: tuple[tuple[int, str], ...]  # percent, clock
    pauses: frozenset[int]  # ids of stages
    calendar: int | None  # id of the working hours; None: day and night


NO_PLAN = Plan((), (), frozenset(), None)


class ServiceLevel(models.Model):
    """What is promised: hours by kind and priority, and what happens when late."""

    _name = "service.level"
    _description = "Service Level"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working hours",
        check_company=True,
        tracking=True,
        default=lambda self: self.env.company.resource_calendar_id,
        help="Hours in which the clocks run, with their time zone and public "
        "holidays. Empty: day and night.",
    )
    pause_stage_ids = fields.Many2many(
        "helpdesk.ticket.stage",
        string="Clocks stand still in",
        default=lambda self: self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_stage_awaiting", raise_if_not_found=False
        ),
        help="Stages in which we wait for the customer.",
    )
    line_ids = fields.One2many(
        "service.level.line", "level_id", "Promised times", copy=True
    )
    step_ids = fields.One2many(
        "service.level.step", "level_id", "Escalation", copy=True
    )
    note = fields.Html(string="Description", translate=True)
    ticket_count = fields.Integer(compute="_compute_ticket_count")

    def _compute_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("service_level_id", "in", self.ids), ("closed", "=", False)],
                ["service_level_id"],
                ["__count"],
            )
        )
        for level in self:
            level.ticket_count = counts.get(level, 0)

    def _get_promise(self, kind, priority):
        """Return (response hours, resolution hours); 0 is no promise.

        The line that says most about the request wins: kind before priority.
        """
        fitting = [
            line
            for line in self._get_plan().lines
            if line[0] in (False, kind) and line[1] in (False, priority)
        ]
        if not fitting:
            return 0.0, 0.0
        return max(fitting, key=lambda line: (bool(line[0]), bool(line[1])))[2:]

    def _get_percents(self, kind, above):
        """Return the percents of escalation steps for a clock ``kind`` still to do."""
        return sorted(
            {
                percent
                for percent, clock in self._get_plan().steps
                if percent > above and clock in (False, kind)
            }
        )

    def _is_paused_in(self, stage):
        """Tell whether the clocks stand still in ``stage``."""
        return stage.id in self._get_plan().pauses

    def _get_plan(self):
        """Return the plan of this level; none for no level."""
        return self._read_plan() if self.id else NO_PLAN

    @ormcache("self.id")
    def _read_plan(self):
        """Cached: the same few levels serve all requests (see :class:`PlanPart`)."""
        level = self.sudo()  # what is promised is no secret to who registers
        return Plan(
            tuple(
                (line.kind, line.priority, line.response_hours, line.resolution_hours)
                for line in level.line_ids
            ),
            tuple((step.percent, step.clock) for step in level.step_ids),
            frozenset(level.pause_stage_ids.ids),
            level.calendar_id.id or None,
        )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {
            "line_ids",
            "step_ids",
            "pause_stage_ids",
            "calendar_id",
        }:
            self.env.registry.clear_cache()
        if "calendar_id" in vals or "line_ids" in vals:
            self._restart_clocks()
        return result

    def _restart_clocks(self):
        """Bring the clocks of open requests in line with what is promised now."""
        tickets = self.env["helpdesk.ticket"].search(
            [("service_level_id", "in", self.ids), ("closed", "=", False)]
        )
        tickets._retarget_clocks(self.env._("Service level changed"))

    def action_view_tickets(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requests"),
            "res_model": "helpdesk.ticket",
            "view_mode": "list,kanban,form",
            "domain": [("service_level_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }


class PlanPart(models.AbstractModel):
    """What a level or its choice rests on: a change makes all workers read it again."""

    _name = "service.level.part"
    _description = "Part of a Service Level"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class ServiceLevelLine(models.Model):
    _name = "service.level.line"
    _inherit = ["service.level.part"]
    _description = "Promised Times of a Service Level"
    _order = "level_id, kind, priority desc, id"

    level_id = fields.Many2one(
        "service.level", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        choices_of("helpdesk.ticket", "kind"),
        help="Empty: every kind of request.",
    )
    priority = fields.Selection(
        choices_of("helpdesk.ticket", "priority"),
        help="Empty: every priority.",
    )
    response_hours = fields.Float(
        help="Working hours until the first answer. 0: no promise."
    )
    resolution_hours = fields.Float(
        help="Working hours until the request is solved. 0: no promise."
    )

    _unique_case = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (level_id, kind, priority)",
        "A service level has one line for each kind and priority.",
    )

    @api.constrains("response_hours", "resolution_hours")
    def _check_hours(self):
        for line in self:
            if min(line.response_hours, line.resolution_hours) < 0:
                raise ValidationError(
                    self.env._(
                        "The times of the service level %(level)s cannot be negative.",
                        level=line.level_id.display_name,
                    )
                )


class ServiceLevelStep(models.Model):
    _name = "service.level.step"
    _inherit = ["service.level.part"]
    _description = "Escalation Step of a Service Level"
    _order = "level_id, percent, id"

    level_id = fields.Many2one(
        "service.level", required=True, ondelete="cascade", index=True
    )
    percent = fields.Integer(
        string="At %",
        required=True,
        default=75,
        help="Part of the promised time that is used up: 75 warns, 100 is the "
        "moment of the breach, 150 is half the promised time later.",
    )
    clock = fields.Selection(
        [("response", "Response"), ("resolution", "Resolution")],
        help="Empty: both clocks.",
    )
    action = fields.Selection(
        [
            ("activity", "Plan an activity"),
            ("mail", "Send an e-mail"),
            ("reassign", "Assign the request"),
            ("raise_priority", "Raise the priority"),
        ],
        required=True,
        default="activity",
    )
    receiver = fields.Selection(
        [
            ("assignee", "Assigned user"),
            ("leader", "Team leader"),
            ("user", "A certain user"),
        ],
        default="assignee",
        required=True,
        help="Without an assigned user the team leader is meant.",
    )
    user_id = fields.Many2one("res.users", domain=[("share", "=", False)])

    _positive_percent = models.Constraint(
        "CHECK (percent > 0)", "An escalation step needs a percent above 0."
    )
    _user_is_named = models.Constraint(
        "CHECK (receiver != 'user' OR user_id IS NOT NULL)",
        "Choose the user of the escalation step.",
    )

    def _get_receiver(self, ticket):
        leader = ticket.team_id.user_id
        if self.receiver == "user":
            return self.user_id
        if self.receiver == "leader":
            return leader or ticket.user_id
        return ticket.user_id or leader


class ResCompany(models.Model):
    _inherit = "res.company"

    service_level_id = fields.Many2one(
        "service.level",
        "Default service level",
        help="For requests that neither a contract nor a team promises more to.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_level_id = fields.Many2one(
        related="company_id.service_level_id", readonly=False
    )
