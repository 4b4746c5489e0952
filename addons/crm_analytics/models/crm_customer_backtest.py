from datetime import timedelta

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import (
    backtest,
    bgnbd,
    churn_fit,
    fact_sql,
    gamma_gamma,
    holdout,
    lifetime,
    months,
)
from ..tools.backtest import chosen_rule
from ..tools.moves_sql import IS_PURCHASE, customer_moves

MODELS_VERSION = 2  # of what a run says of its models: others are made again


class CrmCustomerBacktest(models.Model):
    """Forecasts of the past against what came: which rule and weights to use."""

    # The facts' kernels, by subject.
    _inherit = "crm.customer.fact"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_models(self, run):
        """The models, and what is said of them: (models, report).

        They rest on closed months: made when a month is closed, and again when a
        document in a closed month changes or the policy does. In between they stay, so
        that a purchase of one customer does not move the figures of all others.
        """
        last = run._get_last(run.company_id)
        known = (last.model_fit or {}) if last else {}
        cut = run.as_of.replace(day=1) - timedelta(days=1)
        closed = known.get("closed") or {}
        if (
            run.kind == "incremental"
            and last.policy_id == run.policy_id
            and closed.get("cut") == fields.Date.to_string(cut)
            and closed.get("version") == MODELS_VERSION
            and run._is_next_of(last)
            and not self._is_reopened(run, cut)
        ):
            names = ("lifetime", "churn", "rule", "bgnbd", "gamma_gamma", "refused")
            report = {name: known[name] for name in names if name in known}
            return self._get_known_models(closed, report), report | {"closed": closed}
        found = lifetime.fit(
            self._get_closed_history(run, cut), run.policy_id.model_minimum
        )
        closed = {"cut": fields.Date.to_string(cut), "version": MODELS_VERSION}
        for name in ("purchases", "spend"):
            parameters = getattr(found, name)
            closed[name] = parameters and [float(number) for number in parameters]
        report = {**found.report, **self._get_backtest(run), "closed": closed}
        modelled = found.spend and chosen_rule(report["lifetime"]) != holdout.SIMPLE
        report["rule"] = "bgnbd_gamma_gamma" if modelled else "half_year_repeats"
        return found, report

    @api.model
    def _get_known_models(self, closed, report):
        return lifetime.Models(
            closed["purchases"] and bgnbd.Parameters(*closed["purchases"]),
            closed["spend"] and gamma_gamma.Parameters(*closed["spend"]),
            report,
        )

    @api.model
    def _is_reopened(self, run, cut):
        """Whether something changed in a month up to ``cut``."""
        [(found,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM crm_customer_dirty WHERE run_id = %s"
                " AND (month IS NULL OR month <= %s))",
                run.id,
                cut,
            )
        )
        return found

    @api.model
    def _get_closed_history(self, run, cut):
        """Purchases and contribution of all customers up to ``cut``.

        Facts of now are those of the cut for who bought nothing since; those of the
        others are computed from their documents.
        """
        company = run.company_id.id
        later = SQL(
            "m.commercial_partner_id IN (SELECT partner_id FROM crm_customer_fact"
            " WHERE company_id = %s AND last_date > %s)",
            company,
            cut,
        )
        rows = self._read_numbers(
            4,
            SQL(
                """
                SELECT partner_id, purchase_days, last_date - first_date,
                       %(cut)s - first_date
                  FROM (SELECT partner_id, purchase_days, first_date, last_date
                          FROM crm_customer_fact
                         WHERE company_id = %(company)s AND last_date <= %(cut)s
                         UNION ALL
                        SELECT partner_id, purchase_days, first_date, last_date
                          FROM (%(later)s) f WHERE last_date IS NOT NULL) h
              ORDER BY partner_id""",
                cut=SQL("%s::date", cut),
                company=company,
                later=fact_sql.customer_facts(
                    company, run.policy_id._get_windows(cut), later
                ),
            ),
        )
        money = self._read_numbers(
            2,
            SQL(
                "SELECT partner_id, sum(contribution) FROM crm_customer_month"
                " WHERE company_id = %s AND month <= %s GROUP BY partner_id",
                company,
                cut,
            ),
        )
        total = self._spread(rows[:, 0], money, 0.0)
        return lifetime.History(*rows[:, 1:].T, total, np.zeros(len(rows)))

    @api.model
    def _get_backtest(self, run):
        """Reports on churn weights and lifetime rule, from closed months."""
        policy = self._get_feature_policy(run.policy_id)
        half = self._get_past(run, 6)
        if half is None:
            refused = {"refused": "not enough history: nothing before half a year ago"}
            return {"lifetime": refused, "churn": refused}
        report = {"lifetime": backtest.judge_lifetime(half, policy)}
        report["churn"] = self._judge_churn(run, half, policy)
        return report

    @api.model
    def _judge_churn(self, run, half, policy):
        """Weights of the company's own history where it is long enough, and judged."""
        limit = run.policy_id.churn_limit
        try:
            churn_fit.require_history(self._get_months_known(run))
        except ValueError as refusal:
            refused = str(refusal)
        else:
            if year := self._get_past(run, 12):
                return backtest.judge_churn(year, half, policy, limit)
            refused = "not enough history: nothing before a year ago"
        published = backtest.judge_published(half, policy, limit)
        return {"refused": refused} | published

    @api.model
    def _get_months_known(self, run):
        """Whole months from the first purchase to the end of the closed months."""
        [(first,)] = self.env.execute_query(
            SQL(
                "SELECT min(first_date) FROM crm_customer_fact WHERE company_id = %s",
                run.company_id.id,
            )
        )
        if not first:
            return 0
        span = relativedelta(run.as_of.replace(day=1), first)
        return 12 * span.years + span.months

    def _get_past(self, run, back):
        """Figures at a month end ``back`` months ago, and the half year after it.

        Contributions are known by month: only at a month end nothing that came later
        is among the figures.
        """
        first = months.shift(run.as_of, -back).replace(day=1)
        cut = first - timedelta(days=1)
        window = run.policy_id._get_windows(cut)
        rows = self._get_feature_rows(
            window,
            SQL(
                "FROM (%s) f WHERE last_date > %s ORDER BY partner_id",
                fact_sql.customer_facts(run.company_id.id, window),
                window.dormant_since,
            ),
        )
        if not len(rows):
            return None
        ids = rows[:, 0]
        end = months.shift(first, 6) - timedelta(days=1)
        purchases = self._read_numbers(
            2,
            SQL(
                "SELECT m.commercial_partner_id, count(DISTINCT m.invoice_date)"
                " FILTER (WHERE %s) %s GROUP BY m.commercial_partner_id",
                IS_PURCHASE,
                customer_moves(
                    run.company_id.id,
                    SQL("m.invoice_date > %s AND m.invoice_date <= %s", cut, end),
                ),
            ),
        )
        money = self._read_numbers(
            2,
            SQL(
                "SELECT partner_id, sum(contribution) FROM crm_customer_month"
                " WHERE company_id = %s AND month > %s AND month <= %s"
                " GROUP BY partner_id",
                run.company_id.id,
                cut,
                end,
            ),
        )
        sums = self._get_past_sums(run.company_id, window, ids)
        return backtest.Past(
            self._get_feature_facts(run.company_id, window, rows, sums)._replace(
                monthly=self._get_monthly(run.company_id, window, ids)
            ),
            self._spread(ids, purchases, 0.0),
            self._spread(ids, money, 0.0),
        )
