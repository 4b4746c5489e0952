from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import format_datetime, format_duration

from ..tools import travel
from ..tools import visit_planning as kernel

#: A longer hole in the working day is absence, not a pause.
LONGEST_PAUSE = 120


def to_minutes(moment):
    """Return the whole minutes of a naive UTC datetime since 1970."""
    return int(moment.replace(tzinfo=UTC).timestamp() // 60)


def to_datetime(minutes):
    return datetime.fromtimestamp(minutes * 60, UTC).replace(tzinfo=None)


class ServiceVisit(models.Model):
    """Facts for the planning kernel: who works when, and is where."""

    _inherit = "service.visit"

    def _to_job(self, window):
        """Return the kernel's job; its window cut to ``window``, both naive UTC."""
        self.ensure_one()
        start = max(filter(None, (self.window_start, window[0])))
        end = min(filter(None, (self.window_end, window[1])))
        return kernel.Job(
            self.id,
            max(round((self.duration or 1.0) * 60), 1),
            (to_minutes(start), to_minutes(end)),
            self.site_id._get_service_place(),
            frozenset(self.skill_ids.ids),
            int(self.priority or 0),
        )

    def _get_travel(self, company):
        pace = company._get_travel_pace()
        return lambda a, b: travel.minutes(a, b, pace)

    @api.model
    def _get_technicians_facts(self, employees, start, end, ignore=None):
        """Return kernel technicians of ``employees`` between naive UTC datetimes.

        ``ignore``: visits whose present time does not count, as they are being planned.
        """
        busy = self._get_visit_times(employees, start, end, ignore)
        for employee, times in self._get_meeting_times(employees, start, end).items():
            busy[employee] += times
        work = self._get_working_times(employees, start, end)
        return [
            kernel.Technician(
                employee.id,
                tuple(work[employee][0]),
                tuple(busy[employee] + work[employee][1]),
                employee._get_service_place(),
                # whether somebody can do it, no more of his file
                frozenset(employee.sudo().current_employee_skill_ids.skill_id.ids),
            )
            for employee in employees
        ]

    def _get_working_times(self, employees, start, end):
        """Return {employee: (shifts, absences within a day)}, leaves taken out."""
        first, last = start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
        result = {}
        # working hours and leaves belong to HR; the planner sees what is free
        people = employees.sudo()
        by_calendar = people.grouped(
            lambda e: e.resource_calendar_id or e.company_id.resource_calendar_id
        )
        for calendar, group in by_calendar.items():
            spans = calendar._work_intervals_batch(first, last, group.resource_id)
            for person in group:
                zone = ZoneInfo(person.tz or calendar.tz or "UTC")
                days = defaultdict(list)
                for begin, stop, _meta in spans[person.resource_id.id]:
                    days[begin.astimezone(zone).date()].append(
                        (
                            to_minutes(begin.astimezone(UTC).replace(tzinfo=None)),
                            to_minutes(stop.astimezone(UTC).replace(tzinfo=None)),
                        )
                    )
                result[employees.browse(person.id)] = self._to_shifts(days)
        return result

    @api.model
    def _to_shifts(self, days):
        shifts, absences = [], []
        for _day, spans in sorted(days.items()):
            spans.sort()
            holes = [
                (left[1], right[0])
                for left, right in zip(spans, spans[1:], strict=False)
                if right[0] > left[1]
            ]
            pauses = [hole for hole in holes if hole[1] - hole[0] <= LONGEST_PAUSE]
            absences += [kernel.Busy(*hole) for hole in holes if hole not in pauses]
            shifts.append(kernel.Shift(spans[0][0], spans[-1][1], tuple(pauses)))
        return shifts, absences

    def _get_visit_times(self, employees, start, end, ignore=None):
        """Return {employee: busy times} of other visits, each at its site."""
        busy = defaultdict(list)
        visits = self.env["service.visit"].sudo()  # times of colleagues, not what for
        found = visits.search(
            [
                ("state", "in", ("planned", "started")),
                ("date_start", "<", end),
                ("date_end", ">", start),
                ("id", "not in", (ignore or self.browse()).ids),
                "|",
                ("employee_id", "in", employees.ids),
                ("helper_ids", "in", employees.ids),
            ]
        )
        for visit in found:
            for employee in employees & (visit.employee_id | visit.helper_ids).sudo(
                self.env.su
            ):
                busy[employee].append(
                    kernel.Busy(
                        to_minutes(visit.date_start),
                        to_minutes(visit.date_end),
                        visit.site_id._get_service_place(),
                        True,
                    )
                )
        return busy

    def _get_meeting_times(self, employees, start, end):
        """Return {employee: busy times} of meetings they have not declined."""
        by_partner = {e.sudo().user_id.partner_id: e for e in employees}
        by_partner.pop(self.env["res.partner"], None)
        busy = defaultdict(list)
        partners = self.env["res.partner"].union(*by_partner)
        attendees = (
            self.env["calendar.attendee"]
            .sudo()  # that they are taken, not by what
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("state", "!=", "declined"),
                    ("event_id.show_as", "=", "busy"),
                    ("event_id.start", "<", end),
                    ("event_id.stop", ">", start),
                    ("event_id.active", "=", True),
                ]
            )
        )
        by_id = {partner.id: employee for partner, employee in by_partner.items()}
        for attendee in attendees:
            event = attendee.event_id
            busy[by_id[attendee.partner_id.id]].append(
                kernel.Busy(to_minutes(event.start), to_minutes(event.stop))
            )
        return busy

    # -- words for what does not fit ---------------------------------------------------

    @api.model
    def _explain_reasons(self, reasons):
        """Return one sentence a technician, in the reader's language."""
        return [self._explain_reason(reason) for reason in reasons]

    def _explain_reason(self, reason):
        name = self.env["hr.employee"].browse(reason.technician).sudo().name
        if reason.code == "skills":
            # the names of skills are no secret
            skills = self.env["hr.skill"].sudo().browse(reason.value)
            return self.env._(
                "%(technician)s lacks %(skills)s.",
                technician=name,
                skills=", ".join(skills.mapped("name")),
            )
        if reason.code == "absent":
            return self.env._("%(technician)s does not work then.", technician=name)
        if reason.code == "short":
            needed, longest = reason.value
            return self.env._(
                "%(technician)s has no stretch of %(needed)s h with the way there and "
                "back; the longest is %(longest)s h.",
                technician=name,
                needed=format_duration(needed / 60),
                longest=format_duration(longest / 60),
            )
        if reason.code == "full":
            return self.env._(
                "%(technician)s is taken by other visits.", technician=name
            )
        return self.env._("%(technician)s was not asked for.", technician=name)

    @api.depends("employee_id", "date_start", "date_end", "state", "skill_ids")
    @api.depends_context("lang", "tz")
    def _compute_conflict(self):
        """Say what speaks against the time chosen by hand; a planner may overrule."""
        self.conflict = False
        open_visits = self.filtered(
            lambda v: (
                v.employee_id
                and v.date_start
                and v.date_end
                and v.state in ("draft", "planned")
            )
        )
        for visit in open_visits:
            visit.conflict = " ".join(visit._find_conflicts()) or False

    def _find_conflicts(self):
        margin = timedelta(days=1)
        [facts] = self._get_technicians_facts(
            self.employee_id._origin,
            self.date_start - margin,
            self.date_end + margin,
            self._origin,
        )
        start, end = to_minutes(self.date_start), to_minutes(self.date_end)
        found = []
        missing = set(self.skill_ids._origin.ids) - facts.skills
        if missing:
            found.append(
                self._explain_reason(
                    kernel.Reason("skills", facts.key, tuple(sorted(missing)))
                )
            )
        if not any(s.start <= start and end <= s.end for s in facts.shifts):
            found.append(self.env._("Outside the working hours."))
        for busy in facts.busy:
            if busy.start < end and start < busy.end:
                found.append(
                    self.env._(
                        "Taken from %(start)s to %(end)s.",
                        start=format_datetime(self.env, to_datetime(busy.start)),
                        end=format_datetime(self.env, to_datetime(busy.end)),
                    )
                )
        return found

    @api.model
    def _get_day_span(self, date, days=1):
        """Return the naive UTC start and end of ``date`` in the user's time zone."""
        zone = ZoneInfo(self.env.user.tz or "UTC")
        start = datetime.combine(fields.Date.to_date(date), datetime.min.time(), zone)
        end = datetime.combine(
            fields.Date.to_date(date) + timedelta(days=days), datetime.min.time(), zone
        )
        return tuple(m.astimezone(UTC).replace(tzinfo=None) for m in (start, end))
