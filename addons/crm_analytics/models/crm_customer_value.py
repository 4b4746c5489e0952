from odoo import api, fields, models

from ..tools import abc_sql, merge_sql

VALUE_CLASSES = [
    ("most_valuable", "Most Valuable"),
    ("growth", "Growth"),
    ("being_lost", "Being Lost"),
    ("transactional", "Transactional"),
    ("new", "New"),
    ("dormant", "Dormant"),
]
CLASS_RULES = [
    ("contract_only", "Contract runs, no invoice yet"),
    ("never_bought", "Never bought"),
    ("no_purchase", "No purchase for long"),
    ("first_purchase", "First purchase not long ago"),
    ("churn_risk", "Was A or B and is likely to leave"),
    ("revenue_down", "Was A or B and revenue fell"),
    ("valuable_and_loyal", "A and loyal"),
    ("loyal", "Loyal"),
    ("revenue_up", "Revenue rose with repeated purchases"),
    ("no_other_rule", "No other rule fits"),
]
TIERS = [
    ("1", "Tier 1"),
    ("2", "Tier 2"),
    ("3", "Tier 3"),
    ("4", "Tier 4"),
    ("5", "Tier 5"),
]
LIFECYCLE = [
    ("discovery", "Discovery"),
    ("growth", "Growth"),
    ("transfer", "Transfer"),
    ("termination", "Termination"),
]
ABC = [("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")]


