from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request, route
from odoo.tools.misc import formatLang

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.sale.controllers.portal import CustomerPortal

RECENT = 5
PAGE = 24


class PremierPortal(CustomerPortal):
    """The customer's own page: people, products and prices, orders, invoices.

    Addons add blocks: extend ``_prepare_premier_values`` and inherit the template
    ``crm_b2b.portal_premier`` at one of its named blocks.
    """

    @route()
    def home(self, **kw):
        response = super().home(**kw)
        if hasattr(response, "qcontext"):
            response.qcontext.update(self._prepare_premier_head_values())
        return response

    def _prepare_portal_layout_values(self):
        return super()._prepare_portal_layout_values() | {
            "premier_number": self._format_premier_number,
            "premier_plain": lambda value: f"{value:.3f}".rstrip("0").rstrip("."),
        }

    def _format_premier_number(self, value):
        """A quantity for people: no decimals where there are none."""
        return formatLang(request.env, value, digits=0 if value == int(value) else 3)

    # -- the page -----------------------------------------------------------------

    @route("/my/premier", type="http", auth="user", website=True, readonly=True)
    def portal_premier(self, **kw):
        return request.render("crm_b2b.portal_premier", self._prepare_premier_values())

    def _prepare_premier_head_values(self):
        """People and what waits for the customer: on the home page and on ours."""
        premier = request.env["crm.portal.premier"]
        Order, Move = request.env["sale.order"], request.env["account.move"]
        quotations = Order.search(
            premier._get_quotation_domain(), order="date_order desc", limit=RECENT
        )
        overdue = Move.search(
            premier._get_overdue_domain(), order="invoice_date_due", limit=RECENT
        )
        return {
            "premier_own_only": request.env.user.partner_id.portal_scope == "own",
            "premier_account": premier._get_account().sudo(),  # own company: its name
            "premier_team": premier._prepare_team(),
            "premier_quotations": quotations.sudo(),  # read as the user, shown with
            "premier_overdue": overdue.sudo(),  # names of related records
            "premier_overdue_count": Move.search_count(premier._get_overdue_domain()),
            "premier_today": fields.Date.context_today(request.env.user),
        }

    def _prepare_premier_values(self):
        premier = request.env["crm.portal.premier"]
        orders = request.env["sale.order"].search(
            premier._get_order_domain() & Domain("state", "in", ("draft", "sale")),
            order="date_order desc, id desc",
            limit=RECENT,
        )
        products = (
            request.env["product.product"]
            .sudo()  # see _find_products
            .search(premier._get_product_domain("bought"), limit=6)
        )
        return {
            **self._prepare_portal_layout_values(),
            **self._prepare_premier_head_values(),
            "page_name": "premier",
            "premier_orders": orders.sudo(),  # as above
            "premier_products": products,
            "premier_prices": premier._get_prices(products),
            "premier_basket": request.env["crm.portal.basket"]._get_mine().sudo(),
        }

    # -- products -----------------------------------------------------------------

    @route(
        ["/my/premier/products", "/my/premier/products/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_premier_products(
        self, page=1, search="", filterby="all", sortby="name", notice="", **kw
    ):
        premier = request.env["crm.portal.premier"]
        filters = self._get_premier_product_filters()
        sortings = self._get_premier_product_sortings()
        filterby = filterby if filterby in filters else "all"
        sortby = sortby if sortby in sortings else "name"
        # the domain, not the user's rights, says which products a customer may know
        Product = request.env["product.product"].sudo()
        domain = premier._get_product_domain(filterby, search)
        arguments = {"search": search, "filterby": filterby, "sortby": sortby}
        pager = portal_pager(
            url="/my/premier/products",
            total=Product.search_count(domain),
            page=page,
            step=PAGE,
            url_args=arguments,
        )
        products = Product.search(
            domain,
            order=sortings[sortby]["order"],
            limit=PAGE,
            offset=max(pager["offset"], 0),
        )
        basket = request.env["crm.portal.basket"]._get_mine().sudo()  # own basket
        return request.render(
            "crm_b2b.portal_premier_products",
            {
                **self._prepare_premier_list_values(
                    "premier_products", arguments, filters, sortings, pager
                ),
                "products": products,
                "prices": premier._get_prices(products),
                "last_orders": premier._get_last_orders(products),
                "in_basket": {li.product_id.id: li.quantity for li in basket.line_ids},
                "premier_basket": basket,
                "notice": self._get_premier_notice(notice),
                "page": page,
            },
        )

    def _get_premier_product_filters(self):
        return {
            "all": {"label": request.env._("All agreed products")},
            "bought": {"label": request.env._("Bought before")},
            "frame": {"label": request.env._("Frame agreement")},
        }

    def _get_premier_product_sortings(self):
        return {
            "name": {"label": request.env._("Name"), "order": "name, id"},
            "code": {
                "label": request.env._("Reference"),
                "order": "default_code, id",
            },
        }

    # -- orders -------------------------------------------------------------------

    @route(
        ["/my/premier/orders", "/my/premier/orders/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_premier_orders(
        self, page=1, search="", filterby="all", sortby="date", **kw
    ):
        domain = request.env["crm.portal.premier"]._get_order_domain()
        if search:
            domain &= Domain.OR(
                Domain(name, "ilike", search)
                for name in ("name", "client_order_ref", "order_line.name")
            )
        return self._render_premier_list(
            "sale.order",
            domain,
            {
                "date": (request.env._("Newest"), "date_order desc, id desc"),
                "name": (request.env._("Number"), "name"),
                "total": (request.env._("Amount"), "amount_total desc, id desc"),
            },
            {
                "all": (request.env._("All"), Domain.TRUE),
                "open": (
                    request.env._("To be delivered"),
                    Domain("state", "=", "sale")
                    & Domain(
                        "delivery_status", "in", ("pending", "started", "partial")
                    ),
                ),
                "ask": (
                    request.env._("Requests and quotations"),
                    Domain("state", "in", ("draft", "sent")),
                ),
            },
            {"page": page, "search": search, "filterby": filterby, "sortby": sortby},
            "orders",
        )

    @route(
        "/my/premier/orders/<int:order_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_premier_order(self, order_id, notice="", **kw):
        order = self._get_premier_order(order_id)
        if not order:
            raise request.not_found()
        return request.render(
            "crm_b2b.portal_premier_order",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "premier_order",
                "order": order,
                "lines": order._get_portal_lines(),
                "notice": self._get_premier_notice(notice),
            },
        )

    def _get_premier_order(self, order_id):
        """The order, to be shown (sudo), or None when the user may not see it."""
        try:
            order = self._document_check_access("sale.order", order_id)
        except (AccessError, MissingError):
            return None
        domain = request.env["crm.portal.premier"]._get_order_domain()
        return order if order.filtered_domain(domain) else None

    # -- invoices -----------------------------------------------------------------

    @route(
        ["/my/premier/invoices", "/my/premier/invoices/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_premier_invoices(
        self, page=1, search="", filterby="all", sortby="date", **kw
    ):
        premier = request.env["crm.portal.premier"]
        domain = premier._get_invoice_domain()
        if search:
            domain &= Domain.OR(
                Domain(name, "ilike", search)
                for name in ("name", "ref", "invoice_origin")
            )
        return self._render_premier_list(
            "account.move",
            domain,
            {
                "date": (request.env._("Newest"), "invoice_date desc, id desc"),
                "due": (request.env._("Due date"), "invoice_date_due, id"),
                "total": (request.env._("Amount"), "amount_total desc, id desc"),
            },
            {
                "all": (request.env._("All"), Domain.TRUE),
                "open": (
                    request.env._("Open"),
                    Domain("payment_state", "in", ("not_paid", "partial")),
                ),
                "overdue": (request.env._("Overdue"), premier._get_overdue_domain()),
            },
            {"page": page, "search": search, "filterby": filterby, "sortby": sortby},
            "invoices",
        )

    # -- lists --------------------------------------------------------------------

    def _render_premier_list(self, model, domain, sortings, filters, arguments, name):
        """A page of documents that the current user may read."""
        arguments = dict(arguments)
        page = arguments.pop("page")
        if arguments["sortby"] not in sortings:
            arguments["sortby"] = next(iter(sortings))
        if arguments["filterby"] not in filters:
            arguments["filterby"] = "all"
        Model = request.env[model]
        domain &= Domain(filters[arguments["filterby"]][1])
        pager = portal_pager(
            url=f"/my/premier/{name}",
            total=Model.search_count(domain),
            page=page,
            step=PAGE,
            url_args=arguments,
        )
        records = Model.search(
            domain,
            order=sortings[arguments["sortby"]][1],
            limit=PAGE,
            offset=max(pager["offset"], 0),
        )
        values = self._prepare_premier_list_values(
            f"premier_{name}",
            arguments,
            {key: {"label": label} for key, (label, _domain) in filters.items()},
            {key: {"label": label} for key, (label, _order) in sortings.items()},
            pager,
        )
        # found as the user; shown with names of records a portal user cannot read
        values |= {
            name: records.sudo(),
            "today": fields.Date.context_today(request.env.user),
        }
        return request.render(f"crm_b2b.portal_premier_{name}", values)

    def _prepare_premier_list_values(self, name, arguments, filters, sortings, pager):
        return {
            **self._prepare_portal_layout_values(),
            "page_name": name,
            "default_url": pager["page_first"]["url"].split("?")[0],
            "pager": pager,
            "searchbar_filters": filters,
            "searchbar_sortings": sortings,
            **arguments,
        }

    def _get_premier_notice(self, code):
        """The sentence shown after an action; a fixed set, nothing is echoed."""
        return {
            "added": request.env._("The product is in your basket."),
            "saved": request.env._("Your basket was changed."),
            "again": request.env._("The products of the order are in your basket."),
            "partly": request.env._(
                "The products we still offer are in your basket; others were left out."
            ),
            "none": request.env._("None of these products can be ordered any more."),
            "invalid": request.env._("Please enter a quantity as a number."),
            "full": request.env._(
                "The basket is full. Please send this request first."
            ),
            "sent": request.env._(
                "Thank you. Your request is with your salesperson, who will answer "
                "with a quotation."
            ),
        }.get(code)
