from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import basket_sql, findings

ALPHA = findings.ALPHA
FEW = 0.05  # share of the customers whose change moves no statement about all
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
        "Evidence Data", readonly=True, help="Groups with median and number."
    )
    evidence_text = fields.Text("Evidence", compute="_compute_statement")
    state = fields.Selection(STATES, readonly=True)
    date = fields.Date("As of", readonly=True)
    result_ids = fields.One2many("crm.finding.result", "finding_id", "History")

    _code_uniq = models.Constraint(
        "UNIQUE (company_id, code)", "A statement stands once in the register."
    )

    @api.depends("code", "strength", "state", "evidence")
    @api.depends_context("lang")
    def _compute_statement(self):
        for finding in self:
            finding.statement = finding._get_statement()
            finding.evidence_text = "\n".join(
                self.env._(
                    "%(group)s: median %(median)s (%(count)s)",
                    group=group,
                    median=round(median, 2),
                    count=count,
                )
                for group, median, count in finding.evidence or []
            )

    def _get_statement(self):
        """The finding in words: what was found, or that nothing was."""
        env = self.env
        subject = dict(self._fields["code"]._description_selection(env))[self.code]
        if not self.holds:
            if self.reason:
                return env._("%(subject)s: cannot be told yet.", subject=subject)
            return env._("%(subject)s: no connection found.", subject=subject)
        up = self.strength > 0
        best = self.evidence[0][0] if self.evidence else ""
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

    # --- the step of the run --------------------------------------------------

    @api.model
    def _update_findings(self, run):
        """Test all statements; the number of those that hold.

        Within a month a refresh that changed few customers leaves them alone.
        """
        if self._is_settled(run):
            return 0
        tested = self._test(run)
        p_values = [found.p for found, _e in tested.values() if found.p is not None]
        adjusted = iter(findings.adjust(p_values))
        known = self.search([("company_id", "=", run.company_id.id)]).grouped("code")
        for index, (code, (found, evidence)) in enumerate(tested.items()):
            run._report(10 + index, 10 + len(tested))
            p_value = float(next(adjusted)) if found.p is not None else None
            record = known.get(code) or self.create(
                {"company_id": run.company_id.id, "code": code}
            )
            record._follow(run, found, p_value, evidence)
        return len(
            self.search([("company_id", "=", run.company_id.id), ("holds", "=", True)])
        )

    @api.model
    def _is_settled(self, run):
        last = run._get_last(run.company_id)
        known = self.search([("company_id", "=", run.company_id.id)], limit=1)
        return (
            run.kind == "incremental"
            and known
            and last.policy_id == run.policy_id
            and last.as_of.replace(day=1) == run.as_of.replace(day=1)
            and run.touched_count < FEW * run.customer_count
        )

    def _follow(self, run, found, p_value, evidence):
        """Write the result, judged against the last month's, and keep one a month."""
        self.ensure_one()
        month = run.as_of.replace(day=1)
        before = self.result_ids.filtered(lambda r: r.date < month).sorted("date")[-1:]
        previous = None
        if before.holds:
            previous = findings.Finding(
                found.kind, before.strength, before.p_value, before.observation_count
            )
        state = findings.follow(found, previous, p=p_value)
        holds = p_value is not None and p_value < ALPHA
        values = {
            "strength": found.strength or 0.0,
            "p_value": p_value if p_value is not None else 1.0,
            "holds": holds,
            "observation_count": found.n,
            "state": state,
            "date": run.as_of,
        }
        self.write(
            values
            | {
                "kind": found.kind,
                "force": abs(found.strength or 0.0),
                "reason": found.reason,
                "evidence": evidence or False,
            }
        )
        now = self.result_ids.filtered(lambda r: r.date.replace(day=1) == month)
        if now:
            now[:1].write(values)
        else:
            self.env["crm.finding.result"].create({"finding_id": self.id, **values})

    @api.model
    def _test(self, run):
        """Result and evidence by statement."""
        table = self._get_customers(run)
        names = self._get_names(table)
        tests = {
            code: (findings.correlation(table[one], table[two]), None)
            for code, one, two in (
                ("order_size", "frequency", "order_size"),
                ("tenure_value", "age", "monetary"),
                ("discount_growth", "discount", "revenue_change"),
                ("late_margin", "late", "margin"),
                ("breadth_risk", "families", "churn_risk"),
            )
        }
        tests["industry_class"] = (
            findings.association(table["industry_id"], table["value_class"]),
            None,
        )
        tests["industry_family"] = (
            findings.association(*self._get_families(run)),
            None,
        )
        for code, figure, group in (
            ("industry_revenue", "monetary", "industry_id"),
            ("country_discount", "discount", "country_id"),
        ):
            tests[code] = self._difference(table[figure], table[group], names[group])
        days, sizes = self._get_gaps(run)
        words = {"large": self.env._("large"), "usual": self.env._("usual")}
        tests["large_orders"] = self._difference(days, sizes, words)
        return tests

    @api.model
    def _difference(self, figure, group, names):
        found, groups = findings.difference(figure, group)
        evidence = [
            [names.get(key, str(key)), median, count]
            for key, median, count in zip(*groups, strict=True)
        ]
        return found, evidence

    @api.model
    def _get_customers(self, run):
        """Columns of figures, one entry a customer of the window."""
        columns = (
            "frequency",
            "order_size",
            "age",
            "monetary",
            "discount",
            "revenue_change",
            "late",
            "margin",
            "families",
            "churn_risk",
            "industry_id",
            "country_id",
            "value_class",
        )
        window = run._get_windows()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT v.frequency::float8,
                       (v.monetary / nullif(v.invoice_count, 0))::float8,
                       (v.as_of - v.first_date)::float8, v.monetary::float8,
                       (c.discount / nullif(c.list, 0))::float8,
                       CASE WHEN v.revenue_known THEN v.revenue_change::float8 END,
                       (c.late / nullif(c.revenue, 0))::float8,
                       (c.margin / nullif(c.revenue, 0))::float8,
                       c.families::float8, v.churn_risk::float8, p.industry_id,
                       p.country_id, v.value_class
                  FROM crm_customer_value v
                  JOIN res_partner p ON p.id = v.partner_id
                  JOIN (SELECT partner_id, sum(discount_amount) AS discount,
                               sum(list_revenue) AS list, sum(revenue) AS revenue,
                               sum(cost_finance) AS late, sum(gross_margin) AS margin,
                               max(family_count) AS families
                          FROM crm_customer_month
                         WHERE company_id = %(company)s AND month >= %(start)s
                           AND month <= %(as_of)s GROUP BY partner_id) c
                    ON c.partner_id = v.partner_id
                 WHERE v.company_id = %(company)s AND v.frequency > 0""",
                company=run.company_id.id,
                start=window.start_month,
                as_of=window.as_of,
            )
        )
        if not rows:
            return {name: [] for name in columns}
        return dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))

    @api.model
    def _get_names(self, table):
        return {
            "industry_id": {
                record.id: record.name
                for record in self.env["res.partner.industry"].browse(
                    {key for key in table["industry_id"] if key}
                )
            },
            "country_id": {
                record.id: record.name
                for record in self.env["res.country"].browse(
                    {key for key in table["country_id"] if key}
                )
            },
        }

    @api.model
    def _get_families(self, run):
        """Industry and product family of each pair of customer and family."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT b.partner_id, p.industry_id, t.categ_id
                  FROM (%s) b JOIN res_partner p ON p.id = b.partner_id
                  JOIN product_product v ON v.id = b.product_id
                  JOIN product_template t ON t.id = v.product_tmpl_id
                 WHERE p.industry_id IS NOT NULL""",
                basket_sql.bought(run.company_id.id, run.as_of),
            )
        )
        return [row[1] for row in rows], [row[2] for row in rows]

    @api.model
    def _get_gaps(self, run):
        """Days since the order before, and whether an order is large (best tenth)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT days, CASE WHEN place > 0.9 THEN 'large' ELSE 'usual' END
                  FROM (SELECT (date_order::date - lag(date_order::date) OVER (
                                  PARTITION BY commercial ORDER BY date_order, id
                               ))::float8 AS days,
                               percent_rank() OVER (
                                   PARTITION BY commercial ORDER BY amount) AS place
                          FROM (SELECT s.id, s.date_order, s.amount_untaxed AS amount,
                                       p.commercial_partner_id AS commercial,
                                       count(*) OVER (
                                           PARTITION BY p.commercial_partner_id) AS n
                                  FROM sale_order s
                                  JOIN res_partner p ON p.id = s.partner_id
                                 WHERE s.company_id = %s AND s.state = 'sale'
                                   AND s.date_order::date <= %s) o
                         WHERE n >= 10) g
                 WHERE days IS NOT NULL""",
                run.company_id.id,
                run.as_of,
            )
        )
        return [row[0] for row in rows], [row[1] for row in rows]

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
