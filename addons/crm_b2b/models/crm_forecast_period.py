from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class CrmForecastPeriod(models.Model):
    _name = "crm.forecast.period"
    _description = "Forecast Period"
    _order = "date_start desc, kind"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter")], required=True, default="month"
    )
    date_start = fields.Date(required=True)
    date_end = fields.Date(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many("crm.forecast.line", "period_id", "Calls")

    _unique_start = models.Constraint(
        "UNIQUE (company_id, kind, date_start)",
        "There is a period of this kind with this start already.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_start <= date_end)",
        "A period ends on its start or later.",
    )

    @api.model
    def _ensure_period(self, company, day, kind="month"):
        """Return the period of ``kind`` that holds ``day``, created when missing."""
        start = fields.Date.start_of(day, kind)
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", kind),
            ("date_start", "=", start),
        ]
        months = 3 if kind == "quarter" else 1
        name = f"{start:%Y-%m}"
        if kind == "quarter":
            name = f"{start.year} Q{(start.month + 2) // 3}"
        return self.search(domain, limit=1) or self.create(
            {
                "name": name,
                "kind": kind,
                "date_start": start,
                "date_end": start + relativedelta(months=months, days=-1),
                "company_id": company.id,
            }
        )

    def action_open_calls(self):
        """Open the forecast call, with a line for everybody who sells."""
        self.ensure_one()
        self.line_ids._open_lines(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_b2b.crm_forecast_line_action"
        )
        action["display_name"] = self.env._(
            "Forecast Call %(period)s", period=self.name
        )
        action["domain"] = [("period_id", "=", self.id)]
        action["context"] = {"default_period_id": self.id}
        return action
