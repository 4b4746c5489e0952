from odoo import models
from odoo.tools import SQL


class ProductTemplate(models.Model):
    """Months keep the product families of their documents."""

    _inherit = "product.template"

    def write(self, vals):
        moved = self.browse()
        if "categ_id" in vals:
            moved = self.filtered(
                lambda product: product.categ_id.id != vals["categ_id"]
            )
        result = super().write(vals)
        if moved:
            self.env["account.move.line"].flush_model(["move_id", "product_id"])
            variants = moved.with_context(active_test=False).product_variant_ids
            self.env["crm.customer.dirty"].sudo()._mark(  # the marks are the program's
                SQL(
                    "m.id IN (SELECT move_id FROM account_move_line"
                    " WHERE product_id = ANY(%s))",
                    variants.ids,
                )
            )
        return result
