from odoo import fields, models
from odoo.tools import SQL


class CrmForecastAccuracy(models.Model):
    """Each dated forecast of a month against what that month really brought.

    The forecast of a snapshot for a month: its open deals expected to close in it,
    weighted by probability, and those committed. Actual: orders of deals confirmed,
    and invoices posted for them, in the rest of that month from the snapshot on.
    Figures per company, team and salesperson; only months that are over have an error.
    """

    _name = "crm.forecast.accuracy"
    _description = "Forecast Accuracy"
    _auto = False
    _order = "snapshot_date desc, month desc, id"
    _depends = {
        "crm.forecast.snapshot": ["amount", "date_deadline", "status"],
        "sale.order": ["amount_untaxed", "state", "date_order", "opportunity_id"],
        "account.move.line": ["balance", "parent_state"],
    }

    snapshot_date = fields.Date(readonly=True)
    month = fields.Date("Forecast Month", readonly=True)
    horizon = fields.Integer("Weeks ahead", readonly=True, aggregator=None)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    deal_count = fields.Integer("Deals", readonly=True)
    committed = fields.Monetary("Commit Forecast", readonly=True)
    forecast = fields.Monetary("Weighted Forecast", readonly=True)
    ordered = fields.Monetary(readonly=True)
    invoiced = fields.Monetary(readonly=True)
    complete = fields.Boolean("Month is over", readonly=True)
    bias_ordered = fields.Monetary("Bias to Orders", readonly=True)
    bias_invoiced = fields.Monetary("Bias to Invoices", readonly=True)
    error_ordered = fields.Float("MAPE to Orders (%)", readonly=True, aggregator="avg")
    error_invoiced = fields.Float(
        "MAPE to Invoices (%)", readonly=True, aggregator="avg"
    )

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            WITH facts AS (%s), %s
            SELECT row_number() OVER (
                       ORDER BY snapshot_date, month, company_id, team_id, user_id
                   )::int AS id,
                   s.*,
                   greatest(0, ceil((month - snapshot_date) / 7.0))::int AS horizon,
                   month + interval '1 month' <= %s AS complete,
                   CASE WHEN month + interval '1 month' <= %s
                        THEN forecast - ordered END AS bias_ordered,
                   CASE WHEN month + interval '1 month' <= %s
                        THEN forecast - invoiced END AS bias_invoiced,
                   CASE WHEN month + interval '1 month' <= %s AND ordered > 0
                        THEN 100 * abs(forecast - ordered) / ordered
                        END AS error_ordered,
                   CASE WHEN month + interval '1 month' <= %s AND invoiced > 0
                        THEN 100 * abs(forecast - invoiced) / invoiced
                        END AS error_invoiced
              FROM summed s
            """,
            self._get_facts(),
            self._get_sums(),
            *[today] * 5,
        )

    def _get_facts(self):
        """Orders and invoices of deals: (kind, company, team, user, day, amount)."""
        return SQL(
            """
            SELECT 'ordered' AS kind, o.company_id, l.team_id, l.user_id,
                   o.date_order::date AS day,
                   o.amount_untaxed / coalesce(nullif(o.currency_rate, 0), 1) AS amount
              FROM sale_order o JOIN crm_lead l ON l.id = o.opportunity_id
             WHERE o.state = 'sale'
            UNION ALL
            SELECT 'invoiced', m.company_id, l.team_id, l.user_id, m.invoice_date,
                   -a.balance
              FROM account_move_line a
              JOIN account_move m ON m.id = a.move_id AND m.state = 'posted'
               AND m.move_type IN ('out_invoice', 'out_refund')
              JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = a.id
              JOIN sale_order_line sl ON sl.id = r.order_line_id
              JOIN sale_order o ON o.id = sl.order_id
              JOIN crm_lead l ON l.id = o.opportunity_id
            """
        )

    def _get_sums(self):
        """Forecasts and actuals on the same grain, also where only one exists."""
        snapshots = self.env["crm.forecast.snapshot"]._table_query
        return SQL(
            """
            predicted AS (
                SELECT snapshot_date, date_trunc('month', date_deadline)::date AS month,
                       company_id, team_id, user_id, count(*) AS deal_count,
                       sum(amount) FILTER (WHERE forecast_category = 'commit')
                           AS committed,
                       sum(weighted_amount) AS forecast
                  FROM (%s) s
                 WHERE status = 'pending' AND date_deadline IS NOT NULL
                   AND forecast_category <> 'omitted'
                   AND date_deadline >= date_trunc('month', snapshot_date)
                 GROUP BY 1, 2, 3, 4, 5
            ), months AS (
                SELECT DISTINCT snapshot_date, month FROM predicted
            ), actual AS (
                SELECT m.snapshot_date, m.month, f.company_id, f.team_id, f.user_id,
                       sum(f.amount) FILTER (WHERE f.kind = 'ordered') AS ordered,
                       sum(f.amount) FILTER (WHERE f.kind = 'invoiced') AS invoiced
                  FROM months m JOIN facts f
                    ON f.day >= greatest(m.month, m.snapshot_date)
                   AND f.day < m.month + interval '1 month'
                 GROUP BY 1, 2, 3, 4, 5
            ), summed AS (
                SELECT coalesce(p.snapshot_date, a.snapshot_date) AS snapshot_date,
                       coalesce(p.month, a.month) AS month,
                       coalesce(p.company_id, a.company_id) AS company_id,
                       coalesce(p.team_id, a.team_id) AS team_id,
                       coalesce(p.user_id, a.user_id) AS user_id,
                       coalesce(p.deal_count, 0) AS deal_count,
                       coalesce(p.committed, 0) AS committed,
                       coalesce(p.forecast, 0) AS forecast,
                       coalesce(a.ordered, 0) AS ordered,
                       coalesce(a.invoiced, 0) AS invoiced
                  FROM predicted p FULL JOIN actual a
                    ON (a.snapshot_date, a.month, a.company_id)
                       = (p.snapshot_date, p.month, p.company_id)
                   AND coalesce(a.team_id, 0) = coalesce(p.team_id, 0)
                   AND coalesce(a.user_id, 0) = coalesce(p.user_id, 0)
            )
            """,
            snapshots,
        )
