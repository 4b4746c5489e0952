from odoo import fields, models
from odoo.tools import SQL

MONEY = "crm_service.group_service_manager,account.group_account_invoice"
#: What the facts of a technician and month add up to, and the field it is.
MEASURES = {
    "available": "available_hours",
    "worked": "worked_hours",
    "billable": "billable_hours",
    "covered": "covered_hours",
    "goodwill": "goodwill_hours",
    "travel": "travel_hours",
    "visits": "visit_count",
    "charged": "charged",
    "invoiced": "invoiced",
    "covered_value": "covered_value",
    "cost": "cost",
    "covered_cost": "covered_cost",
    "goodwill_cost": "goodwill_cost",
}


class ServiceTechnicianReport(models.Model):
    """What technicians were busy with, earned and cost, by month of the last year.

    Available are the hours of the working calendar up to today, without days whose noon
    falls into a leave of the person or a holiday of the calendar or company. Worked are
    the confirmed hours on requests and visits, on the way those of visits done.

    Money is of confirmed time and parts, without tax, in the currency of the company:
    what is charged at the rate of its day, time at the hourly cost of the person. What
    contracts bill is not divided among technicians; what covered work is worth stands
    beside it.
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
    covered_hours = fields.Float("Covered (h)", readonly=True)
    goodwill_hours = fields.Float("Goodwill (h)", readonly=True)
    travel_hours = fields.Float("On the way (h)", readonly=True)
    visit_count = fields.Integer("Visits", readonly=True)
    utilisation = fields.Float(
        "Utilisation (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Worked and on the way, of what is available.",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency", readonly=True
    )
    charged = fields.Monetary(
        readonly=True,
        groups=MONEY,
        help="Time and parts that no contract covers, without tax.",
    )
    invoiced = fields.Monetary(
        "Of It Invoiced", readonly=True, groups=MONEY, help="Of what is charged."
    )
    covered_value = fields.Monetary(
        "Covered Work at Its Price",
        readonly=True,
        groups=MONEY,
        help="What customers would have paid without contract or warranty.",
    )
    cost = fields.Monetary(
        "Cost of Work",
        readonly=True,
        groups=MONEY,
        help="Time at the hourly cost of the technician, and parts.",
    )
    covered_cost = fields.Monetary("Cost of Covered Work", readonly=True, groups=MONEY)
    goodwill_cost = fields.Monetary("Cost of Goodwill", readonly=True, groups=MONEY)
    margin = fields.Monetary(
        "Charged Less Cost",
        readonly=True,
        groups=MONEY,
        help="What contracts bill is not in it: see the profit of contracts.",
    )

    _depends = {
        "service.work.line": [
            "employee_id",
            "kind",
            "quantity",
            "state",
            "coverage",
            "date",
            "amount",
            "cost",
            "price_unit",
            "discount",
            "invoice_status",
        ],
        "service.visit": ["employee_id", "state", "date_start", "travel_minutes"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            WITH people AS (%(people)s), facts AS (%(facts)s)
            SELECT person.id::bigint * 100000
                       + EXTRACT(YEAR FROM month)::int * 12
                       + EXTRACT(MONTH FROM month)::int AS id,
                   month::date AS month, person.id AS employee_id, person.company_id,
                   %(sums)s, SUM(charged) - SUM(cost) AS margin,
                   100 * (SUM(worked) + SUM(travel)) / NULLIF(SUM(available), 0)
                       AS utilisation
              FROM facts JOIN people person ON person.id = facts.employee_id
          GROUP BY person.id, person.company_id, month
            """,
            people=self._get_people_query(),
            facts=SQL(" UNION ALL ").join(
                self._get_fact(query, names)
                for query, names in (
                    (self._get_available_query(), ("available",)),
                    (self._get_worked_query(), self._WORKED),
                    (self._get_visits_query(), ("travel", "visits")),
                )
            ),
            sums=SQL(", ").join(
                SQL("SUM(%s) AS %s", SQL.identifier(name), SQL.identifier(field))
                for name, field in MEASURES.items()
            ),
        )

    def _get_fact(self, query, names):
        """Return the rows of ``query``, 0 for the measures it does not give."""
        return SQL(
            "SELECT employee_id, month, %s FROM (%s) fact",
            SQL(", ").join(
                SQL.identifier(name)
                if name in names
                else SQL("0.0 AS %s", SQL.identifier(name))
                for name in MEASURES
            ),
            query,
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
                   slot.hour_to - slot.hour_from AS available
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

    _WORKED = (
        "worked",
        "billable",
        "covered",
        "goodwill",
        "charged",
        "invoiced",
        "covered_value",
        "cost",
        "covered_cost",
        "goodwill_cost",
    )

    def _get_worked_query(self):
        """Return hours and money of confirmed work; parts count in money only."""
        return SQL(
            """
            SELECT employee_id, month, hours AS worked,
                   CASE WHEN coverage = 'billable' THEN hours ELSE 0 END AS billable,
                   CASE WHEN coverage = 'covered' THEN hours ELSE 0 END AS covered,
                   CASE WHEN coverage = 'goodwill' THEN hours ELSE 0 END AS goodwill,
                   charged,
                   CASE WHEN invoice_status = 'invoiced' THEN charged ELSE 0 END
                       AS invoiced,
                   CASE WHEN coverage = 'covered' THEN worth ELSE 0 END
                       AS covered_value,
                   cost,
                   CASE WHEN coverage = 'covered' THEN cost ELSE 0 END AS covered_cost,
                   CASE WHEN coverage = 'goodwill' THEN cost ELSE 0 END
                       AS goodwill_cost
              FROM (
                SELECT work.employee_id, work.coverage, work.invoice_status,
                       DATE_TRUNC('month', work.date::timestamp) AS month,
                       CASE WHEN work.kind = 'hours' THEN work.quantity ELSE 0 END
                           AS hours,
                       ROUND((COALESCE(work.amount, 0) * COALESCE(main.rate, 1)
                              / COALESCE(own.rate, 1))::numeric, 2) AS charged,
                       ROUND((work.quantity * COALESCE(work.price_unit, 0)
                              * (1 - COALESCE(work.discount, 0) / 100)
                              * COALESCE(main.rate, 1)
                              / COALESCE(own.rate, 1))::numeric, 2) AS worth,
                       COALESCE(work.cost, 0)::numeric AS cost
                  FROM service_work_line work
                  JOIN res_company company ON company.id = work.company_id
             LEFT JOIN LATERAL (%(own)s) own
                    ON work.currency_id <> company.currency_id
             LEFT JOIN LATERAL (%(main)s) main ON own.rate IS NOT NULL
                 WHERE work.state = 'confirmed' AND work.employee_id IS NOT NULL
                   AND work.date >= DATE_TRUNC('month', now()) - INTERVAL '11 months'
              ) done
            """,
            own=self._get_rate_query(SQL("work.currency_id")),
            main=self._get_rate_query(SQL("company.currency_id")),
        )

    def _get_rate_query(self, currency):
        """Return SQL of the rate of ``currency`` on the day of the work."""
        return SQL(
            """
            SELECT rate.rate FROM res_currency_rate rate
             WHERE rate.currency_id = %s AND rate.name <= work.date
               AND (rate.company_id IS NULL OR rate.company_id = work.company_id)
          ORDER BY rate.company_id NULLS LAST, rate.name DESC LIMIT 1
            """,
            currency,
        )

    def _get_visits_query(self):
        return SQL(
            """
            SELECT employee_id, DATE_TRUNC('month', date_start) AS month,
                   COALESCE(travel_minutes, 0) / 60.0 AS travel, 1 AS visits
              FROM service_visit
             WHERE state = 'done' AND employee_id IS NOT NULL
               AND date_start >= DATE_TRUNC('month', now()) - INTERVAL '11 months'
            """
        )

    def action_open_work(self):
        """Open the time and parts behind this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Work"),
            "res_model": "service.work.line",
            "view_mode": "list,form",
            "domain": [
                ("employee_id", "=", self.employee_id.id),
                ("state", "=", "confirmed"),
                ("date", ">=", fields.Date.to_string(self.month)),
                (
                    "date",
                    "<",
                    fields.Date.to_string(fields.Date.add(self.month, months=1)),
                ),
            ],
        }
