from odoo import api, fields, models
from odoo.tools import SQL

EMPTY = {
    "mrr": SQL("0.0"),
    "new_mrr": SQL("0.0"),
    "expansion_mrr": SQL("0.0"),
    "contraction_mrr": SQL("0.0"),
    "churned_mrr": SQL("0.0"),
    "billed": SQL("0.0"),
    "cost": SQL("0.0"),
}


class ServiceContractReport(models.Model):
    """Customer contracts by month: recurring revenue and its moves, profit.

    Recurring revenue of a month is what runs on its last day (today, in the month that
    runs), at the price of that day. Its change against the month before is new,
    expansion, contraction or churn, so that the four sum to the difference. Billed and
    cost are booked amounts of the month. All in the currency of the company, at the
    rate of today for recurring revenue and of the document for the rest.
    """

    _name = "service.contract.report"
    _description = "Contract Analysis"
    _auto = False
    _order = "month desc, contract_id"

    month = fields.Date(readonly=True)
    contract_id = fields.Many2one("contract.contract", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency", readonly=True
    )
    state = fields.Selection(related="contract_id.state", readonly=True)
    tier = fields.Selection(
        selection="_selection_tier",
        string="Customer tier",
        readonly=True,
        help="The tier of the customer's value as it is today.",
    )
    mrr = fields.Monetary(
        string="Monthly revenue",
        readonly=True,
        help="A stock: read it for one month, do not add months up.",
    )
    arr = fields.Monetary(string="Yearly revenue", readonly=True)
    new_mrr = fields.Monetary(string="New", readonly=True)
    expansion_mrr = fields.Monetary(string="Expansion", readonly=True)
    contraction_mrr = fields.Monetary(string="Contraction", readonly=True)
    churned_mrr = fields.Monetary(string="Churned", readonly=True)
    billed = fields.Monetary(readonly=True)
    cost = fields.Monetary(string="Cost of service", readonly=True)
    profit = fields.Monetary(readonly=True)

    _depends = {
        "contract.contract": ["state", "contract_type", "user_id", "company_id"],
        "contract.line": ["monthly_recurring", "date_start", "date_end", "is_canceled"],
        "service.contract.price": ["date", "old_price", "applied"],
        "account.move.line": ["contract_line_id", "balance", "parent_state"],
    }

    @property
    def _table_query(self):
        facts = SQL(" UNION ALL ").join(
            SQL(
                "SELECT contract_id, month, %s FROM (%s) source",
                SQL(", ").join(
                    SQL("%s AS %s", expression, SQL.identifier(name))
                    for name, expression in (EMPTY | columns).items()
                ),
                query,
            )
            for columns, query in self._get_sources()
        )
        return SQL(
            """
            SELECT (contract.id::bigint * 100000
                    + EXTRACT(YEAR FROM fact.month)::int * 12
                    + EXTRACT(MONTH FROM fact.month)::int) AS id,
                   fact.month::date AS month, contract.id AS contract_id,
                   contract.commercial_partner_id AS partner_id,
                   contract.user_id, contract.company_id, value.tier,
                   SUM(fact.mrr) AS mrr, SUM(fact.mrr) * 12 AS arr,
                   %s,
                   SUM(fact.billed) - SUM(fact.cost) AS profit
              FROM (%s) fact
              JOIN contract_contract contract ON contract.id = fact.contract_id
         LEFT JOIN (%s) value ON value.company_id = contract.company_id
               AND value.partner_id = contract.commercial_partner_id
             WHERE contract.contract_type = 'sale'
          GROUP BY contract.id, fact.month, value.tier
            """,
            SQL(", ").join(
                SQL("SUM(fact.%s) AS %s", SQL.identifier(name), SQL.identifier(name))
                for name in EMPTY
                if name != "mrr"
            ),
            facts,
            self.env["res.partner"]._get_customer_tier_query(),
        )

    @api.model
    def _selection_tier(self):
        return self.env["res.partner"]._get_customer_tier_options()

    def _get_sources(self):
        """Return [(columns it fills, query)]: each gives contract_id and month.

        Other models add their cost: ``super()._get_sources() + [({"cost": SQL("cost")},
        SQL("SELECT contract_id, month, cost FROM ..."))]``.
        """
        names = ("mrr", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr")
        return [
            ({name: SQL.identifier(name) for name in names}, self._get_mrr_query()),
            ({"billed": SQL("billed")}, self._get_billed_query()),
        ]

    def _get_billed_query(self):
        return SQL(
            """
            SELECT line.contract_id, DATE_TRUNC('month', aml.date) AS month,
                   -aml.balance AS billed
              FROM account_move_line aml
              JOIN contract_line line ON line.id = aml.contract_line_id
             WHERE aml.parent_state = 'posted' AND aml.display_type = 'product'
            """
        )

    def _get_mrr_query(self):
        """Return recurring revenue per contract and month, and its change."""
        return SQL(
            """
            SELECT contract_id, month, mrr,
                   CASE WHEN before = 0 THEN mrr ELSE 0 END AS new_mrr,
                   CASE WHEN before > 0 AND mrr > before THEN mrr - before ELSE 0 END
                       AS expansion_mrr,
                   CASE WHEN mrr > 0 AND mrr < before THEN mrr - before ELSE 0 END
                       AS contraction_mrr,
                   CASE WHEN mrr = 0 THEN -before ELSE 0 END AS churned_mrr
              FROM (
                SELECT contract_id, month, mrr,
                       COALESCE(LAG(mrr) OVER (PARTITION BY contract_id
                                               ORDER BY month), 0) AS before
                  FROM (%s) monthly
              ) moved
             WHERE mrr != 0 OR before != 0
            """,
            self._get_monthly_query(),
        )

    def _get_monthly_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT contract.id AS contract_id, span.month,
                   SUM(CASE WHEN line.date_start <= span.day
                             AND (line.date_end IS NULL OR line.date_end >= span.day)
                        THEN line.monthly_recurring
                             * COALESCE(price.old_price
                                        / NULLIF(line.specific_price, 0), 1)
                             / COALESCE(currency.rate, 1)
                        ELSE 0 END)::numeric(16, 4) AS mrr
              FROM contract_contract contract
              JOIN contract_line line ON line.contract_id = contract.id
              JOIN LATERAL (
                SELECT month, LEAST(month + INTERVAL '1 month - 1 day', %(today)s::date)
                       AS day
                  FROM GENERATE_SERIES(
                    DATE_TRUNC('month', (SELECT MIN(l.date_start) FROM contract_line l
                                          WHERE l.contract_id = contract.id)),
                    DATE_TRUNC('month', %(today)s::date), INTERVAL '1 month') month
              ) span ON TRUE
         LEFT JOIN LATERAL (
                SELECT step.old_price FROM service_contract_price step
                 WHERE step.line_id = line.id AND step.applied AND step.date > span.day
              ORDER BY step.date LIMIT 1
              ) price ON TRUE
         LEFT JOIN LATERAL (
                SELECT own.rate / COALESCE(main.rate, 1) AS rate
                  FROM (%(own)s) own, (%(main)s) main
              ) currency ON TRUE
             WHERE contract.contract_type = 'sale'
               AND contract.state IN ('active', 'suspended', 'ended')
               AND line.display_type IS NULL
               AND line.is_canceled IS NOT TRUE
          GROUP BY contract.id, span.month
            """,
            today=today,
            own=self._get_rate_query(SQL("line.currency_id"), today),
            main=self._get_rate_query(
                SQL(
                    "(SELECT c.currency_id FROM res_company c"
                    " WHERE c.id = contract.company_id)"
                ),
                today,
            ),
        )

    def _get_rate_query(self, currency, today):
        """Return SQL for the last known rate of ``currency``, 1 if there is none."""
        return SQL(
            """
            SELECT COALESCE((
                SELECT rate.rate FROM res_currency_rate rate
                 WHERE rate.currency_id = %(currency)s AND rate.name <= %(today)s
                   AND (rate.company_id IS NULL
                        OR rate.company_id = contract.company_id)
              ORDER BY rate.company_id NULLS LAST, rate.name DESC LIMIT 1), 1) AS rate
            """,
            currency=currency,
            today=today,
        )

    def action_open_contract(self):
        self.ensure_one()
        return self.contract_id.get_formview_action()
