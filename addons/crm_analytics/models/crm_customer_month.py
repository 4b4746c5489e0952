from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain

from ..tools import cost_compare_sql
from .unchecked_many2one import UncheckedMany2one


class CrmCustomerMonth(models.Model):
    """Revenue, discount and cost of a customer in a calendar month, from its lines."""

    _name = "crm.customer.month"
    _description = "Customer Month"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "month desc, revenue desc, id"

    company_id = UncheckedMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    month = fields.Date(required=True, readonly=True)
    # first in each row what all months are read for
    revenue = fields.Monetary(readonly=True)
    contribution = fields.Monetary(
        readonly=True,
        help="Revenue less the cost of goods and the cost to serve, as far as known.",
    )
    cost_of_goods = fields.Monetary(
        readonly=True,
        help="Cost recorded on the invoiced order line, else the product's cost.",
    )
    cost_to_serve = fields.Monetary(
        readonly=True, help="Of the kinds whose application is installed."
    )
    refund_amount = fields.Monetary("Refunds", readonly=True)
    list_revenue = fields.Monetary(
        "Revenue at List Price", readonly=True, help="Before the discount of each line."
    )
    discount_amount = fields.Monetary("Discount", readonly=True)
    cost_from_orders = fields.Monetary(
        "Cost Recorded on Orders",
        readonly=True,
        help="The part of the cost of goods that was recorded when the order was made.",
    )
    revenue_without_cost = fields.Monetary(
        readonly=True, help="Revenue of lines for which no cost is known."
    )
    gross_margin = fields.Monetary(
        readonly=True, help="Revenue less the cost of goods, as far as it is known."
    )
    cost_sales = fields.Monetary(
        "Cost of Selling",
        readonly=True,
        help="Meetings, visits, activities that were done, expenses.",
    )
    cost_service = fields.Monetary(
        "Cost of Service", readonly=True, help="Work on tickets that was not billed."
    )
    cost_logistics = fields.Monetary(
        "Freight", readonly=True, help="What carriers charged for deliveries."
    )
    cost_finance = fields.Monetary(
        "Cost of Late Payment",
        readonly=True,
        help="Days paid late x amount x yearly rate of the policy.",
    )
    cost_marketing = fields.Monetary("Cost of Marketing", readonly=True)
    overdue_days_weighted = fields.Float(
        "Days Paid Late",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Of the month's documents: days after the due date, weighted by the"
        " amounts that were paid. Empty while nothing is paid.",
    )
    invoice_count = fields.Integer("Invoices", readonly=True)
    purchase_days = fields.Integer(readonly=True)
    product_count = fields.Integer("Products", readonly=True, aggregator="max")
    family_count = fields.Integer("Product Families", readonly=True, aggregator="max")
    families = fields.Char(
        "Numbers of the Families", readonly=True, help="What the breadth counts."
    )

    _month_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id, month)",
        "A customer has one row of facts a company and month.",
    )
    # what each run compares with the records of cost
    _cost_idx = models.Index(
        f"(company_id, partner_id, month) WHERE {cost_compare_sql.HAS_COMPARED}"
    )

    def action_open_costs(self):
        """Open the records whose cost sums up to the cost to serve."""
        self.ensure_one()
        run = self.env["crm.value.run"]._get_last(self.company_id)
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("date", ">=", self.month),
                ("date", "<", self.month + relativedelta(months=1)),
            ]
        )
        if run:  # what is planned after the last run has cost nothing in it
            domain &= Domain("date", "<=", run.as_of) | Domain("kind", "=", "finance")
        return self.env["crm.customer.cost"]._get_action(domain)

    def action_open_moves(self):
        """Open the documents whose untaxed amounts sum up to the revenue."""
        self.ensure_one()
        domain = self.env["account.move"]._get_customer_value_domain(
            self.company_id,
            self.partner_id,
            after=self.month - relativedelta(days=1),
            until=self.month + relativedelta(months=1, days=-1),
        )
        return self.env["crm.customer.value"]._get_moves_action(
            self.env._("Invoices of the Month"), domain
        )
