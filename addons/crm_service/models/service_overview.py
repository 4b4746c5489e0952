from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, format_datetime

#: Months of the trend, days ahead for renewals, days back for ratings.
TREND_MONTHS, RENEWAL_DAYS, RATING_DAYS = 6, 60, 90
#: Ratings up to this many of five count as low (core: "dissatisfied").
LOW_RATING = 2.5
LIST_LENGTH = 8


class ServiceOverview(models.AbstractModel):
    """What the start page of Service shows, with the rights of who looks."""

    _name = "service.overview"
    _description = "Service Overview"

    @api.model
    @api.readonly
    def get_overview(self):
        """Return the cards; each carries the action that opens its records."""
        return {
            "teams": self._get_teams(),
            "queue": self._get_queue(),
            "sla": self._get_sla(),
            "visits": self._get_visits(),
            "renewals": self._get_renewals(),
            "ratings": self._get_ratings(),
        }

    # -- what is counted: each population is said once ---------------------------------

    def _get_ticket_domains(self):
        """Return {key: Domain} of the figures of a team's card."""
        is_open = Domain("closed", "=", False)
        pausing = (
            self.env["service.level"]
            .search([("pause_stage_ids", "!=", False)])
            .pause_stage_ids
        )
        return {
            "late": is_open & Domain("service_late", "=", True),
            "due_today": is_open
            & Domain("service_deadline", ">=", "today")
            & Domain("service_deadline", "<", "today +1d"),
            "unassigned": is_open & Domain("user_id", "=", False),
            "waiting": is_open
            & (
                Domain("clock_ids.state", "=", "paused")
                | Domain("stage_id", "in", pausing.ids)
            ),
        }

    def _get_labels(self):
        return {
            "late": self.env._("Late now"),
            "due_today": self.env._("Due today"),
            "unassigned": self.env._("Unassigned"),
            "waiting": self.env._("Waiting for customer"),
        }

    def _open(self, name, model, domain, view_mode="list,form"):
        """Return a client action that opens these records."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(Domain(domain)),
            "views": [[False, mode] for mode in view_mode.split(",")],
        }

    # -- cards ---------------------------------------------------------------------

    def _get_teams(self):
        tickets = self.env["helpdesk.ticket"]
        domains, labels = self._get_ticket_domains(), self._get_labels()
        counts = {
            key: dict(tickets._read_group(domain, ["team_id"], ["__count"]))
            for key, domain in domains.items()
        }
        opened = dict(
            tickets._read_group([("closed", "=", False)], ["team_id"], ["__count"])
        )
        teams = self.env["helpdesk.ticket.team"].search(
            [("company_id", "in", [*self.env.companies.ids, False])]
        ) & (
            self.env.user.helpdesk_team_ids
            | self.env["helpdesk.ticket.team"].union(*opened)
        )
        cards = []
        for team in [*teams, *([teams.browse()] if teams.browse() in opened else [])]:
            mine = Domain("team_id", "=", team.id)
            name = team.name or self.env._("Without team")
            cards.append(
                {
                    "id": team.id or 0,
                    "name": name,
                    "open": opened.get(team, 0),
                    "action": self._open(
                        name,
                        "helpdesk.ticket",
                        mine & Domain("closed", "=", False),
                        "list,kanban,form",
                    ),
                    "figures": [
                        {
                            "key": key,
                            "label": labels[key],
                            "count": counts[key].get(team, 0),
                            "action": self._open(
                                f"{name}: {labels[key]}",
                                "helpdesk.ticket",
                                mine & domain,
                                "list,kanban,form",
                            ),
                        }
                        for key, domain in domains.items()
                    ],
                }
            )
        return cards

    def _get_queue(self):
        domain = Domain("user_id", "=", self.env.uid) & Domain("closed", "=", False)
        tickets = self.env["helpdesk.ticket"]
        # those without a deadline come last in PostgreSQL's order
        mine = tickets.search(
            domain, order="service_deadline, priority desc, id", limit=LIST_LENGTH
        )
        labels = dict(
            tickets._fields["service_outcome"]._description_selection(self.env)
        )
        return {
            "count": tickets.search_count(domain),
            "action": self._open(
                self.env._("My queue"), "helpdesk.ticket", domain, "list,kanban,form"
            ),
            "lines": [
                {
                    "id": ticket.id,
                    "name": f"{ticket.number} {ticket.name}",
                    "partner": ticket.partner_id.display_name or "",
                    "outcome": labels.get(ticket.service_outcome, ""),
                    "late": ticket.service_late,
                    "deadline": ticket.service_deadline
                    and format_datetime(
                        self.env, ticket.service_deadline, dt_format="short"
                    )
                    or "",
                }
                for ticket in mine
            ],
        }

    def _get_sla(self):
        """Return the share of promises kept by month, with the number behind it."""
        today = fields.Date.context_today(self)
        first = today.replace(day=1)
        months = [
            first - relativedelta(months=back) for back in reversed(range(TREND_MONTHS))
        ]
        ended = Domain("state", "in", ("met", "missed"))
        rows = self.env["service.clock"]._read_group(
            ended & Domain("stop_date", ">=", fields.Date.to_string(months[0])),
            ["stop_date:month", "state"],
            ["__count"],
        )
        counts = {}
        for month, state, count in rows:
            day = fields.Date.to_date(month)
            counts[day, state] = counts.get((day, state), 0) + count
        trend = []
        for month in months:
            met = counts.get((month, "met"), 0)
            number = met + counts.get((month, "missed"), 0)
            trend.append(
                {
                    "label": format_date(self.env, month, date_format="MMM"),
                    "number": number,
                    "percent": round(100 * met / number) if number else None,
                }
            )
        return {
            "trend": trend,
            "action": self._open(
                self.env._("Promises of this month"),
                "service.clock",
                ended & Domain("stop_date", ">=", fields.Date.to_string(first)),
            ),
        }

    def _get_visits(self):
        start, end = self.env["service.visit"]._get_day_span(
            fields.Date.context_today(self)
        )
        domain = (
            Domain("date_start", ">=", fields.Datetime.to_string(start))
            & Domain("date_start", "<", fields.Datetime.to_string(end))
            & Domain("state", "!=", "cancelled")
        )
        visits = self.env["service.visit"]
        labels = dict(visits._fields["state"]._description_selection(self.env))
        return {
            "count": visits.search_count(domain),
            "to_plan": visits.search_count([("state", "=", "draft")]),
            "action": self._open(
                self.env._("Visits of today"),
                "service.visit",
                domain,
                "list,calendar,kanban,form",
            ),
            "plan_action": self._open(
                self.env._("Visits to plan"),
                "service.visit",
                [("state", "=", "draft")],
                "list,kanban,form",
            ),
            "lines": [
                {
                    "id": visit.id,
                    "time": format_datetime(
                        self.env, visit.date_start, dt_format="HH:mm"
                    ),
                    "name": visit.summary,
                    "partner": visit.partner_id.display_name,
                    # a name on the agenda, no more of the file
                    "technician": visit.employee_id.sudo().name or "",
                    "state": labels[visit.state],
                }
                for visit in visits.search(
                    domain, order="date_start", limit=LIST_LENGTH
                )
            ],
        }

    def _get_renewals(self):
        today = fields.Date.context_today(self)
        domain = (
            Domain("contract_type", "=", "sale")
            & Domain("state", "=", "active")
            & Domain("date_end", ">=", fields.Date.to_string(today))
            & Domain(
                "date_end",
                "<=",
                fields.Date.to_string(fields.Date.add(today, days=RENEWAL_DAYS)),
            )
        )
        contracts = self.env["contract.contract"].search(domain, order="date_end")
        company = self.env.company
        amount = sum(
            line.currency_id._convert(
                line.monthly_recurring * 12, company.currency_id, company, today
            )
            for line in contracts.contract_line_ids
            if not line.is_canceled
        )
        return {
            "count": len(contracts),
            "amount": format_amount(self.env, amount, company.currency_id),
            "days": RENEWAL_DAYS,
            "action": self._open(
                self.env._("Contracts to renew"), "contract.contract", domain
            ),
            "lines": [
                {
                    "id": contract.id,
                    "name": contract.name,
                    "partner": contract.partner_id.display_name,
                    "date": format_date(self.env, contract.date_end),
                }
                for contract in contracts[:LIST_LENGTH]
            ],
        }

    def _get_ratings(self):
        since = fields.Date.subtract(fields.Date.context_today(self), days=RATING_DAYS)
        domain = (
            Domain("res_model", "in", ("helpdesk.ticket", "service.visit"))
            & Domain("consumed", "=", True)
            & Domain("rating", ">", 0)
            & Domain("rating", "<=", LOW_RATING)
            & Domain("write_date", ">=", fields.Date.to_string(since))
        )
        ratings = self.env["rating.rating"]
        return {
            "count": ratings.search_count(domain),
            "days": RATING_DAYS,
            "action": self._open(
                self.env._("Low ratings"), "rating.rating", domain, "list,kanban,form"
            ),
            "lines": [
                {
                    "id": rating.id,
                    "model": rating.res_model,
                    "res_id": rating.res_id,
                    "name": rating.res_name or "",
                    "partner": rating.partner_id.display_name or "",
                    "feedback": rating.feedback or "",
                    "rating": rating.rating,
                }
                for rating in ratings.search(
                    domain, order="write_date desc", limit=LIST_LENGTH
                )
            ],
        }
