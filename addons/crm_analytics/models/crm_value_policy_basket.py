from odoo import fields, models


class CrmValuePolicy(models.Model):
    """What counts as bought together."""

    # By subject.
    _inherit = "crm.value.policy"  # pylint: disable=consider-merging-classes-inherited

    basket_kind = fields.Selection(
        [("order", "Confirmed order"), ("quarter", "Customer and quarter")],
        "A Basket Is",
        default="order",
        required=True,
        help="What counts as bought together: an order, or all that a customer ordered"
        " in a quarter.",
    )
    basket_services = fields.Boolean("Services Count")
    basket_left_out_ids = fields.Many2many(
        "product.category",
        string="Families Left Out",
        help="Freight, packaging and other products that say nothing about demand;"
        " families below them are left out too.",
    )

    def _get_left_out(self):
        """Families whose products are in no basket, with those below them."""
        given = self.basket_left_out_ids.ids
        families = self.env["product.category"].search([("id", "child_of", given)])
        return families.ids if given else []

    def _get_basket_rules(self):
        """What the content of the baskets depends on."""
        return self.basket_kind, self.basket_services, set(self._get_left_out())
