from odoo import fields, models

from ..tools import merge_sql
from .unchecked_many2one import UncheckedMany2one


class CrmCustomerFact(models.Model):
    """What the documents say of a customer at the as-of date of the last refresh.

    Written by ``crm.value.run`` only, in SQL; what its months add up to by the step of
    months, loyalty and churn risk by that of features. Documents are the truth: a
    rebuild gives the identical table.
    """

    _name = "crm.customer.fact"
    _description = "Customer Facts"
    _inherit = ["crm.insight.visible"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "monetary desc, id"

    company_id = UncheckedMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    first_date = fields.Date("First Purchase", readonly=True)
    last_date = fields.Date("Last Purchase", readonly=True)
    purchase_days = fields.Integer("Purchase Days Ever", readonly=True)
    revenue = fields.Monetary("Revenue Ever", readonly=True)
    frequency = fields.Integer("Purchase Days in Window", readonly=True)
    monetary = fields.Monetary("Revenue in Window", readonly=True)
    invoice_count = fields.Integer("Invoices in Window", readonly=True)
    refund_amount = fields.Monetary("Refunds in Window", readonly=True)
    monetary_previous = fields.Monetary("Revenue in Window Before", readonly=True)
    revenue_half = fields.Monetary("Revenue Last 6 Months", readonly=True)
    revenue_half_before = fields.Monetary(
        "Revenue Same 6 Months a Year Before", readonly=True
    )
    active_months = fields.Integer("Months Bought in, Last 12", readonly=True)
    cadence = fields.Float(
        "Own Cadence (days)",
        readonly=True,
        help="Median gap between purchase days over the last 24 months.",
    )
    contribution = fields.Monetary("Contribution in Window", readonly=True)
    contribution_previous = fields.Monetary(
        "Contribution in 12 Months Before", readonly=True
    )
    has_cost = fields.Boolean("Cost Is Known", readonly=True)
    contribution_half = fields.Monetary("Contribution Last 6 Months", readonly=True)
    contribution_leaving = fields.Monetary(
        "Contribution of the Month Before Them",
        readonly=True,
        help="Of it counts what the running month still lacks.",
    )
    contribution_total = fields.Monetary("Contribution Ever", readonly=True)
    revenue_months = fields.Monetary("Revenue in the Window's Months", readonly=True)
    cost_to_serve = fields.Monetary("Cost to Serve in Window", readonly=True)
    month_key = fields.Float(
        "State of the Months",
        readonly=True,
        aggregator=None,
        help="A number that differs when money came in other months.",
    )
    loyalty = fields.Float(readonly=True, aggregator="avg", digits=(16, 4))
    loyalty_parts = fields.Json(
        readonly=True, help="The components that entered the loyalty, 0 to 1."
    )
    churn_risk = fields.Float(readonly=True, aggregator="avg", digits=(16, 6))
    risk_reasons = fields.Json(
        readonly=True, help="Signal, figure, and what it adds; the strongest first."
    )

    tier = fields.Integer("Service Tier", readonly=True, aggregator=None)
    p_active = fields.Float("Probability of Being Active", readonly=True)
    lifetime_value = fields.Monetary(readonly=True)
    contract_value = fields.Monetary(readonly=True)
    lifecycle = fields.Char("Lifecycle Stage", readonly=True)
    lifecycle_since = fields.Date("In This Stage Since", readonly=True)
    feature_key = fields.Float(
        "State of the Figures",
        readonly=True,
        aggregator=None,
        help="A number of all that loyalty, risk, lifetime value and stage rest on:"
        " while it is the same they need no computing.",
    )

    _customer_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id)", "A customer has one row of facts a company."
    )
    _contract_only_idx = models.Index("(company_id) WHERE first_date IS NULL")

    def init(self):
        """A new day changes every row: on half-full pages it needs no index entries."""
        self.env.cr.execute(merge_sql.leave_room(self._table))
