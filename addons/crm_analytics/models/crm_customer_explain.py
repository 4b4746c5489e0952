from typing import NamedTuple

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..tools import churn, clv, features, month_sum_sql
from ..tools.backtest import chosen_rule, chosen_weights
from .crm_customer_feature import SUMS


class Explained(NamedTuple):
    """Risk and lifetime of one customer with all that they rest on.

    ``figures``, ``signals`` and ``adds`` are those of the risk, by signal; the other
    figures are numbers, NaN where not known. ``purchases`` is how many are expected in
    the horizon, discounted; ``lifetime`` the value without contracts.
    """

    figures: dict[str, float]
    signals: dict[str, float]
    adds: dict[str, float]
    weights: churn.Weights
    estimated: bool
    risk: float
    age: float
    days: float
    half: float
    factor: float
    purchases: float
    lifetime: float
    modelled: bool


class CrmCustomerExplain(models.Model):
    """The features of one customer, computed again to tell how they came about.

    Kept they would make the facts of everybody wider for what few look at. Figures,
    weights and models are those of the run, so the answer is that of the run.
    """

    # The facts' kernels, by subject.
    _inherit = "crm.customer.fact"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _explain(self, run, partner):
        """:class:`Explained`, or None for who never bought or a run without models."""
        report = run.model_fit or {}
        if not report.get("closed"):
            return None
        facts = self._get_facts_of(run, partner)
        if facts is None or np.isnan(facts.age[0]):
            return None
        policy = self._get_feature_policy(run.policy_id)._replace(
            weights_of_churn=chosen_weights(report.get("churn")),
            rule=chosen_rule(report.get("lifetime")),
            models=self._get_known_models(report["closed"], report),
        )
        found = features.compute(facts, policy)
        purchases, modelled = np.nan, False
        if policy.models.purchases:
            purchases = clv.discounted_purchases(
                policy.models.purchases,
                facts.purchase_days - 1,
                facts.age - facts.recency,
                facts.age,
                policy.lifetime,
            )[0]
            modelled = found.models["rule"] == "bgnbd_gamma_gamma"
        risk = found.signals
        signals = churn.signals(churn.Figures(*risk.figures.T))
        return Explained(
            *(
                dict(zip(churn.SIGNALS, table[0].tolist(), strict=True))
                for table in (risk.figures, signals, risk.adds)
            ),
            weights=policy.weights_of_churn or churn.Weights(),
            estimated=policy.weights_of_churn is not None,
            risk=float(found.risk[0]),
            age=float(facts.age[0]),
            days=float(facts.purchase_days[0]),
            half=float(facts.contribution_half[0]),
            factor=float(clv.discount(policy.lifetime).sum()),
            purchases=float(purchases),
            lifetime=float(found.value[0]),
            modelled=modelled,
        )

    def _get_facts_of(self, run, partner):
        """Of one customer what risk and lifetime are computed of; None if unknown."""
        window = run._get_windows()
        rows = self._get_feature_rows(
            window,
            SQL(
                "FROM (SELECT *, %s AS half_year FROM crm_customer_fact"
                " WHERE company_id = %s AND partner_id = %s) f ORDER BY partner_id",
                month_sum_sql.half_year(window.as_of),
                run.company_id.id,
                partner.id,
            ),
            SUMS[:3],
        )
        if not len(rows):
            return None
        unknown = np.full(len(rows), np.nan)  # what loyalty alone rests on
        return features.Facts(
            *rows[:, 1:7].T,
            monthly=self._get_monthly(run.company_id, window, rows[:, 0]),
            purchase_days=rows[:, 7],
            contribution=rows[:, 8],
            contribution_half=rows[:, 9],
            contribution_total=rows[:, 10],
            breadth=unknown,
            rating=unknown,
            commitment=unknown,
        )
