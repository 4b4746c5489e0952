from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import pareto
from .crm_customer_value import VALUE_CLASSES


class CrmInsight(models.AbstractModel):
    """What the start page and the curves show; reads only, also on a replica."""

    _name = "crm.insight"
    _description = "Customer Insight Screens"

    @api.model
    def _get_value_domain(self):
        return [("company_id", "=", self.env.company.id)]

    @api.model
    def _get_frame(self):
        """Company, currency and date that every screen names."""
        company = self.env.company
        Value = self.env["crm.customer.value"]
        Value.check_access("read")
        self.env["crm.customer.month"].check_access("read")
        value = Value.search_fetch(
            self._get_value_domain(), ["as_of"], order="id", limit=1
        )
        return {
            "company": company.name,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "as_of": fields.Date.to_string(value.as_of) if value else False,
        }

    @api.model
    def _get_class_names(self):
        field = self.env["crm.customer.value"]._fields["value_class"]
        return dict(field._description_selection(self.env))

    # --- dashboard --------------------------------------------------------------

    @api.model
    @api.readonly
    def get_dashboard(self):
        """Classes with money and movement, retention, bucket, risk, the last run."""
        frame = self._get_frame()
        return frame | {
            "classes": self._get_classes(),
            "bucket": self._get_bucket(),
            "risk": self._get_risk(),
            "share": self._get_shares(),
            "run": self._get_run(),
            "process": self._get_process(),
        }

    @api.model
    def _get_classes(self):
        now = {
            row[0]: row[1:]
            for row in self.env["crm.customer.value"]._read_group(
                self._get_value_domain(),
                ["value_class"],
                ["__count", "monetary:sum", "contribution:sum"],
            )
        }
        before = self._get_classes_before()
        names = self._get_class_names()
        return [
            {
                "code": code,
                "name": names[code],
                "count": now.get(code, (0,))[0],
                "monetary": now.get(code, (0, 0.0))[1],
                "contribution": now.get(code, (0, 0.0, 0.0))[2],
                "change": now.get(code, (0,))[0] - before.get(code, 0)
                if before
                else False,
            }
            for code, _label in VALUE_CLASSES
        ]

    @api.model
    def _get_classes_before(self):
        """Customers by class at the last month end before the values' own date."""
        Snapshot = self.env["crm.customer.value.snapshot"]
        as_of = self.env["crm.customer.value"]._get_as_of(self.env.company)
        here = [("company_id", "=", self.env.company.id), ("date", "<", as_of)]
        last = Snapshot.search_fetch(here, ["date"], order="date desc", limit=1)
        if not last:
            return {}
        rows = Snapshot._read_group(
            [("company_id", "=", self.env.company.id), ("date", "=", last.date)],
            ["value_class"],
            ["__count"],
        )
        return dict(rows)

    @api.model
    def _get_risk(self):
        domain = Domain(self._get_value_domain()) & self._get_risk_domain()
        Value = self.env["crm.customer.value"]
        [(count, amount)] = Value._read_group(
            domain, [], ["__count", "value_at_risk:sum"]
        )
        top = Value.search(domain, order="value_at_risk desc, id", limit=5)
        return {
            "count": count,
            "amount": amount,
            "top": [
                {
                    "id": value.id,
                    "name": value.partner_id.display_name,
                    "amount": value.value_at_risk,
                    "reason": (value.reasons or "").split("\n")[0],
                }
                for value in top
            ],
        }

    @api.model
    def _get_risk_domain(self):
        """Customers at risk, as in the save list."""
        return Domain("at_risk", "=", True)

    @api.model
    @api.readonly
    def action_open_save_list(self):
        """Open the customers at risk that the start page counts: of its company."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_analytics.crm_customer_value_action_save"
        )
        return action | {"domain": self._get_value_domain()}

    @api.model
    def _get_scored_domain(self):
        return [*self._get_value_domain(), ("cell", "!=", False)]

    @api.model
    def _get_ranked(self, offset=0, limit=None):
        """Customers that are scored, best first."""
        return self.env["crm.customer.value"].search(
            self._get_scored_domain(),
            order="contribution desc, id",
            offset=offset,
            limit=limit,
        )

    @api.model
    def _get_amounts(self):
        """Their contributions, best first: numbers, for half a million customers."""
        Value = self.env["crm.customer.value"]
        query = Value._search(self._get_scored_domain())
        amount = Value._field_to_sql(Value._table, "contribution", query)
        [(amounts,)] = self.env.execute_query(
            query.select(SQL("array_agg(%(a)s::float8 ORDER BY %(a)s DESC)", a=amount))
        )
        return amounts or []

    @api.model
    def _get_shares(self):
        amounts = self._get_amounts()
        if not amounts:
            return False
        found = pareto.analyse(amounts)
        curve = pareto.whale_curve(amounts, 100)
        return {
            "whale": [
                {"share": share, "total": total}
                for share, total in zip(*map(list, curve), strict=True)
            ],
            "customers": len(amounts),
            "top_count": found.top_count,
            "top_share": found.top_share if found.top_share is not None else False,
            "bottom_count": found.bottom_count,
            "destroyed": found.destroyed,
            "gini": found.gini if found.gini is not None else False,
        }

    @api.model
    def _get_run(self):
        run = self.env["crm.value.run"]._get_last(self.env.company)
        if not run:
            return False
        return {
            "id": run.id,
            "name": run.display_name,
            "date": fields.Datetime.to_string(run.date_end),
            "ok": run.state == "done",
            "difference": run.difference,
            "guilty": run.guilty_count,
            "customers": run.customer_count,
            "seconds": run.seconds,
        }

    @api.model
    def _get_process(self):
        """Satisfaction, punctuality of activities, forecast accuracy: what there is."""
        tiles = []
        today = fields.Date.context_today(self)
        company = self.env.company
        models_here = ("res.partner", "crm.lead", "sale.order")
        deadlines = self._get_planned(company, models_here).mapped("date_deadline")
        late = sum(deadline < today for deadline in deadlines)
        count = len(deadlines)
        tiles.append(
            {
                "code": "activities",
                "name": self.env._("Activities in time"),
                "share": (count - late) / count if count else False,
                "note": self.env._(
                    "%(late)s of %(count)s are overdue", late=late, count=count
                ),
            }
        )
        # The mean alone is shown, no rating of a record that the user may not see.
        ratings = self._get_ratings(company, today - relativedelta(years=1), today)
        [(count, mean)] = self.env.execute_query(
            SQL("SELECT count(*), avg(rating) FROM (%s) r", ratings)
        )
        tiles.append(
            {
                "code": "satisfaction",
                "name": self.env._("Satisfaction"),
                "share": (mean - 1) / 4 if count else False,
                "note": self.env._("%(count)s answers in 12 months", count=count),
            }
        )
        tiles += self._get_forecast_tile()
        return tiles

    @api.model
    def _get_forecast_tile(self):
        if not self.env["crm.forecast.accuracy"].has_access("read"):
            return []
        rows = self.env["crm.forecast.accuracy"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("complete", "=", True),
                ("horizon", ">=", 1),
                ("horizon", "<=", 8),
            ],
            ["month:month", "horizon"],
            ["forecast:sum", "ordered:sum"],
        )
        ordered = sum(row[3] for row in rows)
        missed = sum(abs(row[2] - row[3]) for row in rows)
        return [
            {
                "code": "forecast",
                "name": self.env._("Forecast accuracy"),
                "share": max(0.0, 1 - missed / ordered) if ordered > 0 else False,
                "note": self.env._(
                    "%(count)s forecasts 1 to 8 weeks ahead against orders",
                    count=len(rows),
                ),
            }
        ]
