from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import demo_catalog as catalog
from ..tools import demo_forecast


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            self._build_forecast,
            self._build_calls,
            self._build_quotas,
        ]

    @api.model
    def _build_forecast(self, plan, refs):
        """Commit the surest deals, and write the snapshots of the last twelve weeks.

        The ORM refuses any snapshot but today's, so the past ones are inserted.
        """
        Lead = self.env["crm.lead"]
        sure = [
            refs[f"deal_{deal.key}"]
            for number, deal in enumerate(plan.deals)
            if deal.status == "open" and deal.probability >= 65 and number % 2
        ]
        Lead.browse(sure).forecast_category = "commit"
        self.env.flush_all()
        rows = demo_forecast.past_rows(plan.deals, plan.today)
        rate = self._get_dollar_rate("USD")
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_forecast_snapshot_row (
                    snapshot_date, lead_key, company_key, user_key, team_key,
                    stage_key, partner_key, forecast_category, status, probability,
                    predicted, amount, weighted_amount, date_deadline)
                SELECT g.day, l.id, %s, l.user_id, l.team_id, l.stage_id,
                       l.partner_id, g.category, g.status, g.probability, g.predicted,
                       g.amount, g.amount * g.probability / 100, g.closing
                  FROM unnest(%s::date[], %s::int[], %s::text[], %s::text[],
                              %s::float[], %s::float[], %s::numeric[], %s::date[])
                       AS g(day, lead, category, status, probability, predicted,
                            amount, closing)
                  JOIN crm_lead l ON l.id = g.lead
                RETURNING id
                """,
                self.env.company.id,
                [row.date for row in rows],
                [refs[f"deal_{row.deal}"] for row in rows],
                [row.category for row in rows],
                [row.status for row in rows],
                [row.probability for row in rows],
                [row.predicted for row in rows],
                [row.amount * rate for row in rows],
                [row.closing for row in rows],
            )
        )
        self.env["crm.forecast.snapshot"]._take(plan.today)

    @api.model
    def _build_calls(self, plan, refs):
        """Forecast calls of this month and the next: what people said last Monday."""
        Period = self.env["crm.forecast.period"]
        first = plan.today.replace(day=1)
        for start in (first, fields.Date.add(first, months=1)):
            period = Period._ensure_period(self.env.company, start)
            self.env["crm.forecast.line"]._open_lines(period)
            for number, line in enumerate(period.line_ids.sorted("id")):
                computed = line.computed_amount or line.weighted_amount
                if not computed:
                    continue
                factor = (1.0, 1.1, 0.95, 1.2)[number % 4]
                seller, manager = line.user_id, line.team_id.user_id or line.user_id
                line.with_user(seller).sudo().seller_call = round(computed * factor, -2)
                if number % 3:
                    line.with_user(manager).sudo().manager_call = round(computed, -2)

    @api.model
    def _build_quotas(self, plan, refs):
        """Targets of this quarter for people, teams, families and key customers."""
        start = fields.Date.start_of(plan.today, "quarter")
        common = {
            "date_start": start,
            "date_end": fields.Date.end_of(plan.today, "quarter"),
            "company_id": self.env.company.id,
        }
        rate = self._get_dollar_rate("USD")
        values = {}
        targets = (280, 190, 330, 260, 240, 300)
        people = [person for person in catalog.PEOPLE if person.role == "sales"]
        for person, target in zip(people, targets, strict=True):
            values[f"quota_{person.login}"] = {
                "kind": "person",
                "basis": "invoiced",
                "user_id": refs[f"user_{person.login}"],
                "target": target * 1000 * rate,
            }
        for team, target in zip(catalog.TEAMS, (520, 600, 560), strict=True):
            values[f"quota_{team.key}"] = {
                "kind": "team",
                "basis": "ordered",
                "team_id": refs[f"team_{team.key}"],
                "target": target * 1000 * rate,
            }
        for family, target in (
            ("coatings", 800),
            ("adhesives", 420),
            ("additives", 90),
        ):
            values[f"quota_{family}"] = {
                "kind": "family",
                "basis": "paid",
                "categ_id": refs[f"family_{family}"],
                "target": target * 1000 * rate,
            }
        for customer in plan.customers:
            if customer.kind == "key":
                values[f"quota_{customer.key}"] = {
                    "kind": "customer",
                    "basis": "ordered",
                    "partner_id": refs[f"partner_{customer.key}"],
                    "target": 90000 * rate,
                }
        values = {key: common | vals for key, vals in values.items()}
        self._ensure("crm.quota", values, refs)
