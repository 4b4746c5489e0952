import json
from collections import defaultdict

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..tools import basket_sql, clv, features, loyalty, months
from ..tools.backtest import chosen_rule, chosen_weights


class CrmCustomerFeature(models.Model):
    """The step of features: read arrays, call the kernels, write what differs."""

    _inherit = "crm.customer.fact"

    @api.model
    def _update_features(self, run):
        """Write the features of the company's customers; the number of rows written."""
        company, policy, window = run.company_id, run.policy_id, run._get_windows()
        rows = self._get_feature_rows(company)
        if not rows:
            return 0
        ids = np.array([row[0] for row in rows])
        facts = self._get_feature_facts(company, window, rows, ids)
        run._report(1, 5)
        backtest = self._get_backtest(run)
        run._report(2, 5)
        kernel_policy = self._get_feature_policy(policy)._replace(
            weights_of_churn=chosen_weights(backtest.get("churn")),
            rule=chosen_rule(backtest.get("lifetime")),
        )
        result = features.compute(facts, kernel_policy)
        run._report(3, 5)
        run.model_fit = {**(run.model_fit or {}), **result.models, **backtest}
        stages = self._get_stages(company, policy, window, rows)
        run._report(4, 5)
        return self._write_features(company, ids, result, stages)

    @api.model
    def _get_feature_policy(self, policy):
        return features.Policy(
            loyalty.Weights(
                **{name: policy[f"weight_{name}"] for name in loyalty.COMPONENTS}
            ),
            policy.tenure_years,
            clv.Policy(policy.horizon_months, policy.discount_rate),
            policy.model_minimum,
        )

    def _get_feature_rows(self, company):
        return self.env.execute_query(
            SQL(
                "SELECT partner_id, first_date, last_date, cadence, active_months,"
                " revenue_half, revenue_half_before, purchase_days"
                " FROM crm_customer_fact WHERE company_id = %s ORDER BY partner_id",
                company.id,
            )
        )

    def _get_feature_facts(self, company, window, rows, ids):
        def days(column):
            return np.array(
                [
                    (window.as_of - row[column]).days if row[column] else np.nan
                    for row in rows
                ],
                dtype=float,
            )

        def numbers(column):
            return np.array([row[column] for row in rows], dtype=float)

        window_sum, half_sum, total = (
            self._spread(ids, pairs, 0.0)
            for pairs in self._get_contributions(company, window)
        )
        return features.Facts(
            age=days(1),
            recency=days(2),
            cadence=numbers(3),
            active_months=numbers(4),
            half=numbers(5),
            half_before=numbers(6),
            monthly=self._get_monthly(company, window, ids),
            purchase_days=numbers(7),
            contribution=window_sum,
            contribution_half=half_sum,
            contribution_total=total,
            breadth=self._spread(ids, self._get_breadth(company, window)),
            rating=self._spread(ids, self._get_ratings(company)),
            commitment=self._spread(ids, *self._get_commitments(company)),
        )

    @staticmethod
    def _spread(ids, pairs, default=np.nan):
        """Values of ``(customer, value)`` pairs in the order of ``ids``."""
        result = np.full(len(ids), default)
        for customer, value in pairs:
            index = np.searchsorted(ids, customer)
            if index < len(ids) and ids[index] == customer:
                result[index] = value
        return result

    def _get_monthly(self, company, window, ids):
        """Revenue of the last 12 calendar months, oldest first, shape (n, 12)."""
        last = features.month_grid(window.as_of)
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, extract(year FROM month)::int * 12"
                " + extract(month FROM month)::int - 1, revenue"
                " FROM crm_customer_month WHERE company_id = %s"
                " AND month > %s AND month <= %s",
                company.id,
                window.year.replace(day=1),
                window.as_of,
            )
        )
        table = np.zeros((len(ids), 12))
        if rows:
            columns = np.array([row[:2] for row in rows])
            index = np.searchsorted(ids, columns[:, 0])
            known = (index < len(ids)) & (columns[:, 1] > last - 12)
            known[known] &= ids[index[known]] == columns[known, 0]
            money = np.array([row[2] for row in rows], dtype=float)
            table[index[known], columns[known, 1] - last + 11] = money[known]
        return table

    def _get_contributions(self, company, window):
        """Pairs of customer and contribution: of the window, of 6 months, of all."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id,
                       coalesce(sum(contribution) FILTER (WHERE month >= %s), 0),
                       coalesce(sum(contribution) FILTER (WHERE month >= %s), 0),
                       sum(contribution)
                  FROM crm_customer_month WHERE company_id = %s AND month <= %s
              GROUP BY partner_id""",
                window.start_month,
                months.first_day(months.number(window.as_of) - 5),
                company.id,
                window.as_of,
            )
        )
        return tuple([(row[0], float(row[i])) for row in rows] for i in (1, 2, 3))

    def _get_stages(self, company, policy, window, rows):
        """Stage and its month of each row; None for a customer that never bought."""
        by_customer = defaultdict(list)
        for customer, month, amount in self.env.execute_query(
            SQL(
                "SELECT partner_id, month, contribution FROM crm_customer_month"
                " WHERE company_id = %s AND month <= %s",
                company.id,
                window.as_of,
            )
        ):
            by_customer[customer].append((months.number(month), float(amount)))
        return [
            features.stage(
                by_customer[row[0]], row[1], row[2], window.as_of, policy.dormant_months
            )
            if row[1]
            else (None, None)
            for row in rows
        ]

    def _get_breadth(self, company, window):
        """Pairs of customer and share of the product families of its industry.

        Families ordered by the customer in 12 months over those ordered by customers of
        the same industry; unknown for who ordered nothing.
        """
        return self.env.execute_query(
            SQL(
                """
                WITH bought AS (
                    SELECT DISTINCT b.partner_id, p.industry_id, t.categ_id
                      FROM (%s) b
                      JOIN res_partner p ON p.id = b.partner_id
                      JOIN product_product v ON v.id = b.product_id
                      JOIN product_template t ON t.id = v.product_tmpl_id
                ), offered AS (
                    SELECT industry_id, count(DISTINCT categ_id) AS families
                      FROM bought GROUP BY industry_id
                )
                SELECT b.partner_id, count(*)::float8 / o.families
                  FROM bought b
                  JOIN offered o ON o.industry_id IS NOT DISTINCT FROM b.industry_id
              GROUP BY b.partner_id, o.families""",
                basket_sql.bought(company.id, window.as_of),
            )
        )

    def _get_ratings(self, company):
        """Pairs of customer and mean rating 1..5 of the last two years."""
        if "rating.rating" not in self.env:
            return []
        return self.env.execute_query(
            SQL(
                "SELECT p.commercial_partner_id, avg(r.rating)::float8"
                " FROM rating_rating r JOIN res_partner p ON p.id = r.partner_id"
                " WHERE r.consumed AND r.rating >= 1"
                " AND r.create_date > now() - interval '24 months' GROUP BY 1"
            )
        )

    def _get_commitments(self, company):
        """Pairs of customer and 1, and what the others get: unknown if no such app."""
        models_there = [
            (model, domain)
            for model, domain in (
                ("contract.contract", [("contract_type", "=", "sale")]),
                ("sale.blanket.order", [("state", "=", "open")]),
            )
            if model in self.env
        ]
        if not models_there:
            return [], np.nan
        customers = self.env["res.partner"]
        for model, domain in models_there:
            records = self.env[model].search(
                [*domain, ("company_id", "in", (company.id, False))]
            )
            customers |= records.partner_id.commercial_partner_id
        return [(customer.id, 1.0) for customer in customers], 0.0

    def _write_features(self, company, ids, result, stages):
        """Write the rows whose features differ."""
        columns = (
            ("loyalty", "float8", np.round(result.loyalty, 4).tolist()),
            ("loyalty_parts", "jsonb", [_json(part) for part in result.parts]),
            ("churn_risk", "float8", np.round(result.risk, 6).tolist()),
            ("risk_reasons", "jsonb", [_json(reason) for reason in result.reasons]),
            ("tier", "int4", [tier or None for tier in result.tier.tolist()]),
            ("p_active", "float8", np.round(result.p_active, 6).tolist()),
            ("lifetime_value", "float8", np.round(result.value, 2).tolist()),
            ("lifecycle", "varchar", [stage for stage, _since in stages]),
            ("lifecycle_since", "date", [since for _stage, since in stages]),
        )
        names = [SQL.identifier(name) for name, _kind, _values in columns]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_fact f SET (%(names)s) = ROW(%(known)s)
                  FROM unnest(%(ids)s::int[], %(arrays)s) AS s(partner_id, %(names)s)
                 WHERE f.company_id = %(company)s AND f.partner_id = s.partner_id
                   AND ROW(%(current)s) IS DISTINCT FROM ROW(%(known)s)""",
                names=SQL(", ").join(names),
                known=SQL(", ").join(
                    SQL("nullif(s.%s, 'NaN')", name)
                    if kind == "float8"
                    else SQL("s.%s", name)
                    for name, (_name, kind, _values) in zip(names, columns, strict=True)
                ),
                current=SQL(", ").join(SQL("f.%s", name) for name in names),
                ids=ids.tolist(),
                arrays=SQL(", ").join(
                    SQL("%s::%s[]", values, SQL.identifier(kind))
                    for _name, kind, values in columns
                ),
                company=company.id,
            )
        )
        return self.env.cr.rowcount


def _json(value):
    return json.dumps(value, sort_keys=True)
