from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

from ..models.service_upload import refuse_uploads
from .portal import read_uploads


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
                "error": None,
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
            refuse_uploads(request.env, read_uploads("attachment"), any_type=True)
        except UserError as problem:
            return request.render(
                "helpdesk_mgmt.portal_create_ticket",
                self._get_create_new_ticket_values(**kw) | {"error": str(problem)},
            )
        request.update_context(service_portal_values=values)
        return super().submit_ticket(**kw)

    def _prepare_submit_ticket_vals(self, **kw):
        return super()._prepare_submit_ticket_vals(**kw) | request.env.context.get(
            "service_portal_values", {}
        )
