from datetime import datetime

from pytz import timezone, utc

from odoo import api, models
from odoo.tools import ormcache

from ..tools import sla_clock

#: Years of working time that one answer covers, from the year of the first moment.
YEARS = 3


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    @ormcache("self.id", "year")
    def _get_working_time(self, year):
        """Return the working time from the start of ``year``, for clocks.

        Cached: the same few calendars serve all requests. Changes of attendances,
        holidays and the time zone clear the cache on all workers.
        """
        calendar = self.sudo()  # agents need not be allowed to read holidays
        start = utc.localize(datetime(year, 1, 1))
        stop = utc.localize(datetime(year + YEARS, 1, 1))
        zone = timezone(calendar.tz or "UTC")
        intervals = calendar._work_intervals_batch(start, stop, tz=zone)[False]
        return sla_clock.WorkingTime(
            ((begin.timestamp(), end.timestamp()) for begin, end, _meta in intervals),
            stop.timestamp(),
        )

    @api.model
    def _get_working_times(self, calendar_ids, first):
        """Return {calendar id: working time} from ``first`` (epoch seconds) on.

        None among the ids stands for a team that never closes.
        """
        year = datetime.fromtimestamp(first, utc).year
        return {
            calendar_id: self.browse(calendar_id)._get_working_time(year)
            if calendar_id
            else sla_clock.AllTime()
            for calendar_id in calendar_ids
        }

    def _working_time_changed(self):
        """Forget the cached working time and have the open clocks looked at."""
        self.env.registry.clear_cache()
        self.env["service.clock"]._schedule_check(self)

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"tz", "attendance_ids", "two_weeks_calendar", "leave_ids"}:
            self._working_time_changed()
        return result


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.calendar_id._working_time_changed()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.calendar_id._working_time_changed()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._working_time_changed()
        return result


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def _holidays_changed(self):
        """Public holidays move deadlines; the leave of one person does not."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        if holidays:
            everywhere = any(not leave.calendar_id for leave in holidays)
            calendars = self.env["resource.calendar"].sudo()  # all that have clocks
            (
                calendars.search([])  # pylint: disable=no-search-all
                if everywhere
                else holidays.calendar_id
            )._working_time_changed()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._holidays_changed()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._holidays_changed()
        return result

    def unlink(self):
        self._holidays_changed()
        return super().unlink()
