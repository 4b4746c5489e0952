from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools import backtest, fact_sql, months
from ..tools.moves_sql import IS_PURCHASE, customer_moves


class CrmCustomerBacktest(models.Model):
    """Forecasts of the past against what came: which rule and weights to use."""

    # The facts' kernels, by subject.
    _inherit = "crm.customer.fact"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_backtest(self, run):
        """Reports on churn weights and lifetime rule; made once a month.

        A full run makes them anew; other runs of the same month keep those of the last
        run, because half a year judged a day later says the same.
        """
        last = run._get_last(run.company_id)
        known = (last.model_fit or {}) if last else {}
        if (
            run.kind == "incremental"
            and "lifetime" in known
            and months.number(last.as_of) == months.number(run.as_of)
        ):
            return {name: known[name] for name in ("lifetime", "churn")}
        policy = self._get_feature_policy(run.policy_id)
        half = self._get_past(run, 6)
        if half is None:
            refused = {"refused": "not enough history: nothing before half a year ago"}
            return {"lifetime": refused, "churn": refused}
        report = {"lifetime": backtest.judge_lifetime(half, policy)}
        year = self._get_past(run, 12)
        report["churn"] = (
            backtest.judge_churn(year, half, policy)
            if year
            else {"refused": "not enough history: nothing before a year ago"}
        )
        return report

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
        return backtest.Past(
            self._get_feature_facts(run.company_id, window, rows),
            self._spread(ids, purchases, 0.0),
            self._spread(ids, money, 0.0),
        )
