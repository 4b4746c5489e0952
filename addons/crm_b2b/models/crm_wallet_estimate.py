from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmWalletEstimate(models.Model):
    """What a customer spends on a product family in a year, at us and elsewhere."""

    _name = "crm.wallet.estimate"
    _description = "Estimate of a customer's spending"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        check_company=True,
        domain="[('is_company', '=', True)]",
    )
    categ_id = fields.Many2one(
        "product.category", "Product Family", required=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    yearly_spend = fields.Monetary(
        required=True,
        tracking=True,
        help="In total a year, with all suppliers, in our company's currency.",
    )
    source = fields.Selection(
        [
            ("customer", "The customer said so"),
            ("visit", "Seen at a visit"),
            ("public", "Public figures"),
            ("market", "Market study"),
            ("guess", "Own estimate"),
        ],
        required=True,
        default="visit",
        tracking=True,
    )
    date = fields.Date(
        "As of", required=True, default=fields.Date.context_today, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Author",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    seller_id = fields.Many2one(
        related="partner_id.user_id", string="Salesperson", store=True, index=True
    )
    visit_id = fields.Many2one(
        "crm.visit.report", domain="[('partner_id', '=', partner_id)]"
    )
    note = fields.Char("How We Know")
    active = fields.Boolean(default=True)
    is_latest = fields.Boolean(
        "Latest", compute="_compute_is_latest", search="_search_is_latest"
    )
    is_old = fields.Boolean(
        "Old",
        compute="_compute_age",
        search="_search_is_old",
        help="Older than the settings allow: ask again.",
    )
    age_days = fields.Integer("Age (Days)", compute="_compute_age")
    invoiced = fields.Monetary(
        "Invoiced in 12 Months", compute="_compute_share", help="Net, less refunds."
    )
    share = fields.Float("Share of Customer (%)", compute="_compute_share")
    to_win = fields.Monetary("Still to Win", compute="_compute_share")

    _spend = models.Constraint(
        "CHECK (yearly_spend > 0)", "The yearly spend must be above 0."
    )

    @api.depends("partner_id", "categ_id", "date")
    def _compute_display_name(self):
        for estimate in self:
            estimate.display_name = (
                f"{estimate.partner_id.display_name}, {estimate.categ_id.display_name}"
            )

    @api.depends("date", "company_id")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for estimate in self:
            estimate.age_days = (today - estimate.date).days if estimate.date else 0
            limit = today - relativedelta(
                months=estimate.company_id.crm_b2b_wallet_months
            )
            estimate.is_old = bool(estimate.date) and estimate.date < limit

    @api.model
    def _search_is_old(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domain = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "date", "<", today - relativedelta(months=company.crm_b2b_wallet_months)
            )
            for company in self.env["res.company"].sudo().search([])
        )
        return domain if True in value else ~domain

    @api.model
    def _latest_sql(self):
        return SQL(
            """(SELECT DISTINCT ON (partner_id, categ_id, company_id) id
                  FROM crm_wallet_estimate WHERE active
                 ORDER BY partner_id, categ_id, company_id, date DESC, id DESC)"""
        )

    @api.depends("partner_id", "categ_id", "company_id", "date", "active")
    def _compute_is_latest(self):
        self.flush_model(["partner_id", "categ_id", "company_id", "date", "active"])
        latest = {row[0] for row in self.env.execute_query(self._latest_sql())}
        for estimate in self:
            estimate.is_latest = estimate._origin.id in latest

    @api.model
    def _search_is_latest(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["partner_id", "categ_id", "company_id", "date", "active"])
        domain = Domain("id", "in", self._latest_sql())
        return domain if True in value else ~domain

    @api.depends("partner_id", "categ_id", "company_id", "yearly_spend")
    def _compute_share(self):
        invoiced = self._get_invoiced()
        for estimate in self:
            amount = invoiced.get(estimate._origin.id, 0.0)
            estimate.invoiced = amount
            estimate.to_win = max(0.0, estimate.yearly_spend - amount)
            estimate.share = (
                100 * amount / estimate.yearly_spend if estimate.yearly_spend else 0.0
            )

    def _get_invoiced(self):
        """Return {estimate id: net invoiced in 12 months}, families with their own."""
        if not self._origin.ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id, sum(-l.balance)
                  FROM crm_wallet_estimate e
                  JOIN res_partner a ON a.id = e.partner_id
                  JOIN product_category g ON g.id = e.categ_id
                  JOIN account_move v
                    ON v.commercial_partner_id = a.commercial_partner_id
                   AND v.company_id = e.company_id AND v.state = 'posted'
                   AND v.move_type IN ('out_invoice', 'out_refund')
                   AND v.invoice_date > %s
                  JOIN account_move_line l ON l.move_id = v.id
                   AND l.display_type = 'product'
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN product_category c ON c.id = t.categ_id
                   AND c.parent_path LIKE g.parent_path || '%%'
                 WHERE e.id = ANY(%s)
                 GROUP BY e.id
                """,
                fields.Date.context_today(self) - relativedelta(months=12),
                self._origin.ids,
            )
        )
        return {key: float(amount) for key, amount in rows}


class ResPartner(models.Model):
    _inherit = "res.partner"

    wallet_estimate_ids = fields.One2many(
        "crm.wallet.estimate",
        "partner_id",
        groups="sales_team.group_sale_salesman",
    )
    wallet_share = fields.Float(
        "Share of Customer (%)",
        compute="_compute_wallet",
        groups="sales_team.group_sale_salesman",
        help="Invoiced in twelve months against the latest estimates of what the "
        "customer spends on these product families.",
    )
    wallet_to_win = fields.Float(
        "Still to Win",
        compute="_compute_wallet",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends_context("company")
    def _compute_wallet(self):
        estimates = self.env["crm.wallet.estimate"].search(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("is_latest", "=", True),
            ]
        )
        by_partner = estimates.grouped("partner_id")
        for partner in self:
            mine = by_partner.get(partner._origin, estimates.browse())
            spend = sum(mine.mapped("yearly_spend"))
            invoiced = sum(mine.mapped("invoiced"))
            partner.wallet_share = 100 * invoiced / spend if spend else 0.0
            partner.wallet_to_win = sum(mine.mapped("to_win"))
