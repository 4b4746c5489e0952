from collections import defaultdict
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from ..tools import content_rules


class Offer(NamedTuple):
    """A product to recommend to a customer, in the language of the contact."""

    name: str
    reason: str
    price: str
    unit: str


class CrmContentRender(models.AbstractModel):
    """Write the content of many recipients at once; no query for one of them.

    Figures of customers are read with ``sudo``: what a recipient sees is chosen by the
    rules of the blocks, and is always of the recipient's own company.
    """

    _name = "crm.content.render"
    _description = "Content per Recipient"

    @api.model
    def _render(self, mailing, partners):
        """{contact: (subject, content, [chosen blocks])} of a mailing."""
        company = mailing.mailing_company_id
        blocks = mailing.block_ids.filtered(
            lambda block: block.company_id.id in (False, company.id)
        ).sorted()
        this = self.sudo().with_company(company)
        partners = partners.sudo().with_company(company)
        rules = blocks._to_kernel()
        suggestions = this._get_suggestions(company, partners, blocks)
        chosen = this._choose(mailing, company, partners, rules, suggestions)
        prices = this._get_prices(company, partners, blocks, chosen, suggestions)
        result = {}
        for lang, group in this._group_by_lang(partners).items():
            result.update(
                this.with_context(lang=lang)._render_lang(
                    blocks.sudo().with_context(lang=lang),
                    group.with_context(lang=lang),
                    chosen,
                    suggestions,
                    prices,
                )
            )
        return result

    @api.model
    def _group_by_lang(self, partners):
        groups = defaultdict(self.env["res.partner"].browse)
        for partner in partners:
            lang = partner.lang or partner.commercial_partner_id.lang
            groups[lang or self.env.lang or "en_US"] |= partner
        return groups

    # --- facts of the batch -------------------------------------------------

    @api.model
    def _get_suggestions(self, company, partners, blocks):
        """{customer id: suggestions, the best first}."""
        blocks = blocks.filtered(lambda block: block.kind == "products")
        if not blocks:
            return {}
        suggestions = self.env["crm.customer.suggestion"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("place", "<=", max(blocks.mapped("product_count"))),
                ("product_id.active", "=", True),
                ("product_id.sale_ok", "=", True),
            ],
            order="partner_id, place, id",
        )
        return {
            partner.id: group
            for partner, group in suggestions.grouped("partner_id").items()
        }

    @api.model
    def _choose(self, mailing, company, partners, rules, suggestions):
        """{contact id: ids of the chosen blocks}."""
        month = fields.Date.context_today(self).month
        customers = partners.commercial_partner_id
        classes = dict(
            self.env["crm.customer.value"]._read_group(
                [("company_id", "=", company.id), ("partner_id", "in", customers.ids)],
                ["partner_id", "value_class"],
            )
        )
        products, categories = self._get_bought(company, customers, rules)
        chosen = {}
        for partner in partners:
            customer = partner.commercial_partner_id
            recipient = content_rules.Recipient(
                value_class=classes.get(customer) or None,
                industry=customer.industry_id.id or None,
                products=frozenset(products.get(customer.id, ())),
                categories=frozenset(categories.get(customer.id, ())),
                has_offer=bool(suggestions.get(customer.id)),
            )
            chosen[partner.id] = content_rules.choose(
                rules, recipient, month, mailing.block_limit or 1
            )
        return chosen

    @api.model
    def _get_bought(self, company, customers, rules):
        """Products and categories of the last 12 months, where a rule asks for them."""
        products, categories = defaultdict(set), defaultdict(set)
        if any(rule.products or rule.categories for rule in rules):
            since = fields.Date.context_today(self) - relativedelta(months=12)
            self.env["account.move.line"].flush_model()
            for customer, product, category in self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT m.commercial_partner_id, l.product_id, t.categ_id
                      FROM account_move m
                      JOIN account_move_line l ON l.move_id = m.id
                      JOIN product_product u ON u.id = l.product_id
                      JOIN product_template t ON t.id = u.product_tmpl_id
                     WHERE m.commercial_partner_id = ANY(%s) AND m.company_id = %s
                       AND m.move_type IN ('out_invoice', 'out_receipt')
                       AND m.state = 'posted' AND m.invoice_date >= %s""",
                    customers.ids,
                    company.id,
                    since,
                )
            ):
                products[customer].add(product)
                categories[customer].add(category)
        return products, categories

    @api.model
    def _get_prices(self, company, partners, blocks, chosen, suggestions):
        """{(customer id, product id): (price, currency)}, agreed ones first.

        One search for all frame agreements, one computation for each price list.
        """
        priced = set(
            blocks.filtered(lambda b: b.kind == "products" and b.show_prices).ids
        )
        groups = defaultdict(lambda: self.env["product.product"])
        members = defaultdict(set)
        for partner in partners:
            customer = partner.commercial_partner_id
            if priced.isdisjoint(chosen[partner.id]) or customer.id not in suggestions:
                continue
            pricelist = customer.property_product_pricelist
            groups[pricelist] |= suggestions[customer.id].product_id
            members[pricelist].add(customer.id)
        prices = {}
        for pricelist, products in groups.items():
            currency = pricelist.currency_id or company.currency_id
            for product, (price, _rule) in pricelist._get_prices_of(products).items():
                for customer_id in members[pricelist]:
                    prices[customer_id, product.id] = (price, currency)
        prices.update(self._get_frame_prices(company, members))
        return prices

    @api.model
    def _get_frame_prices(self, company, members):
        customers = set().union(*members.values()) if members else set()
        if not customers:
            return {}
        lines = self.env["sale.blanket.order.line"].search(
            [
                ("order_id.partner_id.commercial_partner_id", "in", list(customers)),
                ("order_id.state", "=", "open"),
                ("order_id.company_id", "=", company.id),
                ("remaining_qty", ">", 0),
                "|",
                ("order_id.validity_start_date", "=", False),
                ("order_id.validity_start_date", "<=", fields.Date.today()),
            ],
            order="id desc",
        )
        return {
            (line.order_id.partner_id.commercial_partner_id.id, line.product_id.id): (
                (line.product_uom or line.product_id.uom_id)._compute_price(
                    line.price_unit, line.product_id.uom_id
                ),
                line.currency_id,
            )
            for line in lines
            if line.product_id
        }

    # --- writing ------------------------------------------------------------

    @api.model
    def _render_lang(self, blocks, partners, chosen, suggestions, prices):
        bodies = {}
        for block in blocks:
            ids = [p.id for p in partners if block.id in chosen[p.id]]
            if ids:
                bodies[block.id] = block._render_field(
                    "body", ids, set_lang=self.env.lang
                )
        result = {}
        for partner in partners:
            parts = []
            own = blocks.browse(chosen[partner.id])
            for block in own:
                parts.append(Markup(bodies[block.id].get(partner.id) or ""))
                if block.kind == "products":
                    parts.append(
                        self._render_offers(block, partner, suggestions, prices)
                    )
            subject = next((block.subject for block in own if block.subject), False)
            result[partner.id] = (subject, Markup().join(parts), own.ids)
        return result

    @api.model
    def _render_offers(self, block, partner, suggestions, prices):
        customer = partner.commercial_partner_id
        offers = []
        best = suggestions[customer.id].with_context(lang=self.env.lang)
        for suggestion in best[: block.product_count]:
            product = suggestion.product_id
            price, currency = prices.get((customer.id, product.id), (None, None))
            show = block.show_prices and price is not None
            offers.append(
                Offer(
                    product.display_name,
                    suggestion._get_reason_for_customer(),
                    format_amount(self.env, price, currency) if show else "",
                    product.uom_id.name,
                )
            )
        return self.env["ir.qweb"]._render(
            "crm_marketing.recommended_products",
            {"offers": offers},
            minimal_qcontext=True,
        )
