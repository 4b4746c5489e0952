from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 1 << 16


class CustomerValueController(http.Controller):
    @http.route(
        "/crm_analytics/customer_value.xlsx", type="http", auth="user", readonly=True
    )
    def customer_value(self):
        """The customer value workbook of the current company, streamed."""
        _require(
            "crm_analytics.group_analyst",
            request.env._("Only analysts may download the customer value workbook."),
        )
        company = _get_company()
        values = request.env["crm.customer.value"].with_company(company)
        book = values._get_workbook(company)
        name = f"customer_value_{values._get_as_of(company)}.xlsx"
        return _answer(book, name)

    @http.route("/crm_analytics/curves.xlsx", type="http", auth="user", readonly=True)
    def curves(self, partner_id=None):
        """The curves of the current company, or that of a customer, as tables."""
        _require(
            "crm_analytics.group_analyst",
            request.env._("Only analysts may download the curves of customers."),
        )
        insight = request.env["crm.insight"].with_company(_get_company())
        if partner_id is None:
            return _answer(insight._get_curves_workbook(), "curves.xlsx")
        number = int(partner_id) if partner_id.isdecimal() else 0
        partner = request.env["res.partner"].browse(number).exists()
        if not partner:
            raise request.not_found()
        book = insight._get_customer_curve_workbook(partner.id)
        return _answer(book, f"curve_{partner.id}.xlsx")

    @http.route("/crm_analytics/pipeline.xlsx", type="http", auth="user", readonly=True)
    def pipeline(self):
        """The workbook of pipeline and forecast with what the user may see."""
        _require(
            "sales_team.group_sale_salesman",
            request.env._("Only sales people may download the pipeline workbook."),
        )
        company = _get_company()
        leads = request.env["crm.lead"].with_company(company)
        name = f"pipeline_{fields.Date.context_today(leads)}.xlsx"
        return _answer(leads._get_pipeline_workbook(company), name)

    @http.route(
        "/crm_analytics/contracts.xlsx", type="http", auth="user", readonly=True
    )
    def contracts(self):
        """The workbook of service contracts with what the user may see."""
        _require(
            "crm_service.group_service_manager",
            request.env._("Only service managers may download this workbook."),
        )
        company = _get_company()
        books = request.env["crm.contract.workbook"].with_company(company)
        name = f"contracts_{fields.Date.context_today(books)}.xlsx"
        return _answer(books._get_workbook(company), name)


def _require(group, refusal):
    """Refuse who is not in the group, in words."""
    if not request.env.user.has_group(group):
        raise AccessError(refusal)


def _get_company():
    """The company that the user works in, as the web client says."""
    company = request.env.company
    cids = request.cookies.get("cids", "").split("-")[0]
    if cids.isdigit() and int(cids) in request.env.user._get_company_ids():
        company = company.browse(int(cids))
    return company


def _answer(book, name):
    """Stream an open file."""
    size = book.seek(0, 2)
    book.seek(0)
    return request.make_response(
        _chunks(book),
        headers=[
            ("Content-Type", XLSX),
            ("Content-Length", size),
            ("Content-Disposition", content_disposition(name)),
        ],
    )


def _chunks(book):
    with book:
        while chunk := book.read(CHUNK):
            yield chunk
