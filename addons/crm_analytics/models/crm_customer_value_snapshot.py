from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import append_only_sql
from .crm_customer_value import ABC, VALUE_CLASSES

COPIED = (
    "company_id",
    "partner_id",
    "as_of",
    "recency",
    "frequency",
    "monetary",
    "cell",
    "group_id",
    "contribution",
    "abc",
    "loyalty",
    "churn_risk",
    "value_class",
)


class CrmCustomerValueSnapshot(models.Model):
    """The values at the end of a month, kept for good.

    No uniqueness on the customer: when customers are merged, both histories stay
    and add up under the customer that remains.
    """

    _name = "crm.customer.value.snapshot"
    _description = "Customer Value at Month End"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "date desc, monetary desc, id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="set null"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    date = fields.Date("Month End", required=True, readonly=True)
    as_of = fields.Date(
        "Valued As Of",
        readonly=True,
        help="The month end; of values kept by earlier versions the day of the run.",
    )
    policy_id = fields.Many2one("crm.value.policy", readonly=True)
    recency = fields.Integer("Recency (days)", readonly=True, aggregator="avg")
    frequency = fields.Integer(readonly=True, aggregator="avg")
    monetary = fields.Monetary(readonly=True)
    cell = fields.Char("RFM", readonly=True)
    group_id = fields.Many2one("crm.rfm.group", "RFM Group", readonly=True)
    contribution = fields.Monetary(readonly=True, groups="crm_analytics.group_analyst")
    abc = fields.Selection(
        ABC, "ABC Letter", readonly=True, groups="crm_analytics.group_analyst"
    )
    loyalty = fields.Float(readonly=True, aggregator="avg")
    churn_risk = fields.Float("Risk of Leaving", readonly=True, aggregator="avg")
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)

    _date_idx = models.Index("(company_id, date)")
    _partner_idx = models.Index("(partner_id, date)")

    def init(self):
        free = ("partner_id", "policy_id", "group_id")
        self.env.cr.execute(append_only_sql.guard(self._table, free))

    def write(self, vals):
        if self:
            raise UserError(
                self.env._(
                    "Month-end values are kept as they were and cannot be changed."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Month-end values are kept for good."))

    @api.model
    def _take(self, run):
        """Keep the values of ``run`` when it is of a month end that is over, once.

        :meth:`_get_missing_month_ends` of runs brings the values to each month end.
        """
        date = run.as_of
        if not run._is_month_end(date):
            return 0
        if self.search_count(
            [("company_id", "=", run.company_id.id), ("date", "=", date)], limit=1
        ):
            return 0
        columns = SQL(", ").join(map(SQL.identifier, COPIED))
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO crm_customer_value_snapshot (date, policy_id, %s)"
                " SELECT %s, %s, %s"
                " FROM crm_customer_value WHERE company_id = %s RETURNING id",
                columns,
                date,
                run.policy_id.id,
                columns,
                run.company_id.id,
            )
        )
        return len(rows)
