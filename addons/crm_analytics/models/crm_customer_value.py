from odoo import api, fields, models

from ..tools import abc_sql, merge_sql
from .unchecked_many2one import UncheckedMany2one

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
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "monetary desc, id"

    company_id = UncheckedMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    partner_active = fields.Boolean(related="partner_id.active", string="Active")
    run_id = fields.Many2one(
        "crm.value.run",
        compute="_compute_run_id",
        groups="crm_analytics.group_analyst",
        help="The last refresh; its proof covers this value.",
    )
    policy_id = fields.Many2one("crm.value.policy", compute="_compute_policy_id")
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
    group_id = UncheckedMany2one("crm.rfm.group", "RFM Group", readonly=True)
    contribution = fields.Monetary(
        readonly=True,
        groups="crm_analytics.group_analyst",
        help="Revenue less known cost over the window's calendar months.",
    )
    contribution_previous = fields.Monetary(
        "Contribution in 12 Months Before",
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
    abc = fields.Selection(
        ABC, "ABC Letter", readonly=True, groups="crm_analytics.group_analyst"
    )
    abc_before = fields.Selection(
        ABC,
        "ABC in 12 Months Before",
        readonly=True,
        groups="crm_analytics.group_analyst",
    )
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
    at_risk = fields.Boolean(
        compute="_compute_at_risk",
        search="_search_at_risk",
        help="Being lost, or A or B with a risk of leaving from the policy's limit on.",
    )

    _customer_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id)", "A customer has one value a company."
    )
    _class_idx = models.Index("(company_id, value_class, abc)")

    @api.depends("company_id")
    def _compute_run_id(self):
        """Not kept: every refresh would have to change every row."""
        runs = self.env["crm.value.run"].sudo()
        for company, values in self.grouped("company_id").items():
            values.run_id = runs._get_last(company)

    @api.depends("company_id")
    def _compute_policy_id(self):
        """Of the run that judged, though it may have been cancelled later."""
        runs = self.env["crm.value.run"].sudo()
        for company, values in self.grouped("company_id").items():
            values.policy_id = runs._get_judge(company).policy_id

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
