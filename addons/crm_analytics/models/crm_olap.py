from odoo import fields, models
from odoo.tools import SQL

from ..tools import olap_sql
from .crm_customer_value import ABC, LIFECYCLE, TIERS, VALUE_CLASSES

ANALYST = "crm_analytics.group_analyst"


class CrmOlapDimensions(models.AbstractModel):
    """The dimensions that facts of sales, service and marketing share."""

    _name = "crm.olap.dimensions"
    _description = "Dimensions of Facts"
    _inherit = ["crm.insight.visible"]

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    date = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Family", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    territory_id = fields.Many2one("crm.territory", readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    tier = fields.Selection(TIERS, "Service Tier", readonly=True)
    abc = fields.Selection(ABC, "ABC Letter", readonly=True, groups=ANALYST)
    lifecycle = fields.Selection(LIFECYCLE, "Lifecycle Stage", readonly=True)

    def _get_stored(self, model):
        """Stored fields of a model that may not be installed."""
        return self.env["crm.customer.cost"]._get_fields(model)

    def _get_document(self):
        """Model and number of what the row counts."""
        self.ensure_one()
        return self.res_model, self.res_id

    def action_open_document(self):
        """Open what the row counts."""
        model, number = self._get_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": number,
            "views": [(False, "form")],
        }


class CrmSalesFact(models.Model):
    """What was invoiced, line by line."""

    _name = "crm.sales.fact"
    _description = "Sales Fact"
    _inherit = ["crm.olap.dimensions"]
    _auto = False
    _rec_name = "move_id"
    _order = "date desc, id desc"
    _depends = {
        "account.move": ["state", "invoice_date", "commercial_partner_id"],
        "account.move.line": ["balance", "discount", "quantity", "product_id"],
        "crm.customer.value": ["value_class", "tier", "abc", "lifecycle"],
    }

    user_id = fields.Many2one(string="Salesperson")
    move_id = fields.Many2one("account.move", "Document", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    quantity = fields.Float(readonly=True)
    revenue = fields.Monetary(readonly=True, help="Untaxed, as the ledger booked it.")
    list_revenue = fields.Monetary("Revenue at List Price", readonly=True)
    discount_amount = fields.Monetary("Discount", readonly=True)
    cost = fields.Monetary(
        "Cost of Goods",
        readonly=True,
        groups=ANALYST,
        help="Recorded on the invoiced order line, else the product's cost of today.",
    )
    margin = fields.Monetary("Gross Margin", readonly=True, groups=ANALYST)

    @property
    def _table_query(self) -> SQL:
        return olap_sql.dimensions(olap_sql.sales())

    def _get_document(self):
        self.ensure_one()
        return "account.move", self.move_id.id


class CrmServiceFact(models.Model):
    """Requests, and the work on them; empty without a service application."""

    _name = "crm.service.fact"
    _description = "Service Fact"
    _inherit = ["crm.olap.dimensions"]
    _auto = False
    _rec_name = "partner_id"
    _order = "date desc, id desc"
    _depends = {"crm.customer.value": ["value_class", "tier", "abc", "lifecycle"]}

    kind = fields.Selection(
        [("request", "Request"), ("work", "Time and Parts")], readonly=True
    )
    res_model = fields.Char("Kind of Document", readonly=True)
    res_id = fields.Many2oneReference(
        "Document Number", model_field="res_model", readonly=True, aggregator=None
    )
    request_count = fields.Integer("Requests", readonly=True)
    closed_count = fields.Integer("Solved", readonly=True)
    promise_count = fields.Integer("Promised Times", readonly=True)
    missed_count = fields.Integer("Missed Times", readonly=True)
    response_hours = fields.Float(
        "Hours to Answer", readonly=True, aggregator="avg", help="By the clock."
    )
    solution_hours = fields.Float(
        "Hours to Solution", readonly=True, aggregator="avg", help="By the clock."
    )
    rating = fields.Float(
        "Satisfaction", readonly=True, aggregator="avg", help="1 to 5, 5 is best."
    )
    work_hours = fields.Float("Hours of Work", readonly=True)
    cost = fields.Monetary("Cost of Service", readonly=True, groups=ANALYST)
    billed = fields.Monetary("To Bill", readonly=True)

    @property
    def _table_query(self) -> SQL:
        sources = []
        if requests := self._get_stored("helpdesk.ticket"):
            clocks = bool(self._get_stored("service.clock"))
            sources.append(olap_sql.requests(requests, clocks))
            if self._get_stored("service.work.line"):
                sources.append(olap_sql.service_work())
        return olap_sql.dimensions(olap_sql.together(sources, olap_sql.SERVICE_EMPTY))


class CrmMarketingFact(models.Model):
    """Mails, leads, orders and invoices by campaign, source and medium."""

    _name = "crm.marketing.fact"
    _description = "Marketing Fact"
    _inherit = ["crm.olap.dimensions"]
    _auto = False
    _rec_name = "partner_id"
    _order = "date desc, id desc"
    _depends = {
        "crm.lead": ["campaign_id", "source_id", "medium_id", "won_status"],
        "sale.order": ["campaign_id", "source_id", "medium_id", "amount_untaxed"],
        "account.move": ["campaign_id", "source_id", "medium_id", "state"],
        "crm.customer.value": ["value_class", "tier", "abc", "lifecycle"],
    }

    kind = fields.Selection(
        [
            ("mail", "Mail"),
            ("lead", "Lead"),
            ("order", "Order"),
            ("invoice", "Invoice"),
        ],
        readonly=True,
    )
    res_model = fields.Char("Kind of Document", readonly=True)
    res_id = fields.Many2oneReference(
        "Document Number", model_field="res_model", readonly=True, aggregator=None
    )
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    sent_count = fields.Integer("Mails Sent", readonly=True)
    opened_count = fields.Integer("Mails Opened", readonly=True)
    clicked_count = fields.Integer("Mails Clicked", readonly=True)
    replied_count = fields.Integer("Mails Answered", readonly=True)
    failed_count = fields.Integer("Mails Failed", readonly=True)
    lead_count = fields.Integer("Leads", readonly=True)
    won_count = fields.Integer("Deals Won", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    ordered = fields.Monetary(readonly=True)
    invoiced = fields.Monetary(readonly=True)

    @property
    def _table_query(self) -> SQL:
        sources = [
            olap_sql.campaign_leads(),
            olap_sql.campaign_orders(),
            olap_sql.campaign_invoices(),
        ]
        if self._get_stored("mailing.trace"):
            sources.append(olap_sql.mails())
        return olap_sql.dimensions(SQL(" UNION ALL ").join(sources))
