import json

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..tools import features, loyalty


class CrmCustomerFeature(models.Model):
    """The step of features: read arrays, call the kernels, write what differs."""

    _inherit = "crm.customer.fact"

    @api.model
    def _update_features(self, company, policy, window):
        """Write loyalty and churn risk of the company's customers; rows written."""
        rows = self._get_feature_rows(company)
        if not rows:
            return 0
        ids = np.array([row[0] for row in rows])
        facts = self._get_feature_facts(company, window, rows, ids)
        weights = loyalty.Weights(
            **{name: policy[f"weight_{name}"] for name in loyalty.COMPONENTS}
        )
        result = features.compute(facts, weights, policy.tenure_years)
        return self._write_features(company, ids, result)

    def _get_feature_rows(self, company):
        return self.env.execute_query(
            SQL(
                "SELECT partner_id, first_date, last_date, cadence, active_months,"
                " revenue_half, revenue_half_before FROM crm_customer_fact"
                " WHERE company_id = %s ORDER BY partner_id",
                company.id,
            )
        )

    def _get_feature_facts(self, company, window, rows, ids):
        def days(column):
            return np.array(
                [(window.as_of - row[column]).days if row[column] else np.nan
                 for row in rows],
                dtype=float,
            )

        def numbers(column):
            return np.array([row[column] for row in rows], dtype=float)

        return features.Facts(
            age=days(1),
            recency=days(2),
            cadence=numbers(3),
            active_months=numbers(4),
            half=numbers(5),
            half_before=numbers(6),
            monthly=self._get_monthly(company, window, ids),
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

    def _get_breadth(self, company, window):
        """Pairs of customer and share of product families; unknown until sold."""
        return []

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

    def _write_features(self, company, ids, result):
        """Write the rows whose features differ."""
        parts = [json.dumps(part, sort_keys=True) for part in result.parts]
        reasons = [json.dumps(reason) for reason in result.reasons]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_fact f
                   SET loyalty = s.loyalty, churn_risk = s.risk,
                       loyalty_parts = s.parts, risk_reasons = s.reasons
                  FROM (SELECT partner_id, nullif(loyalty, 'NaN') AS loyalty,
                               nullif(risk, 'NaN') AS risk, parts, reasons
                          FROM unnest(%s::int[], %s::float8[], %s::float8[],
                                      %s::jsonb[], %s::jsonb[])
                               AS u(partner_id, loyalty, risk, parts, reasons)) s
                 WHERE f.company_id = %s AND f.partner_id = s.partner_id
                   AND (f.loyalty, f.churn_risk, f.loyalty_parts, f.risk_reasons)
                       IS DISTINCT FROM (s.loyalty, s.risk, s.parts, s.reasons)""",
                ids.tolist(),
                np.round(result.loyalty, 4).tolist(),
                np.round(result.risk, 6).tolist(),
                parts,
                reasons,
                company.id,
            )
        )
        return self.env.cr.rowcount
