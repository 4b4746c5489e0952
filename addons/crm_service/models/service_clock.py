from datetime import UTC, datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime, format_duration

from odoo.addons.crm_credit.models.append_rows import append_rows

from ..tools import sla_clock
from ..tools.sla_clock import Segment

OPEN = ("running", "paused")


def to_seconds(moment):
    """Return epoch seconds of ``moment``, a naive datetime in UTC."""
    return moment.replace(tzinfo=UTC).timestamp()


def to_moment(seconds):
    """Return the naive datetime in UTC, in whole seconds; False for None."""
    if seconds is None:
        return False
    return datetime.fromtimestamp(round(seconds), UTC).replace(tzinfo=None)


class ServiceClock(models.Model):
    """One promise on one request. Only :meth:`_store` writes what is computed."""

    _name = "service.clock"
    _description = "Service Clock"
    _order = "deadline, id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Request", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [("response", "Response"), ("resolution", "Resolution")], required=True
    )
    level_id = fields.Many2one("service.level", ondelete="restrict", index=True)
    calendar_id = fields.Many2one("resource.calendar", "Working hours")
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="ticket_id.commercial_partner_id", store=True, precompute=True
    )
    team_id = fields.Many2one(related="ticket_id.team_id", store=True, precompute=True)
    user_id = fields.Many2one(related="ticket_id.user_id", store=True, precompute=True)
    target_hours = fields.Float("Promised hours", aggregator="avg")
    segments = fields.Json(help="Stretches: start, stop, running, reason, calendar.")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("void", "Void"),
        ],
        required=True,
        index=True,
    )
    start_date = fields.Datetime("Started")
    stop_date = fields.Datetime("Stopped")
    deadline = fields.Datetime(
        index=True, help="Empty while the clock is paused before its deadline."
    )
    next_event = fields.Datetime(
        help="When the next escalation step or check of this clock is due."
    )
    next_percent = fields.Integer(help="The escalation step due at the next event.")
    done_percent = fields.Integer(help="Escalation steps up to here are done.")
    used_hours = fields.Float("Working hours used", aggregator="avg")
    paused_hours = fields.Float(aggregator="avg")
    breached = fields.Boolean(compute="_compute_breached", search="_search_breached")
    history = fields.Html(compute="_compute_history", sanitize=False)

    _unique_kind = models.Constraint(
        "UNIQUE (ticket_id, kind)", "A request has one clock of each kind."
    )
    _next_event_idx = models.Index("(next_event) WHERE next_event IS NOT NULL")

    @api.model
    def _get_breached_domain(self):
        """Return what "late" means: said here, and nowhere else."""
        return Domain("state", "=", "missed") | (
            Domain("state", "in", OPEN) & Domain("deadline", "<", fields.Datetime.now())
        )

    @api.depends("state", "deadline")
    def _compute_breached(self):
        late = self.filtered_domain(self._get_breached_domain())
        late.breached = True
        (self - late).breached = False

    def _search_breached(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._get_breached_domain()
        return Domain.OR(late if flag else ~late for flag in set(value))

    @api.depends("segments")
    @api.depends_context("lang", "tz")
    def _compute_history(self):
        calendars = self.env["resource.calendar"].sudo()  # names only
        for clock in self:
            rows = Markup().join(
                Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
                % (
                    format_datetime(self.env, to_moment(segment.start)),
                    format_datetime(self.env, to_moment(segment.stop))
                    if segment.stop
                    else "",
                    self.env._("runs") if segment.running else self.env._("stands"),
                    " - ".join(
                        filter(
                            None,
                            [
                                segment.reason,
                                calendars.browse(segment.calendar).name
                                if segment.calendar
                                else None,
                            ],
                        )
                    ),
                )
                for segment in clock._get_segments()
            )
            clock.history = (
                Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
                % rows
            )

    @api.depends("kind", "ticket_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for clock in self:
            clock.display_name = f"{clock.ticket_id.number}: {labels.get(clock.kind)}"

    # -- the kernel's view ---------------------------------------------------

    def _get_segments(self):
        return [Segment(*segment) for segment in self.segments or []]

    def _get_calendars(self, segments):
        ids = {segment.calendar for segment in segments}
        return self.env["resource.calendar"]._get_working_times(
            ids, segments[0].start if segments else 0
        )

    @api.model
    def _prepare_state(self, kind, level, segments, hours, done, stopped, void):
        """Return the values of everything that follows from ``segments``."""
        calendars = self._get_calendars(segments)
        target = hours * 3600
        stop = to_seconds(stopped) if stopped else None
        state = sla_clock.outcome(segments, target, calendars, stop, void)
        step = None
        if state in OPEN:
            percents = level._get_percents(kind, done)
            step = sla_clock.next_step(segments, target, calendars, percents)
        end = segments[-1].stop or segments[-1].start
        return {
            "level_id": level.id,
            "segments": segments,
            "target_hours": hours,
            "state": state,
            "stop_date": stopped,
            "deadline": to_moment(sla_clock.reached(segments, target, calendars)),
            "next_event": to_moment(step[0] if step else None),
            "next_percent": step[1] if step else 0,
            "done_percent": done,
            "used_hours": sla_clock.counted(segments, calendars, end) / 3600,
            "paused_hours": sla_clock.paused(segments, end) / 3600,
        }

    def _store(self, segments, *, stopped=False, void=False, **changes):
        """The one writer of a clock's state."""
        self.ensure_one()
        level = changes.pop("level", self.level_id)
        hours = changes.pop("hours", self.target_hours)
        done = changes.pop("done", self.done_percent)
        self.write(
            self._prepare_state(self.kind, level, segments, hours, done, stopped, void)
            | changes
        )

    # -- life ----------------------------------------------------------------

    @api.model
    def _prepare_clock(self, ticket, kind, hours, level, running, reason):
        now = fields.Datetime.now()
        start = min(ticket.create_date or now, now).replace(microsecond=0)
        calendar = level._get_plan().calendar
        segments = sla_clock.turn([], to_seconds(start), running, reason, calendar)
        state = self._prepare_state(kind, level, segments, hours, 0, False, False)
        return state | {
            "ticket_id": ticket.id,
            "kind": kind,
            "calendar_id": calendar,
            "start_date": start,
        }

    @api.model
    def _start(self, vals_list):
        """Start clocks of :meth:`_prepare_clock`."""
        rows = []
        for vals in vals_list:
            ticket = self.env["helpdesk.ticket"].browse(vals["ticket_id"])
            related = {
                "company_id": ticket.company_id.id,
                "partner_id": ticket.commercial_partner_id.id,
                "team_id": ticket.team_id.id,
                "user_id": ticket.user_id.id,
            }
            rows.append(vals | related)
        clocks = append_rows(self, rows, ["ticket_id"])
        # what follows from the clocks of a request
        clocks.modified(["ticket_id", "state", "deadline"])
        return clocks

    def _turn(self, running, reason, at=None):
        """Let open clocks run, or stand still, from ``at`` on."""
        at = to_seconds(at or fields.Datetime.now())
        for clock in self:
            segments = clock._get_segments()
            last = segments[-1]
            if clock.state in OPEN and last.stop is None and last.running == running:
                continue
            clock._store(
                sla_clock.turn(
                    segments, at, running, reason, clock.calendar_id.id or None
                )
            )

    def _is_reopened(self):
        """Only the resolution can be asked for again; an answer stays given."""
        return self.kind == "resolution" or (
            self.state == "void" and not self.ticket_id.first_response_date
        )

    def _stop(self, void=False, at=None):
        """The promise was kept now (or made void): the clock stops for good."""
        at = at or fields.Datetime.now()
        for clock in self.filtered(lambda clock: clock.state in OPEN):
            segments = sla_clock.stop(clock._get_segments(), to_seconds(at))
            clock._store(segments, stopped=at, void=void)

    def _retarget(self, level, hours, reason):
        """Change promise and calendar from now on; what was used stays used.

        Escalation steps that were done are not done again.
        """
        self.ensure_one()
        segments = self._get_segments()
        calendar = level.calendar_id
        if segments[-1].running and calendar != self.calendar_id:
            now = to_seconds(fields.Datetime.now())
            segments = sla_clock.turn(segments, now, True, reason, calendar.id or None)
        self._store(
            segments,
            hours=hours,
            level=level,
            calendar_id=calendar.id,
        )

    def _get_moved_note(self, before):
        """Return a sentence about a deadline that is no longer ``before``."""
        labels = dict(self._fields["kind"]._description_selection(self.env))
        nothing = self.env._("not fixed")
        return self.env._(
            "%(clock)s: %(hours)s h, due %(after)s (was %(before)s)",
            clock=labels[self.kind],
            hours=format_duration(self.target_hours),
            after=format_datetime(self.env, self.deadline)
            if self.deadline
            else nothing,
            before=format_datetime(self.env, before) if before else nothing,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("Clocks are kept as a proof. Cancel the request instead.")
            )

    def action_open_ticket(self):
        self.ensure_one()
        return self.ticket_id._get_records_action()
