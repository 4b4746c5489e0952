from bisect import bisect_right
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import bucket_sql, months, retention
from .unchecked_many2one import UncheckedMany2one

MONTHS = 24  # month ends that are kept
KEYS = ("company_id", "partner_id", "month")


class CrmCustomerBridge(models.Model):
    """The leaking bucket: revenue of each month against a year before, by customer.

    The revenue of a month equals that of the month a year before plus gained,
    regained and grown, less shrunk and lost; the differences add up exactly. Written by
    the refresh: looking at it computes nothing.
    """

    _name = "crm.customer.bridge"
    _description = "Leaking Bucket"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "month, kind, id"

    company_id = UncheckedMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    month = fields.Date(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("gained", "Gained"),
            ("regained", "Regained"),
            ("grown", "Grown"),
            ("shrunk", "Shrunk"),
            ("lost", "Lost"),
        ],
        readonly=True,
    )
    revenue = fields.Monetary(
        "Revenue, 12 Months", readonly=True, help="Of the 12 months up to this one."
    )
    revenue_before = fields.Monetary("Revenue, 12 Months Before", readonly=True)
    change = fields.Monetary(readonly=True)
    retained = fields.Monetary(
        readonly=True,
        help="The part of the revenue before that stayed: divided by the revenue before"
        " it is the gross retention.",
    )
    margin = fields.Monetary(
        "Margin, 12 Months",
        readonly=True,
        help="Revenue less the cost of goods, as far as it is known.",
    )
    margin_before = fields.Monetary("Margin, 12 Months Before", readonly=True)
    margin_change = fields.Monetary("Change of Margin", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True)

    _month_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id, month)",
        "A customer stands once in the bucket of a month.",
    )
    _month_idx = models.Index("(company_id, month, kind)")

    def action_open_months(self):
        """Open the months whose gross margins sum up to the margin."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("month", ">=", months.shift(self.month, -11)),
            ("month", "<=", self.month),
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Margin of 12 Months"),
            "res_model": "crm.customer.month",
            "view_mode": "list,form",
            "domain": domain,
        }

    def action_open_moves(self):
        """Open the documents whose untaxed amounts sum up to the revenue."""
        self.ensure_one()
        day = timedelta(days=1)
        return self.env["crm.customer.value"]._get_period_action(
            self,
            self.env._("Invoices of 12 Months"),
            months.shift(self.month, -11) - day,
            months.shift(self.month, 1) - day,
        )

    @api.model
    def _update_bridge(self, run):
        """Bring the last month ends to the monthly facts; the rows written.

        An incremental run computes the customers that changed, and all customers for
        month ends that are new.
        """
        if run.kind != "incremental":
            return self._update_all(run)
        company = run.company_id.id
        first, last = self._get_span(run)
        everything = SQL("t.company_id = %s", company)
        run._run_sql(
            SQL(
                "DELETE FROM crm_customer_bridge WHERE company_id = %s"
                " AND (month < %s OR month > %s)",
                company,
                first,
                last,
            )
        )
        missing = self._get_missing(run, first, last)
        written = 0
        if missing:
            query = bucket_sql.revenue_bridge(company, min(missing), last)
            scope = SQL("%s AND t.month >= %s", everything, min(missing))
            written += self._merge_bridge(run, query, scope)
        query = bucket_sql.revenue_bridge(
            company, first, last, run._get_marked(SQL("m.partner_id"))
        )
        scope = SQL("%s AND %s", everything, run._get_marked(SQL("t.partner_id")))
        return written + self._merge_bridge(run, query, scope)

    @api.model
    def _update_all(self, run):
        """Every month end of every customer; the rows written."""
        company = run.company_id.id
        query = bucket_sql.revenue_bridge(company, *self._get_span(run))
        return self._merge_bridge(run, query, SQL("t.company_id = %s", company))

    @api.model
    def _get_span(self, run):
        """First days of the first and the last month that are kept."""
        last = run.as_of.replace(day=1)
        return months.shift(last, 1 - MONTHS), last

    @api.model
    def _get_missing(self, run, first, last):
        """Month ends without a row."""
        rows = self.env.execute_query(
            SQL(
                "SELECT month FROM unnest(%s::date[]) month WHERE NOT EXISTS ("
                "SELECT FROM crm_customer_bridge b WHERE b.company_id = %s"
                " AND b.month = month.month)",
                [months.shift(last, -back) for back in range(MONTHS)],
                run.company_id.id,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _merge_bridge(self, run, query, scope):
        return run._merge(
            "crm_customer_bridge", query, KEYS, bucket_sql.BRIDGE_COLUMNS, scope
        )


class CrmCustomerFlow(models.Model):
    """Who was gained, lost and regained, and when: customers as the bucket's water.

    The changes up to a day add up to the customers of that day.
    """

    _name = "crm.customer.flow"
    _description = "Customers Gained and Lost"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "date desc, id desc"

    company_id = UncheckedMany2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(
        [("gained", "Gained"), ("regained", "Regained"), ("lost", "Lost")],
        required=True,
        readonly=True,
        help="Lost: twice its cadence, and at least six months, without a purchase.",
    )
    change = fields.Integer("Customers", readonly=True, help="1, or -1 when lost.")

    _event_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id, date, kind)",
        "A customer is gained or lost once on a day.",
    )
    _date_idx = models.Index("(company_id, date)")

    def action_open_moves(self):
        """Open the purchases up to the day: the last ones decide."""
        self.ensure_one()
        return self.env["crm.customer.value"]._get_period_action(
            self, self.env._("Purchases Up to the Day"), None, self.date, True
        )

    @api.model
    def _update_flow(self, run):
        """Bring the events to the documents; the rows written."""
        company = run.company_id.id
        condition, scope = None, SQL("t.company_id = %s", company)
        last = run._get_last(run.company_id)
        known = self.search_count([("company_id", "=", company)], limit=1)
        if run.kind == "incremental" and known and last.as_of <= run.as_of:
            changes = run._get_marked
            if last.as_of < run.as_of:  # time may have lost some more
                changes = partial(self._get_changed, run)
            condition = changes(SQL("m.commercial_partner_id"))
            changed = changes(SQL("t.partner_id"))
            scope = SQL("%s AND %s", scope, changed)
        return run._merge(
            "crm_customer_flow",
            bucket_sql.customer_flow(company, run.as_of, condition),
            ("company_id", "partner_id", "date", "kind"),
            bucket_sql.FLOW_COLUMNS,
            scope,
        )

    @api.model
    def _get_changed(self, run, column):
        """Customers with changed documents, and those that time may have lost."""
        return SQL(
            """(%s OR %s IN (
                SELECT f.partner_id FROM crm_customer_fact f
                 WHERE f.company_id = %s AND f.last_date < %s
                   AND NOT EXISTS (SELECT FROM crm_customer_flow w
                                    WHERE w.company_id = f.company_id
                                      AND w.partner_id = f.partner_id
                                      AND w.kind = 'lost'
                                      AND w.date > f.last_date)))""",
            run._get_marked(column),
            column,
            run.company_id.id,
            run.as_of - timedelta(days=bucket_sql.MIN_GAP - 1),
        )

    @api.model
    def _get_table(self, company, borders):
        """Opening, gained, regained, lost and closing of the periods of ``borders``.

        :param borders: ascending first days of months, one more than there are periods
        :return: :class:`~..tools.retention.Bridge`
        """
        here = Domain("company_id", "=", company.id)
        before = here & Domain("date", "<", borders[0])
        [(opening,)] = self._read_group(before, [], ["change:sum"])
        rows = self._read_group(
            here & Domain("date", ">=", borders[0]) & Domain("date", "<", borders[-1]),
            ["date:month", "kind"],
            ["__count"],
        )
        counts = {
            kind: [0] * (len(borders) - 1) for kind in ("gained", "regained", "lost")
        }
        for month, kind, count in rows:
            counts[kind][bisect_right(borders, month) - 1] += count
        return retention.balance(opening or 0, **counts)
