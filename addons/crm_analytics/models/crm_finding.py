from odoo import api, fields, models

from ..tools import findings

ALPHA = findings.ALPHA
STATES = [
    ("new", "New"),
    ("confirmed", "Confirmed"),
    ("weakened", "Weakened"),
    ("refuted", "Refuted"),
    ("not_found", "Not Found"),
    ("untested", "Not Testable"),
]
CODES = [
    ("order_size", "Frequency and order size"),
    ("tenure_value", "Length of the relationship and revenue"),
    ("discount_growth", "Discount and growth"),
    ("late_margin", "Late payment and margin"),
    ("breadth_risk", "Product families and risk of leaving"),
    ("industry_class", "Industry and value class"),
    ("industry_family", "Industry and product family"),
    ("industry_revenue", "Industry and revenue"),
    ("country_discount", "Country and discount"),
    ("large_orders", "Large orders and the time before them"),
]


class CrmFinding(models.Model):
    """A statement about the customers, tested by each run and followed over months."""

    _name = "crm.finding"
    _description = "Finding"
    _inherit = ["crm.insight.empty"]
    _log_access = False
    _rec_name = "code"
    _order = "holds desc, force desc, id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    code = fields.Selection(CODES, "Subject", required=True, readonly=True)
    statement = fields.Text(compute="_compute_statement")
    kind = fields.Selection(
        [
            ("correlation", "Two figures move together (Spearman)"),
            ("association", "Two groupings depend on each other (chi-square)"),
            ("difference", "A figure differs between groups (Kruskal-Wallis)"),
        ],
        "Test",
        readonly=True,
    )
    strength = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="Rank correlation -1 to 1, Cramer's V or epsilon squared 0 to 1.",
    )
    force = fields.Float("Strength Without Sign", readonly=True, aggregator=None)
    p_value = fields.Float(
        "Chance Alone",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="Probability of such a result if there were nothing, adjusted for testing"
        " many statements at once (Benjamini-Hochberg).",
    )
    holds = fields.Boolean(readonly=True)
    observation_count = fields.Integer("Observations", readonly=True, aggregator=None)
    reason = fields.Selection(
        [
            ("too_few", "Too few observations"),
            ("no_variation", "All the same"),
            ("cells_too_small", "Groups too small"),
            ("one_group", "Only one group is large enough"),
        ],
        "Why Not Tested",
        readonly=True,
    )
    evidence = fields.Json(
        "Evidence Data",
        readonly=True,
        help="Observations, statistic, degrees of freedom or interval, p before"
        " adjusting; groups with median and number.",
    )
    evidence_text = fields.Text("Evidence", compute="_compute_statement")
    state = fields.Selection(STATES, readonly=True)
    date = fields.Date("As of", readonly=True)
    result_ids = fields.One2many("crm.finding.result", "finding_id", "History")

    _code_uniq = models.Constraint(
        "UNIQUE (company_id, code)", "A statement stands once in the register."
    )

    @api.depends("statement")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.statement

    @api.depends("code", "strength", "state", "evidence", "kind", "date")
    @api.depends_context("lang")
    def _compute_statement(self):
        for finding in self:
            finding.statement = finding._get_statement()
            finding.evidence_text = "\n".join(
                [
                    *finding._get_evidence_words(),
                    *(
                        self.env._(
                            "%(group)s: median %(median)s (%(count)s)",
                            group=group,
                            median=round(median, 2),
                            count=count,
                        )
                        for group, median, count in finding._get_groups()
                    ),
                ]
            )

    def _get_groups(self):
        """Groups with median and number; once they were all the evidence there was."""
        evidence = self.evidence or {}
        return evidence if isinstance(evidence, list) else evidence.get("groups", [])

    def _get_evidence_words(self):
        """The test with its numbers, in a sentence; none of results of before."""
        env, found = self.env, self.evidence
        if not isinstance(found, dict):
            return []
        if "p" not in found:
            return [env._("%(count)s observations.", count=found["n"])]
        numbers = {
            "statistic": f"{found['statistic']:.3f}",
            "count": found["n"],
            "p": f"{found['p']:.4f}",
            "freedom": found.get("freedom"),
            "low": f"{found.get('low', 0):.3f}",
            "high": f"{found.get('high', 0):.3f}",
            "date": fields.Date.to_string(self.date),
        }
        sentences = {
            "correlation": env._(
                "Spearman's rank correlation %(statistic)s (95 %% interval %(low)s to"
                " %(high)s) of %(count)s observations on %(date)s, p = %(p)s before"
                " adjusting."
            ),
            "association": env._(
                "Chi-square %(statistic)s with %(freedom)s degrees of freedom of"
                " %(count)s observations on %(date)s, p = %(p)s before adjusting."
            ),
            "difference": env._(
                "Kruskal-Wallis H %(statistic)s with %(freedom)s degrees of freedom of"
                " %(count)s observations on %(date)s, p = %(p)s before adjusting."
            ),
        }
        return [sentences[self.kind] % numbers]

    def _get_statement(self):
        """The finding in words: what was found, or that nothing was."""
        env = self.env
        subject = dict(self._fields["code"]._description_selection(env))[self.code]
        if not self.holds:
            if self.reason:
                return env._("%(subject)s: cannot be told yet.", subject=subject)
            return env._("%(subject)s: no connection found.", subject=subject)
        up = self.strength > 0
        groups = self._get_groups()
        best = groups[0][0] if groups else ""
        sentences = {
            "order_size": (
                env._("Who buys more often also places larger orders."),
                env._("Frequency and order size move against each other."),
            ),
            "tenure_value": (
                env._("The longer a customer is with us, the more it buys."),
                env._("Newer customers buy more than older ones."),
            ),
            "discount_growth": (
                env._("Customers with higher discounts grow more."),
                env._("Customers with higher discounts grow less."),
            ),
            "late_margin": (
                env._("Customers that pay late leave the higher margin."),
                env._("Customers that pay late leave the lower margin."),
            ),
            "breadth_risk": (
                env._("More product families go with a higher risk of leaving."),
                env._("More product families go with a lower risk of leaving."),
            ),
            "industry_class": (env._("The value class depends on the industry."),),
            "industry_family": (
                env._("Industries prefer different product families."),
            ),
            "industry_revenue": (
                env._("Revenue differs by industry; highest: %(best)s.", best=best),
            ),
            "country_discount": (
                env._("Discounts differ by country; highest: %(best)s.", best=best),
            ),
            "large_orders": (
                env._(
                    "Before large orders the time is different: longest before"
                    " %(best)s orders.",
                    best=best,
                ),
            ),
        }[self.code]
        return sentences[0 if up or len(sentences) == 1 else 1]

    def action_open_customers(self):
        """Open the customers that the statement is about, by what it compares."""
        self.ensure_one()
        group = {
            "industry_class": "industry_id",
            "industry_family": "industry_id",
            "industry_revenue": "industry_id",
            "country_discount": "country_id",
        }.get(self.code)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_analytics.crm_customer_value_action"
        )
        return action | {
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("frequency", ">", 0),
            ],
            "context": {"group_by": group} if group else {},
        }


class CrmFindingResult(models.Model):
    """What a test said in a month."""

    _name = "crm.finding.result"
    _description = "Finding by Month"
    _log_access = False
    _rec_name = "date"
    _order = "date desc, id desc"

    finding_id = fields.Many2one(
        "crm.finding", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date("As of", required=True, readonly=True)
    strength = fields.Float(readonly=True, aggregator=None, digits=(16, 3))
    p_value = fields.Float("Chance Alone", readonly=True, digits=(16, 4))
    holds = fields.Boolean(readonly=True)
    observation_count = fields.Integer("Observations", readonly=True)
    state = fields.Selection(STATES, readonly=True)
