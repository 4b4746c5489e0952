import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, is_html_empty

from ..tools import incoming

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """The gateway on the way to a request: loops end here, broken mail gets through."""

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        incoming.repair_charsets(message)
        return incoming.clean(super().message_parse(message, save_original))

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """Core says nothing of a mail it drops as a loop, which XML-RPC cannot send.

        The gateway program would refuse the mail then, and the refusal feed the loop.
        """
        return super().message_process(model, message, *args, **kwargs) or False

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Keep automatic answers and our own mail from opening requests.

        An absence note opens none: our confirmation would be answered by the next. In
        a thread it is kept as a note, which is not mailed to the other followers.
        """
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if not any(route[0] == "helpdesk.ticket" for route in routes):
            return routes
        own = self._is_own_address(message_dict.get("email_from"))
        automatic = incoming.is_automatic_reply(message)
        if not own and not automatic:
            return routes
        if automatic:
            message_dict["is_internal"] = True
        kept = [
            route
            for route in routes
            if route[0] != "helpdesk.ticket" or (route[1] and not own)
        ]
        if len(kept) < len(routes):
            _logger.info(
                "No request from %s with Message-Id %s: %s",
                message_dict.get("email_from"),
                message_dict.get("message_id"),
                "our own address" if own else "automatic answer",
            )
        return kept

    @api.model
    def _is_own_address(self, address):
        address = email_normalize(address or "")
        return bool(
            address and self.env["mail.alias.domain"].sudo()._find_aliases([address])
        )


class HelpdeskTicket(models.Model):
    """A request that came by mail: once, whatever the mail looks like."""

    _inherit = "helpdesk.ticket"

    mail_key = fields.Char(
        "Mail it came from",
        readonly=True,
        copy=False,
        help="Message-Id and team: the same mail delivered twice at the same moment "
        "makes one request.",
    )

    _mail_key_once = models.UniqueIndex(
        "(mail_key) WHERE mail_key IS NOT NULL",
        "This mail has become a request already.",
    )

    @api.model
    def message_new(self, msg, custom_values=None):
        values = {
            "name": incoming.to_title(msg.get("subject"), self.env._("No subject")),
            "channel_id": self.env.ref(
                "helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False
            ).id,
        } | dict(custom_values or {})
        if is_html_empty(msg.get("body")):
            values.setdefault("description", self.env._("The mail has no text."))
        values["mail_key"] = f"{msg['message_id']} {values.get('team_id') or 0}"
        return super().message_new(msg, values)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Requests have no primary address; this is where the sender stands."""
        return Domain("partner_email", "ilike", email_from_normalized)
