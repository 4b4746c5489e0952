from ast import literal_eval

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

BOUGHT_MONTHS = 24


class CrmNews(models.Model):
    """Something worth telling to some customers on their portal page."""

    _name = "crm.news"
    _description = "Customer News"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    name = fields.Char("Title", required=True, translate=True)
    summary = fields.Text(required=True, translate=True)
    body = fields.Html(translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    date_from = fields.Date(
        "Shown from", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date("Shown until")
    is_published = fields.Boolean("Published", tracking=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Not Published"),
            ("waiting", "Coming"),
            ("shown", "Shown"),
            ("over", "Over"),
        ],
        compute="_compute_state",
    )
    industry_ids = fields.Many2many(
        "res.partner.industry",
        string="Industries",
        help="Customers of these industries; empty for all.",
    )
    categ_ids = fields.Many2many(
        "product.category",
        string="Bought Product Families",
        help="Customers that bought of these families in the last 24 months; empty "
        "for all.",
    )
    value_domain = fields.Char(
        "Customer Value",
        default="[]",
        help="Condition on class, tier, recency or other figures of Customer Insight.",
    )
    campaign_id = fields.Many2one("utm.campaign")
    customer_count = fields.Integer("Customers", compute="_compute_customer_count")
    interest_ids = fields.One2many("crm.interest", "news_id", "Clicks")
    interest_count = fields.Integer("Contacts That Read It", compute="_compute_clicks")

    _dates_check = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "News cannot end before they begin.",
    )

    @api.depends("is_published", "date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for news in self:
            if not news.is_published:
                news.state = "draft"
            elif news.date_from and news.date_from > today:
                news.state = "waiting"
            elif news.date_to and news.date_to < today:
                news.state = "over"
            else:
                news.state = "shown"

    @api.depends("interest_ids")
    def _compute_clicks(self):
        rows = self.env["crm.interest"]._read_group(
            [("news_id", "in", self.ids)], ["news_id"], ["partner_id:count_distinct"]
        )
        counts = {news.id: count for news, count in rows}
        for news in self:
            news.interest_count = counts.get(news.id, 0)

    @api.depends("industry_ids", "categ_ids", "value_domain", "company_id")
    def _compute_customer_count(self):
        for news in self:  # news are few, each has its own audience
            news.customer_count = (
                self.env["res.partner"].search_count(news._get_customer_domain())
                if news.company_id
                else 0
            )

    @api.constrains("value_domain")
    def _check_value_domain(self):
        for news in self:
            try:
                news._get_value_domain().validate(self.env["crm.customer.value"].sudo())
            except (SyntaxError, ValueError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition on the customer value of %(news)s cannot be "
                        "read.",
                        news=news.name,
                    )
                ) from error

    # --- audience -----------------------------------------------------------------

    def _get_value_domain(self):
        return Domain(literal_eval(self.value_domain or "[]"))

    def _get_customer_domain(self):
        """Companies that the news are for."""
        self.ensure_one()
        domain = Domain("parent_id", "=", False) & Domain("customer_rank", ">", 0)
        if self.industry_ids:
            domain &= Domain("industry_id", "in", self.industry_ids.ids)
        if self.categ_ids:
            domain &= Domain("id", "in", self._get_buyers_query())
        value_domain = self._get_value_domain()
        if not value_domain.is_true():
            # the condition chooses customers; their figures are not shown
            values = self.env["crm.customer.value"].sudo()
            found = values._search(
                value_domain & Domain("company_id", "=", self.company_id.id)
            )
            domain &= Domain("id", "in", found.subselect("partner_id"))
        return domain

    def _get_buyers_query(self):
        """Customers with a posted invoice line of the families."""
        since = fields.Date.context_today(self) - relativedelta(months=BOUGHT_MONTHS)
        # only says who bought of a family
        moves = self.env["account.move"].sudo()
        query = moves._search(
            [
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("invoice_date", ">=", since),
                (
                    "invoice_line_ids.product_id.categ_id",
                    "child_of",
                    self.categ_ids.ids,
                ),
            ]
        )
        return query.subselect("commercial_partner_id")

    @api.model
    def _get_shown_domain(self, company):
        """News on show today in a company."""
        today = fields.Date.context_today(self)
        return (
            Domain("is_published", "=", True)
            & Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )

    @api.model
    def _find_for(self, account, company, limit=None):
        """News on show that are for a customer's company, the newest first."""
        shown = self.search(self._get_shown_domain(company))
        mine = shown.filtered(
            lambda news: account.search_count(
                news._get_customer_domain() & Domain("id", "=", account.id), limit=1
            )
        )
        return mine[:limit] if limit else mine

    # --- actions ------------------------------------------------------------------

    def action_publish(self):
        """Show the news to their customers."""
        self.is_published = True

    def action_unpublish(self):
        """Take the news from the portal."""
        self.is_published = False

    def action_open_customers(self):
        """Open the customers that see the news."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers of %(news)s", news=self.name),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                (
                    "id",
                    "in",
                    self.env["res.partner"].search(self._get_customer_domain()).ids,
                )
            ],
        }

    def action_open_clicks(self):
        """Open who read the news."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_marketing.crm_interest_action"
        )
        return action | {"domain": [("news_id", "=", self.id)], "context": {}}
