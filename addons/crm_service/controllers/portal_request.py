from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

from ..models.helpdesk_ticket_portal import LIMITS


class ServiceRequestPortal(HelpdeskTicketController):
    """The request form: the category of a request says what is asked."""

    def _get_create_new_ticket_values(self, **kw):
        values = super()._get_create_new_ticket_values(**kw)
        return (
            values
            | request.env["helpdesk.ticket"]._get_portal_choices()
            | {
                # questions are no secret, but the portal has no right on the model
                "category_forms": values["categories"].sudo(),
                "post": kw,
                "error": kw.get("error"),
            }
        )

    @http.route()
    def submit_ticket(self, **kw):
        """Create the request, or show the form again with what was written."""
        Ticket = request.env["helpdesk.ticket"]
        if not (kw.get("team") or "").isdigit():
            kw.pop("team", None)
        try:
            values = Ticket._read_portal_form(kw)
            files = self._read_files()
            Ticket._check_portal_files(files)
        except UserError as problem:
            return request.render(
                "helpdesk_mgmt.portal_create_ticket",
                self._get_create_new_ticket_values(**kw | {"error": str(problem)}),
            )
        request.update_context(service_portal_values=values)
        return super().submit_ticket(**kw)

    def _prepare_submit_ticket_vals(self, **kw):
        return super()._prepare_submit_ticket_vals(**kw) | request.env.context.get(
            "service_portal_values", {}
        )

    def _read_files(self):
        """Return [(name, content)] of the files sent, none longer than is allowed."""
        files = []
        for file in request.httprequest.files.getlist("attachment")[
            : LIMITS.number + 1
        ]:
            if file.filename:
                files.append((file.filename[:200], file.read(LIMITS.size + 1)))
                file.seek(0)  # read again by who stores it
        return files
