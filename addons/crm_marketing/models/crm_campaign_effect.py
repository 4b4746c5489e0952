from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import result_sql, uplift

METRICS = [
    ("revenue", "Invoiced revenue per account"),
    ("margin", "Invoiced margin per account"),
    ("buyers", "Share of accounts that bought"),
]
WHY = [
    ("no_hold_out", "Nobody was held out"),
    ("too_few", "Too few accounts"),
    ("no_spread", "All accounts alike"),
]


class CrmCampaignEffect(models.Model):
    """Those addressed against those held out: the kept answer, renewed until the end.

    Written by ``_update`` only. Money is in the company's currency.
    """

    _name = "crm.campaign.effect"
    _description = "Campaign Effect"
    _log_access = False
    _rec_name = "metric"
    _order = "campaign_id, metric_order, id"

    campaign_id = fields.Many2one(
        "utm.campaign", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    metric = fields.Selection(METRICS, required=True, readonly=True)
    metric_order = fields.Integer(readonly=True, aggregator=None)
    date = fields.Date("As of", readonly=True)
    date_from = fields.Date("Invoices from", readonly=True)
    date_to = fields.Date("To", readonly=True)
    is_complete = fields.Boolean("Time is Over", readonly=True)
    treated_count = fields.Integer("Addressed", readonly=True, aggregator="max")
    held_count = fields.Integer("Held Out", readonly=True, aggregator="max")
    mixed_count = fields.Integer(
        "On Both Sides",
        readonly=True,
        aggregator="max",
        help="Accounts with contacts addressed and contacts held out; not compared.",
    )
    treated_mean = fields.Float("Mean Addressed", readonly=True, aggregator="avg")
    held_mean = fields.Float("Mean Held Out", readonly=True, aggregator="avg")
    is_known = fields.Boolean("Interval Known", readonly=True)
    difference = fields.Float(readonly=True, aggregator="avg")
    low = fields.Float("From", readonly=True, aggregator=None)
    high = fields.Float("To ", readonly=True, aggregator=None)
    total = fields.Float(
        "In All",
        readonly=True,
        help="Difference times the accounts addressed: what the campaign added.",
    )
    why = fields.Selection(WHY, "No Interval Because", readonly=True)
    verdict = fields.Char(compute="_compute_verdict")

    _effect_uniq = models.Constraint(
        "UNIQUE (campaign_id, company_id, metric)",
        "An effect is kept once for a campaign and company.",
    )

    @api.depends("is_known", "why", "low", "high", "difference", "metric")
    @api.depends_context("lang")
    def _compute_verdict(self):
        for effect in self:
            effect.verdict = effect._get_verdict()

    def _get_verdict(self):
        """The answer as a sentence; never a number where the groups are too small."""
        numbers = {"treated": self.treated_count, "held": self.held_count}
        if self.why == "no_hold_out":
            return self.env._(
                "Nobody was held out, so the effect cannot be told from chance. Hold "
                "out some accounts when the next audience is frozen."
            )
        if self.why == "too_few":
            return self.env._(
                "%(treated)s accounts addressed and %(held)s held out are too few: "
                "%(least)s are needed in each group and %(both)s in all.",
                least=uplift.LEAST_GROUP,
                both=uplift.LEAST_BOTH,
                **numbers,
            )
        if self.why == "no_spread":
            return self.env._(
                "All accounts have the same value, so chance cannot be judged."
            )
        words = {
            "difference": self._format(self.difference),
            "low": self._format(self.low),
            "high": self._format(self.high),
        }
        if self.low > 0:
            return self.env._(
                "%(difference)s more per account (95 %%: %(low)s to %(high)s).", **words
            )
        if self.high < 0:
            return self.env._(
                "%(difference)s: less per account than those held out "
                "(95 %%: %(low)s to %(high)s).",
                **words,
            )
        return self.env._(
            "%(difference)s per account, but no effect is just as possible "
            "(95 %%: %(low)s to %(high)s).",
            **words,
        )

    def _format(self, value):
        if self.metric == "buyers":
            return self.env._("%(value)s points", value=f"{100 * value:+.1f}")
        return self.currency_id.format(value)

    # --- the one writer -----------------------------------------------------------

    @api.model
    def _update(self, campaigns, company):
        """Renew the effects of the campaigns in a company, in one query for all."""
        today = fields.Date.context_today(self)
        vals_list = []
        for days, some in campaigns.grouped("effect_days").items():
            self.env.flush_all()
            rows = self.env.execute_query(
                result_sql.account_outcomes(some.ids, company.id, days, today)
            )
            arms = {}
            for campaign, arm, *figures in rows:
                arms.setdefault(campaign, {})[arm] = figures
            for campaign_id, found in arms.items():
                vals_list += self._prepare(campaign_id, company, found, today)
        effects = self.sudo()  # computed, so nobody may write them
        effects.search(
            [("campaign_id", "in", campaigns.ids), ("company_id", "=", company.id)]
        ).unlink()
        return effects.create(vals_list)

    @api.model
    def _prepare(self, campaign_id, company, arms, today):
        """Values of the effects of a campaign from the sums of its arms."""
        nothing = (0, 0, 0.0, 0.0, 0.0, 0.0, None, None)
        treated, held, mixed = (
            arms.get(arm, nothing) for arm in ("treated", "held", "mixed")
        )
        compared = [arm for arm in (treated, held, mixed) if arm[0]]
        date_to = max(arm[7] for arm in compared)
        common = {
            "campaign_id": campaign_id,
            "company_id": company.id,
            "date": today,
            "date_from": min(arm[6] for arm in compared),
            "date_to": date_to,
            "is_complete": date_to < today,
            "treated_count": treated[0],
            "held_count": held[0],
            "mixed_count": mixed[0],
        }
        return [
            {
                **common,
                "metric": metric,
                "metric_order": order,
                **self._prepare_metric(metric, treated, held),
            }
            for order, (metric, _label) in enumerate(METRICS)
        ]

    @api.model
    def _prepare_metric(self, metric, treated, held):
        if metric == "buyers":
            means = [arm[1] / arm[0] if arm[0] else 0.0 for arm in (treated, held)]
            found = uplift.share_difference(treated[1], treated[0], held[1], held[0])
        else:
            place = 2 if metric == "revenue" else 4
            samples = [
                uplift.Sample(arm[0], arm[place], arm[place + 1])
                for arm in (treated, held)
            ]
            means = [sample.mean for sample in samples]
            found = uplift.mean_difference(*samples)
        vals = {"treated_mean": means[0], "held_mean": means[1]}
        if isinstance(found, uplift.Refusal):
            return {**vals, "is_known": False, "why": found.code}
        return {
            **vals,
            "is_known": True,
            "difference": found.difference,
            "low": found.low,
            "high": found.high,
            "total": found.difference * treated[0],
        }

    @api.model
    def _cron_update(self):
        """Renew the effects of campaigns whose time of effect is not over."""
        self.env["utm.campaign"].flush_model(["effect_days"])
        [(open_ids,)] = self.env.execute_query(
            self._get_open_query(fields.Date.context_today(self))
        )
        campaigns = self.env["utm.campaign"].browse(open_ids or [])
        for company in self.env["res.company"].search(Domain.TRUE):
            self.with_company(company)._update(campaigns, company)

    @api.model
    def _get_open_query(self, today):
        return SQL(
            """
            SELECT array_agg(DISTINCT s.campaign_id)
              FROM crm_audience_snapshot s
              JOIN utm_campaign c ON c.id = s.campaign_id
             WHERE s.date::date + c.effect_days + 1 >= %s
            """,
            today,
        )
