from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

CALLS = {"seller_call": "seller", "manager_call": "manager"}


class CrmForecastLine(models.Model):
    """One person's forecast for a period: what the deals say, and what people say."""

    _name = "crm.forecast.line"
    _description = "Forecast Call"
    _inherit = ["mail.thread"]
    _order = "period_id desc, team_id, user_id"
    _check_company_auto = True

    period_id = fields.Many2one(
        "crm.forecast.period", required=True, index=True, ondelete="cascade"
    )
    date_start = fields.Date(related="period_id.date_start", store=True)
    date_end = fields.Date(related="period_id.date_end", store=True)
    company_id = fields.Many2one(related="period_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Salesperson", required=True, index=True)
    team_id = fields.Many2one("crm.team", "Sales Team", required=True, index=True)
    leader_id = fields.Many2one(related="team_id.user_id", string="Manager")

    closed_amount = fields.Monetary("Closed", compute="_compute_amounts")
    commit_amount = fields.Monetary("Commit", compute="_compute_amounts")
    best_case_amount = fields.Monetary("Best Case", compute="_compute_amounts")
    pipeline_amount = fields.Monetary("Pipeline", compute="_compute_amounts")
    weighted_amount = fields.Monetary(
        "Weighted", compute="_compute_amounts", help="Closed + open deals x probability"
    )
    computed_amount = fields.Monetary(
        "Computed Forecast", compute="_compute_amounts", help="Closed + commit"
    )
    seller_call = fields.Monetary("Salesperson's Call", tracking=True)
    seller_call_user_id = fields.Many2one("res.users", "Called by", readonly=True)
    seller_call_date = fields.Datetime("Called on", readonly=True)
    manager_call = fields.Monetary("Manager's Call", tracking=True)
    manager_call_user_id = fields.Many2one(
        "res.users", "Manager's Call by", readonly=True
    )
    manager_call_date = fields.Datetime("Manager's Call on", readonly=True)
    note = fields.Char("Remark")

    _unique_person = models.Constraint(
        "UNIQUE (period_id, user_id, team_id)",
        "This person has a forecast for this period and team already.",
    )

    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.user_id.name} {line.period_id.name}"

    @api.depends_context("uid")
    @api.depends("period_id.date_start", "period_id.date_end", "user_id", "team_id")
    def _compute_amounts(self):
        sums = self._get_deal_sums()
        for line in self:
            found = sums.get((line.user_id, line.team_id, line.period_id), {})
            line.closed_amount = found.get("closed", 0.0)
            line.commit_amount = found.get("commit", 0.0)
            line.best_case_amount = found.get("best_case", 0.0)
            line.pipeline_amount = found.get("pipeline", 0.0)
            line.weighted_amount = found.get("weighted", 0.0) + line.closed_amount
            line.computed_amount = line.closed_amount + line.commit_amount

    def _get_deal_sums(self):
        """Return {(user, team, period): {category: amount}}, two queries a period."""
        sums = defaultdict(dict)
        Lead = self.env["crm.lead"]
        for period, lines in self.grouped("period_id").items():
            common = Domain("type", "=", "opportunity")
            common &= Domain("user_id", "in", lines.user_id.ids)
            common &= Domain("company_id", "in", (False, *period.company_id.ids))
            first = fields.Datetime.to_datetime(period.date_start)
            last = fields.Datetime.end_of(
                fields.Datetime.to_datetime(period.date_end), "day"
            )
            opened = common & Domain("won_status", "=", "pending")
            opened &= Domain("date_deadline", ">=", period.date_start)
            opened &= Domain("date_deadline", "<=", period.date_end)
            closed = common & Domain("won_status", "=", "won")
            closed &= Domain("date_closed", ">=", first)
            closed &= Domain("date_closed", "<=", last)
            keys = ["user_id", "team_id", "forecast_category"]
            values = ["expected_revenue:sum", "prorated_revenue:sum"]
            for user, team, category, amount, weighted in [
                *Lead._read_group(opened, keys, values),
                *Lead._read_group(closed, keys, values),
            ]:
                found = sums[user, team, period]
                found[category] = found.get(category, 0.0) + amount
                if category not in ("closed", "omitted"):
                    found["weighted"] = found.get("weighted", 0.0) + weighted
        return sums

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._sign_calls(vals) for vals in vals_list])

    def write(self, vals):
        if CALLS.keys() & vals.keys():
            self._check_caller(vals)
        return super().write(self._sign_calls(vals))

    def _sign_calls(self, vals):
        """Return ``vals`` with author and time of the calls they change."""
        signed = {
            name: value
            for name, value in vals.items()
            if not name.endswith(("call_user_id", "call_date"))
        }
        for name in CALLS.keys() & vals.keys():
            signed[f"{name}_user_id"] = self.env.uid
            signed[f"{name}_date"] = fields.Datetime.now()
        return signed

    def _check_caller(self, vals):
        """A salesperson speaks for oneself, a team's manager for the team."""
        if self.env.su:
            return
        administrator = self.env.user.has_group("sales_team.group_sale_manager")
        for line in self:
            manages = administrator or line.team_id.user_id == self.env.user
            if "manager_call" in vals and not manages:
                raise AccessError(
                    self.env._(
                        "Only the manager of %(team)s enters the manager's call.",
                        team=line.team_id.display_name,
                    )
                )
            if "seller_call" in vals and not (manages or line.user_id == self.env.user):
                raise AccessError(
                    self.env._(
                        "Only %(person)s or the team's manager enters this call.",
                        person=line.user_id.name,
                    )
                )

    @api.model
    def _open_lines(self, period):
        """Create the missing lines of ``period``: all members of the sales teams."""
        members = self.env["crm.team.member"].search(
            [("crm_team_id.company_id", "in", (False, period.company_id.id))]
        )
        # all lines, asked anew: what a salesperson may see of them is not all there is;
        # and one after the other, so that two who come at once do not make them twice
        period.sudo().lock_for_update()
        lines = self.sudo().search([("period_id", "=", period.id)])
        known = {(line.user_id, line.team_id) for line in lines}
        # sudo: a salesperson who opens the call makes the lines of the whole team
        return self.sudo().create(
            [
                {"period_id": period.id, "user_id": user.id, "team_id": team.id}
                for user, team in dict.fromkeys(
                    (member.user_id, member.crm_team_id) for member in members
                )
                if (user, team) not in known
            ]
        )

    @api.model
    def action_open_current(self):
        """Open the forecast call of this month; the menu comes here."""
        # sudo: the period of the month is made by whoever comes first
        periods = self.env["crm.forecast.period"].sudo()
        period = periods._ensure_period(self.env.company, fields.Date.today())
        return period.with_env(self.env).action_open_calls()

    def action_open_deals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_opportunities"
        )
        period = self.period_id
        action["domain"] = [
            ("user_id", "=", self.user_id.id),
            ("team_id", "=", self.team_id.id),
            "|",
            "&",
            "&",
            ("won_status", "=", "pending"),
            ("date_deadline", ">=", period.date_start),
            ("date_deadline", "<=", period.date_end),
            "&",
            "&",
            ("won_status", "=", "won"),
            ("date_closed", ">=", period.date_start),
            ("date_closed", "<", fields.Date.add(period.date_end, days=1)),
        ]
        action["context"] = {}
        return action
