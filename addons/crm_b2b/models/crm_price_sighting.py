from odoo import api, fields, models


class CrmPriceSighting(models.Model):
    """A price of a competitor, seen or heard, with source and date."""

    _name = "crm.price.sighting"
    _description = "Price of a competitor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    competitor_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
        domain="[('is_competitor', '=', True)]",
    )
    partner_id = fields.Many2one("res.partner", string="Seen at customer", index=True)
    lead_id = fields.Many2one("crm.lead", string="Opportunity", index="btree_not_null")
    product_id = fields.Many2one("product.product", string="Our product")
    categ_id = fields.Many2one(
        "product.category",
        string="Product family",
        compute="_compute_categ_id",
        store=True,
        readonly=False,
    )
    price = fields.Monetary(string="Price per unit", required=True, tracking=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
    )
    our_price = fields.Monetary(
        compute="_compute_our_price",
        help="List price of our product in the same unit and currency, today.",
    )
    gap = fields.Float(
        string="Against ours",
        compute="_compute_our_price",
        help="Their price against ours: -0.1 is ten percent below us.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    source = fields.Selection(
        [
            ("customer", "Customer said so"),
            ("document", "Seen in a document"),
            ("public", "Public price"),
            ("other", "Other"),
        ],
        required=True,
        default="customer",
    )
    note = fields.Text()
    user_id = fields.Many2one(
        "res.users", string="Reported by", default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    @api.depends("competitor_id", "product_id", "categ_id", "date")
    def _compute_name(self):
        for sighting in self:
            what = sighting.product_id.display_name or sighting.categ_id.display_name
            parts = (sighting.competitor_id.name, what)
            sighting.name = " - ".join(part for part in parts if part)

    @api.depends("name")
    def _compute_display_name(self):
        for sighting in self:
            sighting.display_name = sighting.name

    @api.depends("product_id")
    def _compute_categ_id(self):
        for sighting in self:
            sighting.categ_id = sighting.product_id.categ_id or sighting.categ_id

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for sighting in self:
            sighting.product_uom_id = (
                sighting.product_id.uom_id or sighting.product_uom_id
            )

    @api.depends("product_id", "product_uom_id", "currency_id", "price")
    def _compute_our_price(self):
        today = fields.Date.context_today(self)
        for sighting in self:
            product = sighting.product_id.with_company(sighting.company_id)
            price = product.uom_id._compute_price(
                product.list_price, sighting.product_uom_id or product.uom_id
            )
            company = sighting.company_id or self.env.company
            ours = company.currency_id._convert(
                price, sighting.currency_id or company.currency_id, company, today
            )
            sighting.our_price = ours
            sighting.gap = sighting.price / ours - 1 if ours else 0.0
