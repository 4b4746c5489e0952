from odoo import fields, models
from odoo.tools import SQL


class ServiceTechnicianReport(models.Model):
    """What technicians were busy with, by month of the last year.

    Available are the hours of the working calendar up to today, without days whose noon
    falls into a leave of the person or a holiday of the calendar or company. Worked are
    the confirmed hours on requests and visits, on the way those of visits done.
    """

    _name = "service.technician.report"
    _description = "Technician Utilisation"
    _auto = False
    _order = "month desc, employee_id"
    _rec_name = "employee_id"

    month = fields.Date(readonly=True)
    employee_id = fields.Many2one("hr.employee", "Technician", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    available_hours = fields.Float("Available (h)", readonly=True)
    worked_hours = fields.Float("Worked (h)", readonly=True)
    billable_hours = fields.Float("Billable (h)", readonly=True)
    travel_hours = fields.Float("On the way (h)", readonly=True)
    visit_count = fields.Integer("Visits", readonly=True)
    utilisation = fields.Float(
        "Utilisation (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Worked and on the way, of what is available.",
    )

    _depends = {
        "service.work.line": ["employee_id", "quantity", "state", "coverage", "date"],
        "service.visit": ["employee_id", "state", "date_start", "travel_minutes"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            WITH people AS (%(people)s),
                 facts AS (%(available)s UNION ALL %(worked)s UNION ALL %(visits)s)
            SELECT person.id::bigint * 100000
                       + EXTRACT(YEAR FROM month)::int * 12
                       + EXTRACT(MONTH FROM month)::int AS id,
                   month::date AS month, person.id AS employee_id, person.company_id,
                   SUM(available) AS available_hours, SUM(worked) AS worked_hours,
                   SUM(billable) AS billable_hours, SUM(travel) AS travel_hours,
                   SUM(visits) AS visit_count,
                   100 * (SUM(worked) + SUM(travel)) / NULLIF(SUM(available), 0)
                       AS utilisation
              FROM facts JOIN people person ON person.id = facts.employee_id
          GROUP BY person.id, person.company_id, month
            """,
            people=self._get_people_query(),
            available=self._get_available_query(),
            worked=self._get_worked_query(),
            visits=self._get_visits_query(),
        )

    def _get_people_query(self):
        """Who is chosen as technician of a team, or has worked or gone on visits."""
        return SQL(
            """
            SELECT employee.id, employee.company_id, employee.resource_id,
                   COALESCE(resource.calendar_id, company.resource_calendar_id)
                       AS calendar_id
              FROM hr_employee employee
              JOIN resource_resource resource ON resource.id = employee.resource_id
              JOIN res_company company ON company.id = employee.company_id
             WHERE employee.id IN (
                       SELECT hr_employee_id FROM helpdesk_ticket_team_hr_employee_rel
                        UNION SELECT employee_id FROM service_work_line
                        UNION SELECT employee_id FROM service_visit)
            """
        )

    def _get_available_query(self):
        return SQL(
            """
            SELECT person.id AS employee_id, DATE_TRUNC('month', day) AS month,
                   slot.hour_to - slot.hour_from AS available, 0.0 AS worked,
                   0.0 AS billable, 0.0 AS travel, 0 AS visits
              FROM people person
        CROSS JOIN GENERATE_SERIES(
                       DATE_TRUNC('month', now()) - INTERVAL '11 months',
                       now()::date, '1 day') day
              JOIN resource_calendar_attendance slot
                ON slot.calendar_id = person.calendar_id
               AND slot.display_type IS NULL
               AND slot.day_period != 'lunch'
               AND slot.dayofweek = (EXTRACT(ISODOW FROM day)::int - 1)::text
               AND (slot.week_type IS NULL OR slot.week_type = ''
                    OR slot.week_type::int
                       = ((day::date - DATE '0001-01-01') / 7) %% 2)
             WHERE NOT EXISTS (
                       SELECT FROM resource_calendar_leaves off
                        WHERE day + INTERVAL '12 hours'
                              BETWEEN off.date_from AND off.date_to
                          AND (off.resource_id = person.resource_id
                               OR (off.resource_id IS NULL
                                   AND COALESCE(off.calendar_id, person.calendar_id)
                                       = person.calendar_id
                                   AND COALESCE(off.company_id, person.company_id)
                                       = person.company_id)))
            """
        )

    def _get_worked_query(self):
        return SQL(
            """
            SELECT employee_id, DATE_TRUNC('month', date::timestamp) AS month,
                   0.0, quantity,
                   CASE WHEN coverage = 'billable' THEN quantity ELSE 0.0 END, 0.0, 0
              FROM service_work_line
             WHERE kind = 'hours' AND state = 'confirmed' AND employee_id IS NOT NULL
               AND date >= DATE_TRUNC('month', now()) - INTERVAL '11 months'
            """
        )

    def _get_visits_query(self):
        return SQL(
            """
            SELECT employee_id, DATE_TRUNC('month', date_start) AS month, 0.0, 0.0, 0.0,
                   COALESCE(travel_minutes, 0) / 60.0, 1
              FROM service_visit
             WHERE state = 'done' AND employee_id IS NOT NULL
               AND date_start >= DATE_TRUNC('month', now()) - INTERVAL '11 months'
            """
        )

    def action_open_work(self):
        """Open the hours behind this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Work"),
            "res_model": "service.work.line",
            "view_mode": "list,form",
            "domain": [
                ("employee_id", "=", self.employee_id.id),
                ("kind", "=", "hours"),
                ("state", "=", "confirmed"),
                ("date", ">=", fields.Date.to_string(self.month)),
                (
                    "date",
                    "<",
                    fields.Date.to_string(fields.Date.add(self.month, months=1)),
                ),
            ],
        }
