from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import forecast

STEPS = [
    ("opening", "Opening"),
    ("new", "New"),
    ("pulled_in", "Pulled in"),
    ("grown", "Grown"),
    ("shrunk", "Shrunk"),
    ("slipped", "Slipped"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("closing", "Closing"),
]


class CrmForecastWaterfall(models.TransientModel):
    _name = "crm.forecast.waterfall"
    _description = "Forecast Waterfall"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "From Snapshot", required=True, default=lambda self: self._get_dates()[-1]
    )
    date_to = fields.Date(
        "To Snapshot", required=True, default=lambda self: self._get_dates()[0]
    )
    period_start = fields.Date(
        "Closing from",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.today(), "quarter"),
    )
    period_end = fields.Date(
        "Closing until",
        required=True,
        default=lambda self: fields.Date.end_of(fields.Date.today(), "quarter"),
    )
    team_id = fields.Many2one("crm.team", "Sales Team")
    user_id = fields.Many2one("res.users", "Salesperson")
    line_ids = fields.One2many("crm.forecast.waterfall.line", "waterfall_id")

    @api.model
    def _get_dates(self):
        """Return (latest, five weeks or so before) of the snapshots of the company."""
        rows = self.env["crm.forecast.snapshot"]._read_group(
            [("company_id", "=", self.env.company.id)],
            ["snapshot_date:day"],
            order="snapshot_date:day desc",
            limit=5,
        )
        today = fields.Date.today()
        dates = [row[0] for row in rows] or [today]
        return dates[0], dates[-1]

    def action_compute(self):
        """Fill the lines and show them as a list with the deals behind each."""
        self.ensure_one()
        dates = [self._get_snapshot_date(self.date_from)]
        dates.append(self._get_snapshot_date(self.date_to))
        if dates[0] >= dates[1]:
            raise UserError(
                self.env._("Choose two snapshots, the earlier one as the first.")
            )
        result, leads = self._explain(*dates)
        totals = result.totals() | {"opening": result.opening}
        totals["closing"] = result.closing
        labels = dict(self.line_ids._fields["step"]._description_selection(self.env))
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "sequence": number,
                        "step": step,
                        "label": f"{number + 1}. {labels[step]}",
                        "amount": float(totals[step]),
                        "deal_count": len(leads.get(step, ())),
                        "lead_ids": [Command.set(leads.get(step, []))],
                    }
                )
                for number, (step, _label) in enumerate(STEPS)
            ),
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Forecast from %(start)s to %(end)s",
                start=fields.Date.to_string(dates[0]),
                end=fields.Date.to_string(dates[1]),
            ),
            "res_model": "crm.forecast.waterfall.line",
            "view_mode": "graph,list",
            "domain": [("waterfall_id", "=", self.id)],
        }

    def _get_snapshot_date(self, date):
        """Return the day of the last snapshot on or before ``date``."""
        found = self.env["crm.forecast.snapshot"].search(
            [("snapshot_date", "<=", date), ("company_id", "=", self.company_id.id)],
            order="snapshot_date desc",
            limit=1,
        )
        if not found:
            raise UserError(
                self.env._(
                    "No forecast snapshot was taken on %(date)s or before.", date=date
                )
            )
        return found.snapshot_date

    def _explain(self, first, last):
        """Return the kernel's waterfall and {step: ids of the deals that exist}."""
        domain = Domain("company_id", "=", self.company_id.id)
        for name in ("team_id", "user_id"):
            if self[name]:
                domain &= Domain(name, "=", self[name].id)
        Snapshot = self.env["crm.forecast.snapshot"]
        rows = Snapshot.search_fetch(
            domain
            & Domain("snapshot_date", ">=", first)
            & Domain("snapshot_date", "<=", last),
            order="snapshot_date, id",
        )
        before, after = {}, {}
        for row in rows:
            deal = self._prepare_deal(row)
            if row.snapshot_date == first:
                if row.status == "pending":
                    before[row.lead_key] = deal
            elif row.snapshot_date == last or row.status != "pending":
                after[row.lead_key] = deal
        result = forecast.waterfall(before, after, self.period_start, self.period_end)
        leads = {}
        alive = set(rows.lead_id.ids)
        for move in result.moves:
            if move.key in alive:
                leads.setdefault(move.step, []).append(move.key)
        for step, deals in (("opening", before), ("closing", after)):
            leads[step] = [
                key
                for key, deal in deals.items()
                if key in alive
                and deal.status == "pending"
                and deal.closing
                and self.period_start <= deal.closing <= self.period_end
            ]
        return result, leads

    @api.model
    def _prepare_deal(self, row):
        amount = Decimal(str(row.currency_id.round(row.amount)))
        return forecast.Deal(amount, row.date_deadline or None, row.status)


class CrmForecastWaterfallLine(models.TransientModel):
    _name = "crm.forecast.waterfall.line"
    _description = "Forecast Waterfall Step"
    _order = "sequence"

    waterfall_id = fields.Many2one("crm.forecast.waterfall", ondelete="cascade")
    currency_id = fields.Many2one(related="waterfall_id.currency_id")
    sequence = fields.Integer()
    step = fields.Selection(STEPS, required=True)
    label = fields.Char("Step in order", help="Keeps the order of the steps in graphs.")
    amount = fields.Monetary()
    deal_count = fields.Integer("Deals")
    lead_ids = fields.Many2many("crm.lead", string="Deals behind it")

    def action_open_deals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_opportunities"
        )
        action["domain"] = [("id", "in", self.lead_ids.ids)]
        action["context"] = {"active_test": False}
        return action
