from odoo import api, fields, models
from odoo.tools import SQL, sql

from ..tools import product_cost_sql


class CrmProductCost(models.Model):
    """What a product cost until a day: the past keeps its cost when a price changes.

    Appended by the products when their cost changes, whatever the method of costing;
    the valuation of stock tells of changes by hand only. A wrong cost of the past is
    corrected here.
    """

    _name = "crm.product.cost"
    _description = "Former Cost of a Product"
    _log_access = False
    _rec_name = "product_id"
    _order = "day desc, id desc"

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date("Until", required=True, help="The last day of this cost.")
    cost = fields.Float(digits="Product Price", aggregator=None)

    _day_uniq = models.Constraint(
        "UNIQUE (product_id, company_id, day)",
        "A product has one cost at the end of a day.",
    )

    def init(self):
        """Begin with the history that is there."""
        if sql.table_exists(self.env.cr, "product_value"):
            self.env.cr.execute(product_cost_sql.from_valuation())

    # --- corrections: the documents of the product are judged anew --------------

    @api.model_create_multi
    def create(self, vals_list):
        costs = super().create(vals_list)
        costs._mark_customer_facts()
        return costs

    def write(self, vals):
        self._mark_customer_facts()
        result = super().write(vals)
        self._mark_customer_facts()
        return result

    def unlink(self):
        self._mark_customer_facts()
        return super().unlink()

    def _mark_customer_facts(self):
        products = self.sudo().product_id
        products._mark_customer_facts(products.ids)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        if "standard_price" not in vals:
            return super().write(vals)
        before = {product.id: product.standard_price for product in self.sudo()}
        result = super().write(vals)
        self._keep_cost(
            {
                product.id: before[product.id]
                for product in self.sudo()
                if product.standard_price != before[product.id]
            }
        )
        return result

    def _keep_cost(self, before):
        """Keep the costs of before, and mark whose months the new ones change.

        A document of today counts with the cost that the day began with. Where none was
        known, the first cost counts for the past, too.
        """
        if not before:
            return
        today = fields.Date.context_today(self)
        known = {product: cost for product, cost in before.items() if cost}
        self.env.cr.execute(
            product_cost_sql.keep(
                list(known), list(known.values()), self.env.company.id, today
            )
        )
        self._mark_customer_facts(list(known), SQL("m.invoice_date > %s", today))
        self._mark_customer_facts([key for key in before if key not in known])

    def _mark_customer_facts(self, product_ids, condition=None):
        """Mark the months of the documents that hold one of the products."""
        if product_ids:
            self.env["crm.customer.dirty"]._mark(
                SQL(
                    "%s AND m.id IN (SELECT l.move_id FROM account_move_line l"
                    " WHERE l.product_id = ANY(%s) AND l.display_type = 'product')",
                    condition or SQL("TRUE"),
                    product_ids,
                )
            )


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """Another family changes how many of them a customer bought in a month."""
        result = super().write(vals)
        if "categ_id" in vals:
            variants = self.with_context(active_test=False).product_variant_ids
            variants._mark_customer_facts(variants.ids)
        return result
