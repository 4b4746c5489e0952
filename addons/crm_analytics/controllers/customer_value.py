from odoo import http
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
        if not request.env.user.has_group("crm_analytics.group_analyst"):
            raise AccessError(
                request.env._("Only analysts may download the customer value workbook.")
            )
        company = request.env.company
        cids = request.cookies.get("cids", "").split("-")[0]
        if cids.isdigit() and int(cids) in request.env.user._get_company_ids():
            company = company.browse(int(cids))
        values = request.env["crm.customer.value"].with_company(company)
        book = values._get_workbook(company)
        name = f"customer_value_{values._get_as_of(company)}.xlsx"
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
