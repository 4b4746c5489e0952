from datetime import datetime, time

from odoo import api, models

from ..tools import demo_plan, demo_prices


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _build_price_lists(self, plan, refs):
        """List prices of each half year, and a price list for each discount."""
        discounts = {}
        for customer in plan.customers:
            key = self._get_pricelist_key(customer)
            plain = key == f"pricelist_{customer.currency}"
            discount = demo_plan.PATTERNS[customer.kind].discount
            discounts[key] = (0 if plain else discount, customer.currency)
        self._ensure(
            "product.pricelist",
            {
                key: {
                    "name": f"{discount:g} % off list, {currency}",
                    "currency_id": refs["currencies"][currency],
                    "company_id": self.env.company.id,
                }
                for key, (discount, currency) in discounts.items()
                if discount
            },
            refs,
        )
        self.env["product.pricelist.item"].create(
            [
                self._prepare_price_rule(refs[key], rule, refs)
                for key, (discount, _currency) in discounts.items()
                for rule in demo_prices.build_rules(discount, plan.today)
            ]
        )
        for customer in plan.customers:
            partner = self.env["res.partner"].browse(refs[f"partner_{customer.key}"])
            pricelist = refs[self._get_pricelist_key(customer)]
            partner.property_product_pricelist = pricelist

    @api.model
    def _get_pricelist_key(self, customer):
        discount = demo_plan.PATTERNS[customer.kind].discount
        return demo_prices.group_key(customer.kind, discount, customer.currency)

    @api.model
    def _prepare_price_rule(self, pricelist, rule, refs):
        scope = {"applied_on": "3_global"}
        if rule.services:
            scope = {
                "applied_on": "2_product_category",
                "categ_id": refs["family_services"],
            }
        return scope | {
            "pricelist_id": pricelist,
            "compute_price": "percentage",
            "percent_price": rule.percent,
            "date_start": datetime.combine(rule.first, time.min),
            "date_end": datetime.combine(rule.last, time.max.replace(microsecond=0)),
        }

    @api.model
    def _link_frame_orders(self, agreements):
        """Orders of this half year at the agreed price are calls off the agreement."""
        Line = self.env["sale.order.line"]
        kept = [
            Line._fields[name]
            for name in ("price_unit", "technical_price_unit", "discount", "tax_ids")
        ]
        for agreed in agreements.line_ids:
            order = agreed.order_id
            sold = Line.search(
                [
                    ("order_id.partner_id", "=", order.partner_id.id),
                    ("product_id", "=", agreed.product_id.id),
                    ("state", "=", "sale"),
                    ("currency_id", "=", order.currency_id.id),
                    ("order_id.date_order", ">=", order.validity_start_date),
                ]
            )
            called = sold.filtered(
                lambda line, agreed=agreed: (
                    abs(line.price_unit * (1 - line.discount / 100) - agreed.price_unit)
                    < 0.005
                )
            )
            # the price is the agreed one already, and partly invoiced
            with self.env.protecting(kept, called):
                called.blanket_order_line = agreed
