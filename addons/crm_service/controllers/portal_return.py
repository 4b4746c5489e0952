from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .portal import ServicePortal, read_uploads


class ServiceReturnPortal(ServicePortal):
    """Returns of a customer: the list, one with its status, and asking for one."""

    @http.route(
        ["/my/returns", "/my/returns/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_returns(self, page=1, search=None, **kw):
        return request.render(
            "crm_service.portal_my_returns", self._service_list("returns", page, search)
        )

    @http.route(
        "/my/returns/<int:return_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_return(self, return_id, **kw):
        return self._service_page(
            "returns", return_id, "crm_service.portal_return_page"
        )

    @http.route(
        "/my/returns/<int:return_id>/slip", type="http", auth="user", website=True
    )
    def portal_my_return_slip(self, return_id, **kw):
        case = self._service_record("returns", return_id)
        if not case or case.state in ("draft", "cancelled") or case.no_receipt:
            return request.redirect("/my")
        return self._show_report(
            case.sudo(),  # the slip names products and numbers of the own return
            "pdf",
            "crm_service.report_service_return",
            download=True,
        )

    # -- asking for a return ---------------------------------------------------------

    def _return_source(self, model, record_id):
        """Return the order or product the user may read, None if he may not."""
        if not record_id or not str(record_id).isdigit():
            return None
        record = request.env[model].browse(int(record_id))
        try:
            record.check_access("read")
        except (AccessError, MissingError):
            return None
        return record.exists() or None

    def _return_values(self, order_id, asset_id, **values):
        order = self._return_source("sale.order", order_id)
        asset = self._return_source("service.asset", asset_id)
        if (order_id and not order) or (asset_id and not asset):
            return None
        choices = request.env["service.return"]._get_portal_choices(
            request.env.user, order=order, asset=asset
        )
        return self._prepare_portal_layout_values() | {
            "page_name": "service_return_new",
            "choices": choices,
            "order_id": order and order.id,
            "asset_id": asset and asset.id,
            "error": None,
            "post": {},
            **values,
        }

    @http.route(
        "/my/returns/new", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_return_new(self, order_id=None, asset_id=None, **kw):
        values = self._return_values(order_id, asset_id)
        if values is None:
            return request.redirect("/my")
        return request.render("crm_service.portal_return_new", values)

    @http.route(
        "/my/returns/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_return_create(self, order_id=None, asset_id=None, **post):
        values = self._return_values(order_id, asset_id, post=post)
        if values is None:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                case = request.env["service.return"]._create_from_portal(
                    request.env.user,
                    self._return_quantities(post),
                    (post.get("reason") or "").strip()[:5000],
                    values["choices"],
                    (post.get("reference") or "").strip()[:100],
                    read_uploads("photos"),
                )
        except UserError as problem:
            values["error"] = str(problem)
            return request.render("crm_service.portal_return_new", values)
        return request.redirect(f"/my/returns/{case.id}?created=1")

    @http.route(
        "/my/returns/<int:return_id>/photos/<int:photo_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_return_photo(self, return_id, photo_id, small=None, **kw):
        """One file of a return that the user may read, by no token at all."""
        case = self._service_record("returns", return_id)
        photo = case and case._get_photos().filtered(lambda p: p.id == photo_id)
        if not photo:
            raise request.not_found()
        binary = request.env["ir.binary"]
        stream = (
            binary._get_image_stream_from(photo, "raw", width=288, height=224)
            if small
            else binary._get_stream_from(photo, "raw")
        )
        return stream.get_response()

    @http.route(
        "/my/returns/<int:return_id>/photos",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_return_photos(self, return_id, **post):
        """More pictures for a return that is still open."""
        case = self._service_record("returns", return_id)
        if not case:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                if not case._accepts_photos():
                    raise UserError(request.env._("This return is closed."))
                case._add_photos(request.env.user, read_uploads("photos"))
        except UserError as problem:
            return self._service_page(
                "returns",
                return_id,
                "crm_service.portal_return_page",
                error=str(problem),
            )
        return request.redirect(f"/my/returns/{return_id}#photos")

    def _return_quantities(self, post):
        """Return {key of a choice: quantity} of what was filled in."""
        quantities = {}
        for name, text in post.items():
            if not name.startswith("quantity_") or not text:
                continue
            try:
                quantity = float(text.replace(",", "."))
            except ValueError:
                raise UserError(
                    request.env._("%(text)s is not a quantity.", text=text)
                ) from None
            if quantity < 0 or quantity != quantity or quantity == float("inf"):
                raise UserError(request.env._("%(text)s is not a quantity.", text=text))
            if quantity:
                quantities[name.removeprefix("quantity_")] = quantity
        return quantities
