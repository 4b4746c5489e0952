from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.service_upload import LIMITS

#: What a customer may list: route name -> model, order, fields to search.
PAGES = {
    "assets": ("service.asset", "name, id", ("name", "code", "lot_id")),
    "visits": ("service.visit", "date_start desc, id desc", ("name", "summary")),
    "solutions": ("service.article", "used_count desc, id desc", ("search_text",)),
    "returns": (
        "service.return",
        "date desc, id desc",
        ("name", "reason", "customer_reference"),
    ),
}


def read_uploads(name):
    """Return [(name, content)] of the files sent, read to just beyond the limits.

    They can be read again by who stores them.
    """
    uploads = []
    for file in request.httprequest.files.getlist(name)[: LIMITS.number + 1]:
        if file.filename:
            uploads.append((file.filename[:200], file.read(LIMITS.size + 1)))
            file.seek(0)
    return uploads


class ServicePortal(CustomerPortal):
    """Installed products, visits and solutions of a customer.

    Record rules decide what is seen; there are no access tokens, so that a link that
    was passed on shows nothing to somebody else.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for name, (model, _order, _fields) in PAGES.items():
            counter = f"service_{name}_count"
            if counter in counters:
                values[counter] = self._service_count(model)
        return values

    def _service_count(self, model):
        records = request.env[model]
        return records.search_count([]) if records.has_access("read") else 0

    def _service_search(self, name, search):
        _model, _order, names = PAGES[name]
        if not search:
            return Domain.TRUE
        words = search.split()[:8]
        return Domain.AND(
            Domain.OR(self._service_match(field, word) for field in names)
            for word in words
        )

    def _service_match(self, field, word):
        if field == "lot_id":
            # the number stands on the customer's machine, the lot itself is ours
            return Domain("lot_id", "any!", [("name", "ilike", word)])
        return Domain(field, "ilike", word)

    def _service_list(self, name, page, search, extra=None):
        """Return the values of a list page."""
        model, order, _fields = PAGES[name]
        values = self._prepare_portal_layout_values()
        records = request.env[model]
        domain = self._service_search(name, search) & (extra or Domain.TRUE)
        total = records.search_count(domain)
        pager = portal_pager(
            url=f"/my/{name}",
            url_args={"search": search} if search else {},
            total=total,
            page=page,
            step=self._items_per_page,
        )
        values.update(
            {
                "page_name": f"service_{name}",
                "records": records.search(
                    domain,
                    order=order,
                    limit=self._items_per_page,
                    offset=pager["offset"],
                ),
                "pager": pager,
                "default_url": f"/my/{name}",
                "search": search or "",
                "total": total,
            }
        )
        return values

    def _service_record(self, name, record_id):
        """Return the record if the user may read it, else None."""
        try:
            record = request.env[PAGES[name][0]].browse(record_id).exists()
            if not record:
                return None
            record.check_access("read")
        except (AccessError, MissingError):
            return None
        return record

    def _service_page(self, name, record_id, template, **extra):
        record = self._service_record(name, record_id)
        if not record:
            return request.redirect("/my")
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": f"service_{name}",
                "record": record,
                # shown as text; rules were asked for the record itself
                "record_sudo": record.sudo(),
                **extra,
            }
        )
        return request.render(template, values)

    @http.route(
        ["/my/assets", "/my/assets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_assets(self, page=1, search=None, **kw):
        return request.render(
            "crm_service.portal_my_assets", self._service_list("assets", page, search)
        )

    @http.route(
        "/my/assets/<int:asset_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_asset(self, asset_id, **kw):
        visits = request.env["service.visit"].search(
            [("asset_ids", "in", [asset_id])], order="date_start desc", limit=20
        )
        tickets = request.env["helpdesk.ticket"].search(
            [("asset_id", "=", asset_id)], order="id desc", limit=20
        )
        return self._service_page(
            "assets",
            asset_id,
            "crm_service.portal_asset_page",
            visits=visits,
            tickets=tickets,
        )

    @http.route(
        ["/my/visits", "/my/visits/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_visits(self, page=1, search=None, **kw):
        return request.render(
            "crm_service.portal_my_visits", self._service_list("visits", page, search)
        )

    @http.route(
        "/my/visits/<int:visit_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_visit(self, visit_id, **kw):
        return self._service_page("visits", visit_id, "crm_service.portal_visit_page")

    @http.route(
        "/my/visits/<int:visit_id>/report", type="http", auth="user", website=True
    )
    def portal_my_visit_report(self, visit_id, **kw):
        visit = self._service_record("visits", visit_id)
        if not visit or visit.state != "done":
            return request.redirect("/my")
        return self._show_report(
            visit.sudo(),  # the report names products and prices of the own visit
            "pdf",
            "crm_service.report_service_visit",
            download=True,
        )

    @http.route(
        ["/my/solutions", "/my/solutions/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_solutions(self, page=1, search=None, **kw):
        values = self._service_list("solutions", page, search)
        if search and page == 1:
            # likeness finds what is written in other words
            found = request.env["service.article"].suggest(search, limit=10)
            alike = request.env["service.article"].browse(row["id"] for row in found)
            values["records"] = (alike | values["records"])[: self._items_per_page]
        return request.render("crm_service.portal_my_solutions", values)

    @http.route(
        "/my/solutions/<int:article_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_solution(self, article_id, **kw):
        return self._service_page(
            "solutions", article_id, "crm_service.portal_solution_page"
        )

    @http.route(
        "/my/solutions/<int:article_id>/vote",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_solution_vote(self, article_id, helpful="1", **kw):
        article = self._service_record("solutions", article_id)
        if not article:
            return request.redirect("/my")
        # one vote a session: a reload does not count again
        voted = request.session.get("service_votes") or []
        if article_id not in voted:
            if helpful == "1":
                article.action_helpful()
            else:
                article.action_not_helpful()
            request.session["service_votes"] = [*voted, article_id]
        return request.redirect(f"/my/solutions/{article_id}?voted=1")
