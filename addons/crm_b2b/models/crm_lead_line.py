from odoo import api, fields, models
from odoo.fields import Command


class CrmLeadLine(models.Model):
    """A product (or only its family) the deal is about, before a quotation."""

    _name = "crm.lead.line"
    _description = "Product of an opportunity"
    _order = "lead_id, sequence, id"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one("product.product", domain="[('sale_ok', '=', True)]")
    categ_id = fields.Many2one(
        "product.category",
        string="Product family",
        compute="_compute_categ_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    name = fields.Char(
        string="Description", compute="_compute_name", store=True, readonly=False
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
    )
    price_unit = fields.Float(
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        digits="Product Price",
    )
    cost_unit = fields.Float(
        string="Unit cost",
        compute="_compute_cost_unit",
        store=True,
        readonly=False,
        digits="Product Price",
        groups="sales_team.group_sale_salesman",
    )
    price_subtotal = fields.Monetary(
        string="Amount", compute="_compute_amounts", store=True
    )
    margin = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        groups="sales_team.group_sale_salesman",
    )
    currency_id = fields.Many2one(related="lead_id.company_currency")
    partner_id = fields.Many2one(related="lead_id.partner_id", store=True)
    user_id = fields.Many2one(related="lead_id.user_id", store=True)
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    won_status = fields.Selection(related="lead_id.won_status", store=True)

    _product_or_family = models.Constraint(
        "CHECK (product_id IS NOT NULL OR categ_id IS NOT NULL)",
        "Give each line a product or a product family.",
    )

    @api.depends("product_id")
    def _compute_categ_id(self):
        for line in self:
            line.categ_id = line.product_id.categ_id or line.categ_id

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            line.name = line.product_id.display_name or line.name

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id or line.product_uom_id

    @api.depends("product_id", "product_uom_id", "quantity")
    def _compute_price_unit(self):
        """Price of the customer's price list in company currency, until typed."""
        for line in self:
            if not line.product_id:
                line.price_unit = line.price_unit
                continue
            company = line.lead_id.company_id or self.env.company
            pricelist = line.lead_id.partner_id.with_company(
                company
            ).property_product_pricelist
            line.price_unit = pricelist.with_company(company)._get_product_price(
                line.product_id,
                line.quantity or 1.0,
                currency=company.currency_id,
                uom=line.product_uom_id,
            )

    @api.depends("product_id", "product_uom_id")
    def _compute_cost_unit(self):
        for line in self:
            company = line.lead_id.company_id or self.env.company
            product = line.product_id.with_company(company)
            line.cost_unit = (
                product.uom_id._compute_price(
                    product.standard_price, line.product_uom_id or product.uom_id
                )
                if product
                else line.cost_unit
            )

    @api.depends("quantity", "price_unit", "cost_unit", "lead_id.company_currency")
    def _compute_amounts(self):
        for line in self:
            currency = line.currency_id or self.env.company.currency_id
            line.price_subtotal = currency.round(line.quantity * line.price_unit)
            line.margin = line.price_subtotal - currency.round(
                line.quantity * line.cost_unit
            )

    def _prepare_order_line(self):
        """Return the values of the order line; a note where only a family is known."""
        self.ensure_one()
        if not self.product_id:
            return {
                "display_type": "line_note",
                "name": self.env._(
                    "%(family)s: %(quantity)s to be specified. %(description)s",
                    family=self.categ_id.display_name,
                    quantity=self.quantity,
                    description=self.name or "",
                ),
            }
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.price_unit,
        }


class CrmLead(models.Model):
    _inherit = "crm.lead"

    line_ids = fields.One2many("crm.lead.line", "lead_id", string="Products", copy=True)
    expected_revenue = fields.Monetary(
        compute="_compute_expected_revenue", store=True, readonly=False
    )
    lines_margin = fields.Monetary(
        string="Expected margin",
        compute="_compute_lines_margin",
        currency_field="company_currency",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("line_ids.price_subtotal")
    def _compute_expected_revenue(self):
        """The sum of the lines when there are lines, else what was typed."""
        for lead in self:
            lead.expected_revenue = (
                sum(lead.line_ids.mapped("price_subtotal"))
                if lead.line_ids
                else lead.expected_revenue
            )

    @api.depends("line_ids.margin")
    def _compute_lines_margin(self):
        for lead in self:
            lead.lines_margin = sum(lead.line_ids.mapped("margin"))

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if any(vals.get("line_ids") for vals in vals_list):
            leads._let_lines_rule()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if "expected_revenue" in vals:
            self._let_lines_rule()
        return result

    def _let_lines_rule(self):
        """An amount written beside lines is replaced by their sum."""
        self.env.add_to_compute(
            self._fields["expected_revenue"], self.filtered("line_ids")
        )

    def _prepare_opportunity_quotation_context(self):
        context = super()._prepare_opportunity_quotation_context()
        if self.line_ids:
            context["default_order_line"] = [
                Command.create(line._prepare_order_line()) for line in self.line_ids
            ]
        return context
