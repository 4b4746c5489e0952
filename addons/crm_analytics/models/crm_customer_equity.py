from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import equity_sql
from .crm_customer_value import ABC, VALUE_CLASSES


class CrmMarketEstimate(models.Model):
    """How much an industry buys in a year of what we sell, from all suppliers."""

    _name = "crm.market.estimate"
    _description = "Market Volume"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    industry_id = fields.Many2one(
        "res.partner.industry", required=True, index=True, ondelete="cascade"
    )
    yearly_volume = fields.Monetary(
        required=True,
        tracking=True,
        help="Of the products that we sell, with all suppliers together.",
    )
    source = fields.Char(required=True, tracking=True, help="Where the figure stands.")
    date = fields.Date(
        "As of", required=True, default=fields.Date.context_today, tracking=True
    )

    _volume = models.Constraint(
        "CHECK (yearly_volume > 0)", "The volume of a market is above 0."
    )

    @api.depends("industry_id", "date")
    def _compute_display_name(self):
        for estimate in self:
            estimate.display_name = estimate.industry_id and self.env._(
                "%(industry)s, %(date)s",
                industry=estimate.industry_id.display_name,
                date=fields.Date.to_string(estimate.date) or "",
            )


class CrmCustomerEquity(models.Model):
    """Market share x share of customer x lifetime value, customer by customer."""

    _name = "crm.customer.equity"
    _description = "Customer Equity"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _auto = False
    _rec_name = "partner_id"
    _order = "equity desc nulls last, lifetime_value desc, id"
    _depends = {
        "crm.customer.value": ["monetary", "lifetime_value", "value_class", "as_of"],
        "crm.wallet.estimate": ["yearly_spend", "date", "categ_id", "partner_id"],
        "crm.market.estimate": ["yearly_volume", "date", "industry_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    territory_id = fields.Many2one("crm.territory", readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    abc = fields.Selection(ABC, "ABC Letter", readonly=True)
    monetary = fields.Monetary("Revenue of the Window", readonly=True)
    market_volume = fields.Monetary(
        readonly=True, aggregator=None, help="Of the customer's industry in a year."
    )
    market_basis = fields.Selection(
        [("study", "Market study"), ("accounts", "Known spending of accounts")],
        "Volume From",
        readonly=True,
    )
    market_share = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Our revenue in the industry in 12 months over the yearly volume of its"
        " market.",
    )
    yearly_spend = fields.Monetary(
        "Spends a Year", readonly=True, help="With all suppliers, in known families."
    )
    spend_date = fields.Date("Spending as of", readonly=True)
    customer_share = fields.Float("Share of Customer", readonly=True, aggregator="avg")
    lifetime_value = fields.Monetary(readonly=True)
    equity = fields.Monetary(
        "Customer Equity",
        readonly=True,
        help="Market share x share of customer x lifetime value.",
    )
    potential = fields.Monetary(
        "Value Still to Win",
        readonly=True,
        help="Lifetime value if the customer bought everything from us, less today's.",
    )

    @property
    def _table_query(self) -> SQL:
        return equity_sql.customer_equity()

    def action_open_value(self):
        """Open the customer's value with its rule and numbers."""
        self.ensure_one()
        return self.env["crm.customer.value"].browse(self.id)._get_records_action()

    def action_open_estimates(self):
        """Open what is known of the customer's spending."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Spending of %(name)s", name=self.display_name),
            "res_model": "crm.wallet.estimate",
            "domain": [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "views": [(False, "list"), (False, "form")],
            "context": {"default_partner_id": self.partner_id.id},
        }
