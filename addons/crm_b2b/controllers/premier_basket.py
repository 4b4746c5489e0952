import math

from werkzeug.urls import url_encode

from odoo.exceptions import UserError
from odoo.http import request, route

from .premier import PremierPortal

MAX_QUANTITY = 1e9


class PremierBasket(PremierPortal):
    """The basket, which becomes a request for quotation."""

    @route("/my/premier/basket", type="http", auth="user", website=True, readonly=True)
    def portal_premier_basket(self, notice="", **kw):
        basket = request.env["crm.portal.basket"]._get_mine().sudo()  # own basket
        premier = request.env["crm.portal.premier"]
        lines = basket.line_ids
        # products that we stopped to offer stay visible, to be taken out
        prices = premier._get_prices(
            lines.product_id, {line.product_id.id: line.quantity for line in lines}
        )
        total = sum(
            prices[line.product_id.id]["price"] * line.quantity for line in lines
        )
        return request.render(
            "crm_b2b.portal_premier_basket",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "premier_basket",
                "lines": lines,
                "prices": prices,
                "total": total,
                "currency": next(
                    (price["currency"] for price in prices.values()),
                    request.env.company.sudo().currency_id,
                ),
                "notice": self._get_premier_notice(notice),
            },
        )

    @route(
        "/my/premier/basket/add",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_premier_add(self, product_id, quantity="1", **kw):
        arguments = {
            key: kw[key] for key in ("search", "filterby", "sortby") if kw.get(key)
        }
        product_id, quantity = self._to_number(product_id), self._to_number(quantity)
        if not product_id or not quantity or quantity < 0:
            notice = "invalid"
        else:
            notice = self._put_in_basket({int(product_id): quantity}, "added")
        page = int(self._to_number(kw.get("page")) or 1)
        return request.redirect(
            f"/my/premier/products/page/{max(page, 1)}?"
            + url_encode(arguments | {"notice": notice})
        )

    @route(
        "/my/premier/basket/save",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_premier_save(self, **kw):
        """Save the quantities (fields ``quantity_<line id>``), then maybe send."""
        basket = request.env["crm.portal.basket"]._get_mine()
        numbers = {
            line: self._to_number(kw[f"quantity_{line.id}"])
            for line in basket.line_ids.sudo()  # own basket
            if f"quantity_{line.id}" in kw
        }
        if any(number is None or number < 0 for number in numbers.values()):
            return request.redirect("/my/premier/basket?notice=invalid")
        for line, number in numbers.items():
            if number > 0:
                line.quantity = number
            else:
                line.unlink()
        if not kw.get("send"):
            return request.redirect("/my/premier/basket?notice=saved")
        return self._send_request(basket, kw)

    def _send_request(self, basket, values):
        offered = request.env["crm.portal.premier"]._find_products(
            basket.line_ids.sudo().product_id.ids  # own basket
        )
        stale = basket.line_ids.sudo().filtered(
            lambda line: line.product_id not in offered
        )
        if stale or not basket.line_ids:
            stale.unlink()
            notice = "partly" if basket.line_ids else "none"
            return request.redirect(f"/my/premier/basket?notice={notice}")
        order = basket._create_request(
            values.get("note") or "", values.get("reference") or ""
        )
        return request.redirect(f"/my/premier/orders/{order.id}?notice=sent")

    @route(
        "/my/premier/orders/<int:order_id>/again",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_premier_again(self, order_id, **kw):
        order = self._get_premier_order(order_id)
        if not order:
            raise request.not_found()
        quantities = {}
        for row in order._get_portal_lines():
            line = row["line"]
            if line.product_id and line.product_uom_qty > 0:
                quantity = line.product_uom_id._compute_quantity(
                    line.product_uom_qty, line.product_id.uom_id
                )
                quantities[line.product_id.id] = (
                    quantities.get(line.product_id.id, 0) + quantity
                )
        notice = self._put_in_basket(quantities, "again")
        return request.redirect(f"/my/premier/basket?notice={notice}")

    def _put_in_basket(self, quantities, done):
        """Add {product id: quantity}; return the notice to show."""
        basket = request.env["crm.portal.basket"]._ensure_mine()
        try:
            left_out = basket._set_quantities(quantities, add=True)
        except UserError:
            return "full"
        if not left_out:
            return done
        return "none" if left_out == set(quantities) else "partly"

    @staticmethod
    def _to_number(text):
        try:
            number = float(str(text).replace(",", "."))
        except ValueError:
            return None
        return number if math.isfinite(number) and number < MAX_QUANTITY else None
