from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL


class CrmCustomerCohort(models.Model):
    """Revenue of customers by the quarter of their first purchase."""

    _name = "crm.customer.cohort"
    _description = "Customer Cohort"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _auto = False
    _rec_name = "partner_id"
    _order = "cohort, quarter"
    _depends = {
        "crm.customer.fact": ["first_date", "company_id", "partner_id"],
        "crm.customer.month": ["month", "revenue", "contribution", "invoice_count"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    industry_id = fields.Many2one(related="partner_id.industry_id")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    cohort = fields.Date("First Purchase", readonly=True)
    quarter = fields.Date("Invoiced in", readonly=True)
    age = fields.Integer(
        "Quarters Since First Purchase", readonly=True, aggregator=None
    )
    revenue = fields.Monetary(readonly=True)
    contribution = fields.Monetary(readonly=True)
    # A customer has one row a quarter, so that counting needs no sorting.
    customer_count = fields.Integer(
        "Customers", readonly=True, help="1 where an invoice was posted in the quarter."
    )

    def action_open_moves(self):
        """Open the documents whose untaxed amounts sum up to the revenue."""
        self.ensure_one()
        return self.env["crm.customer.value"]._get_period_action(
            self,
            self.env._("Invoices of the Quarter"),
            # a quarter begins with the month of the first purchase
            max(self.quarter, self.cohort) - timedelta(days=1),
            self.quarter + relativedelta(months=3, days=-1),
        )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT min(m.id) AS id, m.company_id, m.partner_id,
                   date_trunc('quarter', f.first_date)::date AS cohort,
                   date_trunc('quarter', m.month)::date AS quarter,
                   (extract(year FROM m.month) * 4 + extract(quarter FROM m.month)
                    - extract(year FROM f.first_date) * 4
                    - extract(quarter FROM f.first_date))::int AS age,
                   sum(m.revenue) AS revenue, sum(m.contribution) AS contribution,
                   -- who only cost something, or gave something back, bought nothing
                   (sum(m.invoice_count) > 0)::int AS customer_count
              FROM crm_customer_month m
              JOIN crm_customer_fact f ON f.company_id = m.company_id
               AND f.partner_id = m.partner_id
             WHERE m.month >= date_trunc('month', f.first_date)
          GROUP BY m.company_id, m.partner_id, f.first_date,
                   date_trunc('quarter', m.month),
                   extract(year FROM m.month), extract(quarter FROM m.month)"""
        )
