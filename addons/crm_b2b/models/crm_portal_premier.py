from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OPEN_PAYMENT_STATES = ("not_paid", "partial")


class CrmPortalPremier(models.AbstractModel):
    """What the premier page knows of the customer's company.

    Documents are always searched as the current user, so that the record rules (and
    the rights of the contact) decide; ``sudo`` is used for products, prices and the
    names of our people, which a portal user cannot read as records.
    """

    _name = "crm.portal.premier"
    _description = "Portal Premier Page"

    @api.model
    def _get_account(self):
        return self.env.user.partner_id.commercial_partner_id

    # -- documents ----------------------------------------------------------------

    @api.model
    def _get_order_domain(self):
        """Orders, quotations, and requests the customer made; no drafts of ours."""
        return Domain("partner_id", "child_of", self._get_account().id) & (
            Domain("state", "in", ("sent", "sale", "cancel"))
            | Domain("state", "=", "draft")
            & Domain("portal_request_partner_id", "!=", False)
        )

    @api.model
    def _get_invoice_domain(self):
        return Domain(
            [
                ("commercial_partner_id", "=", self._get_account().id),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "posted"),
            ]
        )

    @api.model
    def _get_overdue_domain(self):
        return self._get_invoice_domain() & Domain(
            [
                ("move_type", "!=", "out_refund"),
                ("payment_state", "in", OPEN_PAYMENT_STATES),
                ("invoice_date_due", "<", fields.Date.context_today(self)),
            ]
        )

    @api.model
    def _get_quotation_domain(self):
        """Quotations that wait for the customer's answer."""
        return self._get_order_domain() & Domain(
            [
                ("state", "=", "sent"),
                "|",
                ("validity_date", "=", False),
                ("validity_date", ">=", fields.Date.context_today(self)),
            ]
        )

    # -- people -------------------------------------------------------------------

    @api.model
    def _get_team(self):
        """Rows (user, role) of our people who look after the account.

        Other addons add theirs; a person is shown once, with the first role.
        """
        partner = self.env.user.partner_id
        account = self._get_account()
        seller = partner.user_id or account.user_id
        rows = [(seller, self.env._("Your salesperson"))]
        team = seller.sudo().sale_team_id
        rows.append((team.user_id, self.env._("Head of the sales team")))
        return rows

    @api.model
    def _prepare_team(self):
        seen, people = set(), []
        for user, role in self._get_team():
            user = user.sudo()  # name, picture and phone of staff, nothing else
            if not user or user.id in seen or user._is_public() or not user.active:
                continue
            seen.add(user.id)
            people.append(
                {
                    "name": user.name,
                    "role": role,
                    "phone": user.phone,
                    "email": user.email,
                    "avatar": user.avatar_128,
                }
            )
        return people

    # -- products -----------------------------------------------------------------

    @api.model
    def _get_bought_domain(self, by_company=False):
        """Products on orders that the user may see, or of the user's whole company.

        Which products the company buys is no secret among its contacts; quantities,
        days and prices of orders are.
        """
        Line = self.env["sale.order.line"]
        lines = (Line.sudo() if by_company else Line)._search(
            [
                ("order_id.partner_id", "child_of", self._get_account().id),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "sale"),
                ("is_downpayment", "=", False),
            ]
        )
        return Domain("id", "in", lines.subselect("product_id"))

    @api.model
    def _get_frame_domain(self):
        # agreements of the own company, which the portal cannot read by itself
        lines = self.env.user.partner_id.sudo()._get_frame_lines()
        return Domain("id", "in", lines.product_id.ids)

    @api.model
    def _get_priced_domain(self):
        """Products for which the customer's price list has a rule of their own."""
        pricelist = self._get_pricelist()
        rules = pricelist.sudo().item_ids.filtered(
            lambda rule: rule.applied_on != "3_global"
        )
        return (
            Domain("id", "in", rules.product_id.ids)
            | Domain(
                "product_tmpl_id",
                "in",
                rules.filtered(lambda rule: not rule.product_id).product_tmpl_id.ids,
            )
            | (
                Domain("categ_id", "child_of", rules.categ_id.ids)
                if rules.categ_id
                else Domain.FALSE
            )
        )

    @api.model
    def _get_product_filters(self):
        """{key: domain} of the choices of the product page."""
        frame = self._get_frame_domain()
        agreed = frame | self._get_priced_domain()
        return {
            "all": agreed | self._get_bought_domain(by_company=True),
            "bought": self._get_bought_domain(),
            "frame": frame,
        }

    @api.model
    def _get_product_domain(self, filterby="all", search=""):
        domain = Domain(
            [
                ("sale_ok", "=", True),
                ("active", "=", True),
                ("company_id", "in", [False, self.env.company.id]),
            ]
        )
        domain &= self._get_product_filters()[filterby]
        for word in (search or "").split():
            domain &= Domain("name", "ilike", word) | Domain(
                "default_code", "ilike", word
            )
        return domain

    @api.model
    def _find_products(self, product_ids):
        """Those of the products which the customer may order."""
        return (
            self.env["product.product"]
            .sudo()  # the domain says what the customer may know
            .search(self._get_product_domain() & Domain("id", "in", product_ids))
        )

    @api.model
    def _get_pricelist(self):
        partner = self.env.user.partner_id.with_company(self.env.company)
        return partner.sudo().property_product_pricelist

    @api.model
    def _get_prices(self, products, quantities=None):
        """{product id: price, currency, frame_line} at the customer's conditions."""
        currency = self._get_pricelist().currency_id or self.env.company.currency_id
        # own prices, from price lists that the portal cannot read by itself
        prices = self.env.user.partner_id.sudo()._get_customer_prices(
            products.sudo(), quantities
        )
        return {
            product.id: {"price": price, "currency": currency, "frame_line": frame}
            for product, (price, frame) in prices.items()
        }

    @api.model
    def _get_last_orders(self, products):
        """{product id: day of the last order}."""
        lines = self.env["sale.order.line"]._search(
            [
                ("order_id.partner_id", "child_of", self._get_account().id),
                ("state", "=", "sale"),
                ("product_id", "in", products.ids),
            ]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.product_id, MAX(o.date_order)
                  FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
                 WHERE l.id IN %s GROUP BY l.product_id
                """,
                lines.subselect(),
            )
        )
        return dict(rows)
