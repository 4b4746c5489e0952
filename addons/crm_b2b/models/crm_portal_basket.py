from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

LINE_LIMIT = 200


class CrmPortalBasket(models.Model):
    """What a portal user has gathered, until it becomes a request for quotation."""

    _name = "crm.portal.basket"
    _description = "Portal Basket"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(related="user_id.partner_id", string="Contact")
    line_ids = fields.One2many("crm.portal.basket.line", "basket_id")

    _user_company_uniq = models.UniqueIndex(
        "(user_id, company_id)", "A portal user has one basket for each company."
    )

    @api.model
    def _get_mine(self):
        """Return the basket of the current user, empty recordset when there is none."""
        return self.search(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )

    @api.model
    def _ensure_mine(self):
        basket = self._get_mine()
        if basket:
            return basket
        # portal users only read baskets; what is written here is all ours
        basket = self.sudo().create(
            {"user_id": self.env.uid, "company_id": self.env.company.id}
        )
        return basket.sudo(False)

    def _set_quantities(self, quantities, add=False):
        """Put {product id: quantity} into the basket; return the products left out.

        Products the user may not order are left out, a quantity of 0 removes a line.
        """
        self.ensure_one()
        premier = self.env["crm.portal.premier"]
        allowed = premier._find_products(list(quantities))
        lines = {line.product_id: line for line in self.line_ids}
        values = []
        for product in allowed:
            line = lines.get(product)
            quantity = quantities[product.id] + (line.quantity if add and line else 0)
            if line and quantity > 0:
                line.sudo().quantity = quantity  # see _ensure_mine
            elif line:
                line.sudo().unlink()
            elif quantity > 0:
                values.append(
                    {
                        "basket_id": self.id,
                        "product_id": product.id,
                        "quantity": quantity,
                    }
                )
        if len(self.line_ids) + len(values) > LINE_LIMIT:
            raise UserError(
                self.env._(
                    "A basket holds %(limit)s products at most. Please send this "
                    "request first.",
                    limit=LINE_LIMIT,
                )
            )
        self.env["crm.portal.basket.line"].sudo().create(values)
        return set(quantities) - set(allowed.ids)

    def _create_request(self, note="", reference=""):
        """Turn the basket into a draft quotation and tell the salesperson."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Your basket is empty."))
        user = self.user_id
        # the portal may not write orders; the values are ours, the text is escaped
        order = (
            self.env["sale.order"]
            .sudo()
            .with_company(self.company_id)
            .with_context(mail_create_nosubscribe=True)
            .create(self._prepare_request(reference))
        )
        order.message_post(
            body=self._prepare_request_note(note),
            author_id=user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        order.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Answer the request from the portal"),
            user_id=order.user_id.id or self.env.ref("base.user_admin").id,
        )
        self.line_ids.sudo().unlink()  # see _ensure_mine
        return order.sudo(False)

    def _prepare_request(self, reference):
        contact = self.user_id.partner_id
        seller = contact.user_id or contact.commercial_partner_id.user_id
        values = {
            "partner_id": contact.id,
            "company_id": self.company_id.id,
            "portal_request_partner_id": contact.id,
            "origin": self.env._("Portal"),
            "client_order_ref": reference[:120] or False,
            "order_line": [
                fields.Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_qty": line.quantity,
                    }
                )
                for line in self.line_ids
            ],
        }
        return values | ({"user_id": seller.id} if seller else {})

    def _prepare_request_note(self, note):
        head = self.env._(
            "%(contact)s asks for a quotation in the portal.",
            contact=self.user_id.partner_id.name,
        )
        text = note.strip()[:4000]
        return Markup("<p>%s</p>") % head + (
            Markup("<p style='white-space: pre-wrap'>%s</p>") % text
            if text
            else Markup("")
        )


class CrmPortalBasketLine(models.Model):
    _name = "crm.portal.basket.line"
    _description = "Product in a Portal Basket"
    _order = "id"

    basket_id = fields.Many2one(
        "crm.portal.basket", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    quantity = fields.Float(default=1.0, digits="Product Unit")

    _product_uniq = models.UniqueIndex(
        "(basket_id, product_id)", "A product is once in a basket."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity must be above zero."
    )
