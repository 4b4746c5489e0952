from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController


class TicketCloseController(HelpdeskTicketController):
    """The close button of the portal, for the own ticket only.

    The base takes a GET, reads the ticket with sudo and checks nothing: any portal
    user, or a picture in a mail, could change any ticket.
    """

    @http.route(methods=["POST"], csrf=True)
    def support_ticket_close(self, ticket_id=None, stage_id=None, **kw):
        try:
            ticket = request.env["helpdesk.ticket"].browse(int(ticket_id or 0))
            stage = request.env["helpdesk.ticket.stage"].browse(int(stage_id or 0))
            ticket.check_access("read")
            ticket._close_from_portal(stage)
        except (AccessError, MissingError, ValueError):
            return request.redirect("/my/tickets")
        return request.redirect(f"/my/ticket/{ticket.id}")
