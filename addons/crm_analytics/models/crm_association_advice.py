from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import advice, association_rules, basket_sql


class CrmAssociationAdvice(models.Model):
    """What the rules advise for a basket, and in which words."""

    # By subject.
    _inherit = "crm.association.rule"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_advice(self, company, partner, products, limit=3):
        """Pairs of product and words for a basket of the customer, the best first.

        Whoever may sell may read the counts behind the advice, hence ``sudo``.
        """
        customer = partner.commercial_partner_id._origin
        bought = set(products._origin.ids) | self._get_bought(company, customer)
        rules = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("left_id", "in", list(bought)),
                ("product_id", "not in", list(bought)),
            ],
            limit=1000,
        )
        saleable = rules.product_id.filtered(
            lambda product: (
                product.sale_ok
                and product.active
                and product.company_id.id in (False, company.id)
            )
        )
        margins = {
            product.id: product.with_company(company)._get_advice_margin()
            for product in saleable
        }
        offers = advice.advise(
            [rule._to_kernel() for rule in rules],
            bought,
            margins,
            saleable.ids,
            limit,
        )
        Product = self.env["product.product"]
        return [
            (
                Product.browse(offer.item),
                self._get_words(company, offer),
            )
            for offer in offers
        ]

    @api.model
    def _get_bought(self, company, customer):
        if not customer:
            return set()
        today = fields.Date.context_today(self)
        query = basket_sql.bought(
            company.id, today, SQL("p.commercial_partner_id = %s", customer.id)
        )
        return {product for _partner, product in self.env.execute_query(query)}

    def _to_kernel(self):
        self.ensure_one()
        left = self.left_id.ids + self.left_two_id.ids
        return association_rules.Rule(
            tuple(left),
            self.product_id.id,
            self.count,
            self.left_count,
            self.right_count,
            self.support,
            self.confidence,
            self.lift,
            self.leverage,
        )

    @api.model
    def _get_words(self, company, offer):
        """How many of the customers who buy the left side also buy the product.

        Customers of the last 12 months; where there are none, the orders of the rule.
        """
        today = fields.Date.context_today(self)
        left, product_id = list(offer.because), offer.item
        [(have, also)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE has_left),
                       count(*) FILTER (WHERE has_left AND has_right)
                  FROM (SELECT partner_id,
                               count(*) FILTER (WHERE product_id = ANY(%s)) = %s
                                   AS has_left,
                               bool_or(product_id = %s) AS has_right
                          FROM (%s) b GROUP BY partner_id) customers""",
                left,
                len(left),
                product_id,
                basket_sql.bought(
                    company.id,
                    today,
                    SQL("b.product_id = ANY(%s)", [*left, product_id]),
                ),
            )
        )
        Product = self.env["product.product"]
        names = {
            "left": self.env._(" and ").join(
                Product.browse(left).mapped("display_name")
            ),
            "product": Product.browse(product_id).display_name,
        }
        if not also and self._is_quarterly(company):
            have, also = offer.left_count, offer.count
            reason = self.env._(
                "%(also)s of %(have)s quarters of customers with %(left)s also hold"
                " %(product)s",
                also=also,
                have=have,
                **names,
            )
        elif not also:
            have, also = offer.left_count, offer.count
            reason = self.env._(
                "%(also)s of %(have)s orders with %(left)s also hold %(product)s",
                also=also,
                have=have,
                **names,
            )
        else:
            reason = self.env._(
                "%(also)s of %(have)s customers who buy %(left)s also buy %(product)s",
                also=also,
                have=have,
                **names,
            )
        return {"reason": reason, "also": also, "have": have}

    @api.model
    def _is_quarterly(self, company):
        """Whether the rules of now were counted on quarters of customers."""
        last = self.env["crm.value.run"].sudo()._get_last(company)  # no figure
        return last.policy_id.basket_kind == "quarter"

    def action_open_orders(self):
        """Open the orders of the baskets that hold all products of the rule."""
        self.ensure_one()
        rows = self.env.execute_query(
            basket_sql.orders_with(
                self.company_id.id,
                (self.left_id | self.left_two_id | self.product_id).ids,
                self._is_quarterly(self.company_id),
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "sale.order",
            "domain": [("id", "in", [row[0] for row in rows])],
            "views": [(False, "list"), (False, "form")],
        }


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_advice_margin(self):
        """Share of the list price that is left after the cost, 0 to 1."""
        self.ensure_one()
        if self.lst_price <= 0:
            return 0.0
        cost = self.sudo().standard_price  # a seller need not see the cost
        return max(0.0, 1 - cost / self.lst_price)