class CrmCustomerValue(models.Model):
    """The judgement of a customer at the last refresh; written by ``crm.value.run``."""

    _name = "crm.customer.value"
    _description = "Customer Value"
    _inherit = ["crm.insight.visible"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "monetary desc, id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    partner_active = fields.Boolean(related="partner_id.active", string="Active")
    run_id = fields.Many2one("crm.value.run", readonly=True, ondelete="set null")
    policy_id = fields.Many2one("crm.value.policy", readonly=True)
    as_of = fields.Date("As of", readonly=True)

    first_date = fields.Date("First Purchase", readonly=True)
    last_date = fields.Date("Last Purchase", readonly=True)
    recency = fields.Integer(
        "Recency (days)",
        readonly=True,
        aggregator="avg",
        help="Days from the last invoice to the as-of date; refunds do not count.",
    )
    frequency = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Distinct days with an invoice in the window.",
    )
    monetary = fields.Monetary(
        readonly=True, help="Net revenue, untaxed, of the window; refunds deducted."
    )
    monetary_previous = fields.Monetary("Revenue in Window Before", readonly=True)
    revenue_change = fields.Float(
        readonly=True,
        aggregator=None,
        help="Last 6 months against the same 6 months a year before: 0.2 is 20 % more.",
    )
    revenue_known = fields.Boolean("Revenue a Year Before", readonly=True)
    invoice_count = fields.Integer("Invoices", readonly=True)
    refund_amount = fields.Monetary("Refunds", readonly=True)
    r_score = fields.Integer("R", readonly=True, aggregator="avg")
    f_score = fields.Integer("F", readonly=True, aggregator="avg")
    m_score = fields.Integer("M", readonly=True, aggregator="avg")
    cell = fields.Char("RFM", readonly=True, size=3)
    group_id = fields.Many2one(
        "crm.rfm.group", "RFM Group", readonly=True, ondelete="set null"
    )
    contribution = fields.Monetary(
        readonly=True,
        groups="crm_analytics.group_analyst",
        help="Revenue less known cost over the window's calendar months.",
    )
    contribution_previous = fields.Monetary(
        "Contribution in Window Before",
        readonly=True,
        groups="crm_analytics.group_analyst",
    )
    contribution_basis = fields.Selection(
        [("profit", "Profit"), ("revenue", "Revenue, cost unknown")],
        "Contribution Rests on",
        readonly=True,
        groups="crm_analytics.group_analyst",
    )
    rank = fields.Integer(
        compute="_compute_rank",
        aggregator=None,
        groups="crm_analytics.group_analyst",
        help="By contribution, among all customers of the company.",
    )
    cum_share = fields.Float(
        "Cumulative Share",
        compute="_compute_rank",
        aggregator=None,
        digits=(16, 6),
        groups="crm_analytics.group_analyst",
    )
    abc = fields.Selection(ABC, "ABC Letter", readonly=True)
    abc_before = fields.Selection(ABC, "ABC in Window Before", readonly=True)
    cadence = fields.Float(
        "Own Cadence (days)",
        readonly=True,
        aggregator="avg",
        help="Median gap between purchase days over the last 24 months.",
    )
    loyalty = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))
    churn_risk = fields.Float(
        "Risk of Leaving", readonly=True, aggregator="avg", digits=(16, 3)
    )
    loyalty_parts = fields.Json(compute="_compute_parts")
    risk_reasons = fields.Json(compute="_compute_parts")
    reasons = fields.Text(
        compute="_compute_reasons", help="What raises the risk, strongest first."
    )
    value_at_risk = fields.Monetary(readonly=True, groups="crm_analytics.group_analyst")
    tier = fields.Selection(
        TIERS, "Service Tier", readonly=True, help="From loyalty and contribution."
    )
    p_active = fields.Float(
        "Probability of Being Active", readonly=True, aggregator="avg"
    )
    lifetime_value = fields.Monetary(
        readonly=True,
        groups="crm_analytics.group_analyst",
        help="Contribution expected within the policy's horizon, discounted.",
    )
    contract_value = fields.Monetary(
        "Of It by Contract",
        readonly=True,
        groups="crm_analytics.group_analyst",
        help="What running contracts still bill, and what is likely to be renewed, less"
        " the cost of service.",
    )
    lifecycle = fields.Selection(LIFECYCLE, "Lifecycle Stage", readonly=True)
    lifecycle_since = fields.Date("In This Stage Since", readonly=True)
    activity_date_deadline = fields.Date(
        related="partner_id.activity_date_deadline", string="Next Activity On"
    )
    activity_summary = fields.Char(
        related="partner_id.activity_summary", string="Next Activity"
    )
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    class_rule = fields.Selection(CLASS_RULES, "Rule That Decided", readonly=True)
    explanation = fields.Text("Why This Class", compute="_compute_explanation")

    _customer_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id)", "A customer has one value a company."
    )
    _class_idx = models.Index("(company_id, value_class, abc)")

    @api.depends("contribution")
    def _compute_rank(self):
        """Not kept: one purchase moves the rank and the share of everybody."""
        self.env["crm.customer.value"].flush_model()
        found = {
            row[0]: row[1:]
            for row in self.env.execute_query(
                abc_sql.ranks(self.company_id.ids, self._ids)
            )
        }
        for value in self:
            value.rank, value.cum_share = found.get(value.id, (0, 0))

    def init(self):
        """A new day changes every row: on half-full pages it needs no index entries."""
        self.env.cr.execute(merge_sql.leave_room(self._table))

    @api.depends("class_rule", "as_of", "policy_id")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for value in self:
            value.explanation = value._get_explanation()

    @api.depends("partner_id", "company_id")
    def _compute_parts(self):
        """What loyalty and risk are made of: it stands with the facts."""
        facts = self.env["crm.customer.fact"].sudo()
        found = {
            (fact.company_id, fact.partner_id): fact
            for fact in facts.search_fetch(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("partner_id", "in", self.partner_id.ids),
                ],
                ["company_id", "partner_id", "loyalty_parts", "risk_reasons"],
            )
        }
        for value in self:
            fact = found.get((value.company_id, value.partner_id), facts)
            value.loyalty_parts = fact.loyalty_parts
            value.risk_reasons = fact.risk_reasons

    @api.depends("risk_reasons")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for value in self:
            value.reasons = "\n".join(
                value._get_reason_sentence(code, figure)
                for code, figure, _adds in value.risk_reasons or []
            )

    def _get_reason_sentence(self, code, figure):
        """A signal of the risk in words."""
        env = self.env
        numbers = {
            "days": self.recency,
            "cadence": round(self.cadence),
            "ratio": round(figure, 1),
            "percent": round(100 * abs(figure)),
        }
        sentences = {
            "overdue": env._(
                "No purchase for %(days)s days, usually one every %(cadence)s days."
            ),
            "trend": env._(
                "Revenue falls by about %(percent)s %% of its level a month."
            ),
            "season": env._(
                "Revenue of the last 6 months is %(percent)s %% below a year before."
            ),
            "inactive": env._("Probability of being active is %(percent)s %%."),
            "silent": env._("Only %(ratio)s purchases expected in the next 6 months."),
        }
        return sentences[code] % numbers

    def _get_explanation(self):
        """The rule that decided with its numbers, in one sentence a line."""
        policy = self.policy_id.sudo()  # the limits are no secret to who sees a class
        sentences = [self._get_rule_sentence(policy)]
        if self.class_rule == "contract_only":
            return sentences[0]
        sentences.append(
            self.env._(
                "Recency %(recency)s days, %(frequency)s purchase days and %(monetary)s"
                " in the %(months)s months up to %(as_of)s: scores %(cell)s.",
                recency=self.recency if self.last_date else "-",
                frequency=self.frequency,
                monetary=self.currency_id.format(self.monetary),
                months=policy.window_months,
                as_of=fields.Date.to_string(self.as_of),
                cell="-".join(self.cell or ""),
            )
        )
        sentences.append(
            self.env._("Judged by %(policy)s.", policy=policy.display_name)
        )
        return "\n".join(sentences)

    def _get_rule_sentence(self, policy):
        env = self.env
        numbers = {
            "first": fields.Date.to_string(self.first_date) or "-",
            "last": fields.Date.to_string(self.last_date) or "-",
            "before": self.abc_before or "-",
            "abc": self.abc or "-",
            "risk": round(100 * self.churn_risk),
            "risk_limit": round(100 * policy.churn_limit),
            "change": round(100 * self.revenue_change),
            "decline": round(100 * policy.decline_limit),
            "growth": round(100 * policy.growth_limit),
            "loyalty": round(self.loyalty),
            "loyalty_limit": round(policy.loyalty_limit),
            "days": self.frequency,
            "days_limit": policy.growth_days,
            "new_months": policy.new_months,
            "dormant_months": policy.dormant_months,
        }
        sentences = {
            "contract_only": env._(
                "Has a running contract and no invoice yet: neither scored nor ranked."
            ),
            "never_bought": env._("Has refunds but never bought."),
            "no_purchase": env._(
                "Last purchase on %(last)s, %(dormant_months)s months ago or earlier."
            ),
            "first_purchase": env._(
                "First purchase on %(first)s, less than %(new_months)s months ago."
            ),
            "churn_risk": env._(
                "Was %(before)s in the window before, and the risk of leaving is"
                " %(risk)s %% (limit %(risk_limit)s %%)."
            ),
            "revenue_down": env._(
                "Was %(before)s in the window before, and revenue changed by"
                " %(change)s %% (limit -%(decline)s %%)."
            ),
            "valuable_and_loyal": env._(
                "ABC %(abc)s with loyalty %(loyalty)s (limit %(loyalty_limit)s)."
            ),
            "loyal": env._(
                "Loyalty %(loyalty)s (limit %(loyalty_limit)s), ABC %(abc)s."
            ),
            "revenue_up": env._(
                "Revenue rose by %(change)s %% (limit %(growth)s %%) on %(days)s"
                " purchase days (at least %(days_limit)s)."
            ),
            "no_other_rule": env._(
                "ABC %(abc)s, loyalty %(loyalty)s, revenue change %(change)s %%,"
                " %(days)s purchase days: no other class fits."
            ),
        }
        return sentences.get(self.class_rule, "") % numbers
