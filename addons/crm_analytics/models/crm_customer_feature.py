import json

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..tools import (
    clv,
    features,
    fingerprint,
    loyalty,
    merge_sql,
    month_sum_sql,
    tier,
)
from ..tools.backtest import chosen_rule, chosen_weights

CHUNK = 10_000  # customers of which more than figures is kept at a time
SUMS = ("contribution", "half_year", "contribution_total", "month_key")
NUMBERS = ("float8", "numeric")  # of which NaN is unknown
KEPT = ("loyalty", "tier", "feature_key")  # what a refresh finds of the one before


class CrmCustomerFeature(models.Model):
    """The step of features: read arrays, call the kernels, write what differs.

    Each row keeps a number of all that its features rest on. Customers of whom it is
    still the same are left alone, but for the tier, which depends on the others.
    """

    # The facts' kernels, by subject.
    _inherit = "crm.customer.fact"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _update_features(self, run):
        """Write the features of the company's customers; the number of rows written."""
        company, window = run.company_id, run._get_windows()
        rows = self._get_feature_rows(
            window,
            SQL(
                "FROM (SELECT *, %s AS half_year FROM crm_customer_fact"
                " WHERE company_id = %s) f ORDER BY partner_id",
                month_sum_sql.half_year(window.as_of),
                company.id,
            ),
            (*SUMS, *KEPT),
        )
        if not len(rows):
            return 0
        sums, kept = rows[:, 8:12], rows[:, 12:]
        facts = self._get_feature_facts(company, window, rows, sums[:, :3])
        run._report(1, 5)
        policy = self._get_kernel_policy(run)
        run._report(2, 5)
        contracts = self._get_contract_values(run, rows[:, 0], policy.lifetime)
        keys = fingerprint.keys(
            (*facts.without_months(), sums[:, 3], *contracts),
            fingerprint.seed(
                run.as_of,
                run.policy_id.id,
                policy._replace(models=None),
                *policy.models[:2],
            ),
        )
        changed = np.arange(len(rows))
        if run.kind == "incremental":
            changed = np.flatnonzero(keys != kept[:, 2])
        result = features.compute(
            facts.of(changed, self._get_monthly(company, window, rows[changed, 0])),
            policy,
        )
        loyal = kept[:, 0].copy()
        loyal[changed] = np.round(result.loyalty, 4)
        grid = self.env["crm.tier.cell"]._get_grid()
        tiers = tier.tiers(
            loyal, facts.contribution, grid, run.policy_id._get_tier_limits()
        )
        run._report(3, 5)
        figures = {
            "ids": rows[changed, 0].astype(int),
            "keys": keys[changed],
            "contracts": tuple(values[changed] for values in contracts),
        }
        written = 0
        for start in range(0, len(changed), CHUNK):
            run._report(3 * len(changed) + 2 * start, 5 * len(changed))
            part = slice(start, start + CHUNK)
            written += self._write_features(run, result, figures, part)
        moved = np.flatnonzero(tiers != np.nan_to_num(kept[:, 1]))
        self._write_tiers(run, rows[moved, 0].astype(int), tiers[moved])
        return written + len(np.setdiff1d(moved, changed))

    def _get_kernel_policy(self, run):
        """The policy with models, weights and rule; the run tells of them."""
        fitted, report = self._get_models(run)
        policy = self._get_feature_policy(run.policy_id)._replace(
            weights_of_churn=chosen_weights(report.get("churn")),
            rule=chosen_rule(report.get("lifetime")),
            models=fitted,
        )
        run.model_fit = {**(run.model_fit or {}), **report}
        return policy

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

    def _write_features(self, run, result, figures, part):
        """Write the rows of a part of the customers whose features differ."""
        ids, (contract, share) = figures["ids"][part], figures["contracts"]
        stages, since = self._get_stages(run, ids)
        value = features.with_contracts(result.value, contract, share)
        columns = (
            ("loyalty", "numeric", np.round(result.loyalty[part], 4).tolist()),
            ("loyalty_parts", "jsonb", [_json(made) for made in result.parts(part)]),
            ("churn_risk", "numeric", np.round(result.risk[part], 6).tolist()),
            ("risk_reasons", "jsonb", [_json(told) for told in result.reasons(part)]),
            ("p_active", "float8", np.round(result.p_active[part], 6).tolist()),
            ("lifetime_value", "numeric", np.round(value[part], 2).tolist()),
            ("contract_value", "numeric", np.round(contract[part], 2).tolist()),
            ("lifecycle", "varchar", stages),
            ("lifecycle_since", "date", since),
            ("feature_key", "float8", figures["keys"][part].tolist()),
        )
        return self._write_columns(run, ids, columns)

    def _write_tiers(self, run, ids, tiers):
        """The tier rests on the quintiles of all, and on a grid that people edit."""
        self._write_columns(
            run, ids, [("tier", "int4", [number or None for number in tiers.tolist()])]
        )

    def _write_columns(self, run, ids, columns):
        """Update the rows of which a column differs; their number."""
        names = [name for name, _kind, _values in columns]
        query = SQL(
            "SELECT partner_id, %(known)s"
            " FROM unnest(%(ids)s::int[], %(arrays)s) AS s(partner_id, %(names)s)",
            known=SQL(", ").join(
                SQL("nullif(s.%s, 'NaN') AS %s", *[SQL.identifier(name)] * 2)
                if kind in NUMBERS
                else SQL.identifier("s", name)
                for name, kind, _values in columns
            ),
            ids=ids.tolist(),
            arrays=SQL(", ").join(
                SQL("%s::%s[]", values, SQL.identifier(kind))
                for _name, kind, values in columns
            ),
            names=SQL(", ").join(map(SQL.identifier, names)),
        )
        scope = SQL("t.company_id = %s", run.company_id.id)
        self.env.cr.execute(
            merge_sql.update_differing(
                "crm_customer_fact", query, ("partner_id",), names, scope
            )
        )
        return self.env.cr.rowcount


def _json(value):
    return json.dumps(value, sort_keys=True)
