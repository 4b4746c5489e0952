import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import association_counts, association_rules, basket_sql


class CrmAssociationRule(models.Model):
    """Who buys these also buys that: counted on baskets, renewed by each run.

    A basket is an order, or what a customer ordered in a quarter, as the policy says.
    """

    _name = "crm.association.rule"
    _description = "Association Rule"
    _inherit = ["crm.insight.empty"]
    _log_access = False
    _order = "lift desc, confidence desc, id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    active = fields.Boolean(
        default=True, help="An archived rule gives no advice, and stays archived."
    )
    left_id = fields.Many2one(
        "product.product", "Who Buys", required=True, readonly=True, ondelete="cascade"
    )
    left_two_id = fields.Many2one(
        "product.product", "And", readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", "Also Buys", required=True, readonly=True, ondelete="cascade"
    )
    count = fields.Integer("Baskets With All", readonly=True)
    left_count = fields.Integer("Baskets With the Left Side", readonly=True)
    right_count = fields.Integer("Baskets With the Product", readonly=True)
    support = fields.Float(
        readonly=True, aggregator="avg", help="Share of all baskets that hold all."
    )
    confidence = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the baskets with the left side that also hold the product.",
    )
    lift = fields.Float(
        readonly=True,
        aggregator="max",
        help="How many times as often as among all baskets.",
    )
    leverage = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Support above what chance alone would give.",
    )

    _rule_uniq = models.UniqueIndex(
        "(company_id, left_id, coalesce(left_two_id, 0), product_id)",
        "A rule exists once in a company.",
    )
    _right_idx = models.Index("(product_id)")

    @api.depends("left_id", "left_two_id", "product_id")
    def _compute_display_name(self):
        for rule in self:
            left = rule.left_id.display_name
            if rule.left_two_id:
                left = self.env._(
                    "%(one)s and %(two)s", one=left, two=rule.left_two_id.display_name
                )
            rule.display_name = self.env._(
                "%(left)s → %(right)s", left=left, right=rule.product_id.display_name
            )

    # --- the step of the run --------------------------------------------------

    @api.model
    def _update_rules(self, run):
        """Renew the rules of the company from the counts; the number of rules."""
        counted = self.env["crm.basket.line"]._update_counts(run)
        run._report(1, 3)
        if not counted and self._is_settled(run):
            return 0
        found, report = self._find_rules(run.company_id, run.policy_id)
        run.model_fit = {**(run.model_fit or {}), "rules": {**report, "new": counted}}
        columns = [] if found is None else [column.tolist() for column in found]
        run._materialize("crm_an_source", self._get_rules_query(run, columns))
        run._report(2, 3)
        written = self._merge_rules(run)
        return written + self._update_suggestions(run)

    @api.model
    def _is_settled(self, run):
        """Whether the last run found the rules by the same policy on the same day."""
        last = run._get_last(run.company_id)
        known = (last.model_fit or {}).get("rules")
        if (
            run.kind != "incremental"
            or not known
            or (last.as_of, last.policy_id) != (run.as_of, run.policy_id)
            or not run._is_next_of(last)
        ):
            return False
        run.model_fit = {**(run.model_fit or {}), "rules": {**known, "new": 0}}
        return True

    @api.model
    def _find_rules(self, company, policy):
        """The rules, or None with the reason why there are none."""
        content = basket_sql.baskets(company.id, policy.basket_kind == "quarter")
        [(baskets,)] = self.env.execute_query(
            SQL("SELECT count(DISTINCT basket_id) FROM (%s) b", content)
        )
        if baskets < policy.rule_minimum:
            return None, {"baskets": baskets, "refused": "too few orders"}
        limits = association_rules.Limits(
            policy.rule_support, policy.rule_confidence, policy.rule_lift
        )
        least = association_rules.least_count(limits.support, baskets)
        counts = self._get_counts(company, baskets, least)
        rows = self._get_lines(content, counts)
        found = association_rules.rules(counts, limits, rows[:, 0], rows[:, 1])
        return found, {"baskets": baskets, "rules": len(found.right)}

    @api.model
    def _get_lines(self, content, counts):
        """Basket and product of the lines that rules with two on the left rest on."""
        items = association_counts.in_triples(counts.first, counts.second)
        if not len(items):
            return np.empty((0, 2), np.int64)
        return (
            self.env["crm.customer.fact"]
            ._read_numbers(
                2,
                SQL(
                    "SELECT basket_id, product_id FROM (%s) b"
                    " WHERE product_id = ANY(%s::int[])",
                    content,
                    items.tolist(),
                ),
            )
            .astype(np.int64)
        )

    @api.model
    def _get_array(self, query, columns):
        rows = self.env.execute_query(query)
        return np.array(rows, dtype=np.int64).reshape(-1, columns)

    @api.model
    def _get_counts(self, company, baskets, least):
        """Counts of the products, and of the pairs that are frequent enough."""
        items = self._get_array(
            SQL(
                "SELECT product_id, count FROM crm_basket_item WHERE company_id = %s"
                " ORDER BY product_id",
                company.id,
            ),
            2,
        )
        pairs = self._get_array(
            SQL(
                "SELECT product_id, other_id, count FROM crm_basket_pair"
                " WHERE company_id = %s AND count >= %s ORDER BY product_id, other_id",
                company.id,
                least,
            ),
            3,
        )
        return association_counts.Counts(baskets, *items.T, *pairs.T)

    @api.model
    def _get_rules_query(self, run, columns):
        names = ("left_id", "left_two_id", "product_id", "count", "left_count")
        names += ("right_count", "support", "confidence", "lift", "leverage")
        kinds = ("int",) * 6 + ("float8",) * 4
        columns = columns or [[] for _name in names]
        return SQL(
            "SELECT %s AS company_id, left_id, nullif(left_two_id, -1) AS left_two_id,"
            " product_id, count, left_count, right_count, support, confidence, lift,"
            " leverage FROM unnest(%s) AS r(%s)",
            run.company_id.id,
            SQL(", ").join(
                SQL("%s::%s[]", column, SQL.identifier(kind))
                if kind != "int"
                else SQL("%s::int[]", column)
                for column, kind in zip(columns, kinds, strict=True)
            ),
            SQL(", ").join(SQL.identifier(name) for name in names),
        )

    @api.model
    def _merge_rules(self, run):
        figures = SQL(
            "count, left_count, right_count, support, confidence, lift, leverage"
        )
        same = SQL(
            "t.company_id = s.company_id AND t.left_id = s.left_id"
            " AND coalesce(t.left_two_id, 0) = coalesce(s.left_two_id, 0)"
            " AND t.product_id = s.product_id"
        )
        gone = run._run_sql(
            SQL(
                "DELETE FROM crm_association_rule t WHERE company_id = %s"
                " AND NOT EXISTS (SELECT FROM crm_an_source s WHERE %s)",
                run.company_id.id,
                same,
            )
        )
        written = run._run_sql(
            SQL(
                """
                INSERT INTO crm_association_rule AS t
                       (company_id, left_id, left_two_id, product_id, active, %(f)s)
                SELECT company_id, left_id, left_two_id, product_id, TRUE, %(f)s
                  FROM crm_an_source
           ON CONFLICT (company_id, left_id, coalesce(left_two_id, 0), product_id)
             DO UPDATE SET (%(f)s) = (excluded.count, excluded.left_count,
                    excluded.right_count, excluded.support, excluded.confidence,
                    excluded.lift, excluded.leverage)
                     WHERE (t.count, t.left_count, t.right_count, t.support)
                           IS DISTINCT FROM (excluded.count, excluded.left_count,
                           excluded.right_count, excluded.support)""",
                f=figures,
            )
        )
        return gone + written

    @api.model
    def _update_suggestions(self, run):
        return run._merge(
            "crm_customer_suggestion",
            basket_sql.suggestions(run.company_id.id, run.as_of, 5),
            ("company_id", "partner_id", "product_id"),
            ("rule_id", "score", "place"),
            SQL("t.company_id = %s", run.company_id.id),
        )
