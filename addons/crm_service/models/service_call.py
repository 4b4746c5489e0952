import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Last digits that are enough to know a caller whose number came without prefix.
PART = 7
SCOPE = "crm_service.call"


class ResPartner(models.Model):
    _inherit = "res.partner"

    _phone_end_idx = models.Index(
        "(reverse(phone_sanitized) text_pattern_ops) WHERE phone_sanitized IS NOT NULL"
    )


class ResUsers(models.Model):
    _inherit = "res.users"

    service_extension = fields.Char(
        "Telephone extension", help="Calls to this extension pop up at this user."
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["service_extension"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["service_extension"]

    _service_extension_uniq = models.UniqueIndex(
        "(service_extension) WHERE service_extension IS NOT NULL",
        "Another user has this telephone extension.",
    )


class ServiceCall(models.Model):
    """A telephone call, as the exchange told it."""

    _name = "service.call"
    _description = "Call"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "number"

    date = fields.Datetime(default=fields.Datetime.now, required=True, index=True)
    number = fields.Char(required=True, index=True)
    number_sanitized = fields.Char(index=True)
    extension = fields.Char()
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], default="in", required=True
    )
    state = fields.Selection(
        [
            ("ringing", "Ringing"),
            ("answered", "Answered"),
            ("missed", "Missed"),
            ("ended", "Ended"),
        ],
        default="ringing",
        required=True,
    )
    reference = fields.Char("Exchange's id", index="btree_not_null")
    duration = fields.Integer("Seconds")
    user_id = fields.Many2one("res.users", "Agent", index=True)
    partner_id = fields.Many2one("res.partner", "Caller", index="btree_not_null")
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index="btree_not_null"
    )
    ticket_id = fields.Many2one("helpdesk.ticket", "Request", index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    note = fields.Text()

    _unique_reference = models.UniqueIndex(
        "(company_id, reference) WHERE reference IS NOT NULL",
        "The exchange has told this call already.",
    )

    def _compute_display_name(self):
        for call in self:
            who = call.partner_id.display_name or call.number
            call.display_name = f"{who} {call.date:%Y-%m-%d %H:%M}"

    # -- finding the caller ------------------------------------------------------------

    @api.model
    def _find_caller(self, number):
        """Return (the contact that ``number`` belongs to, the number as stored).

        The normalised number decides; a number without prefix is compared from its
        end. A contact goes before his company, a company before an unknown one.
        """
        partners = self.env["res.partner"]
        sanitized = self.env.company._phone_format(
            number=number, country=self.env.company.country_id
        )
        found = partners
        if sanitized:
            found = partners.search([("phone_sanitized", "=", sanitized)], limit=20)
        digits = re.sub(r"\D", "", number or "").lstrip("0")
        if not found and len(digits) >= PART:
            found = partners.search(self._get_part_domain(digits), limit=20)
        if len(found.commercial_partner_id) > 1:
            return partners, sanitized  # better nobody than the wrong one
        people = found.filtered(lambda partner: not partner.is_company)
        if len(people) == 1:
            return people, sanitized
        return found.commercial_partner_id, sanitized

    @api.model
    def _get_part_domain(self, digits):
        """Return contacts whose number ends in ``digits``, through the index."""

        def ends(model, alias, query):
            column = model._field_to_sql(alias, "phone_sanitized", query)
            return SQL("reverse(%s) LIKE %s", column, digits[::-1] + "%")

        return Domain.custom(to_sql=ends)

    # -- what the exchange tells -------------------------------------------------------

    @api.model
    def _log_call(
        self,
        number,
        extension=None,
        direction="in",
        reference=None,
        state=None,
        duration=0,
    ):
        """Log a call, or what became of it, and pop up the caller at the agent."""
        call = self.browse()
        if reference:
            call = self.search(
                [
                    ("reference", "=", reference),
                    ("company_id", "=", self.env.company.id),
                ],
                limit=1,
            )
        if call:
            call.write(
                {"state": state or call.state, "duration": duration or call.duration}
            )
            return call
        partner, sanitized = self._find_caller(number)
        user = (
            self.env["res.users"].search(
                [("service_extension", "=", extension)], limit=1
            )
            if extension
            else self.env["res.users"]
        )
        call = self.create(
            {
                "number": number,
                "number_sanitized": sanitized,
                "extension": extension,
                "direction": direction,
                "reference": reference,
                "state": state or "ringing",
                "duration": duration,
                "user_id": user.id,
                "partner_id": partner.id,
            }
        )
        if partner:
            partner._message_log(
                body=self.env._(
                    "Telephone call with %(user)s (%(number)s)",
                    user=user.name or extension or "-",
                    number=number,
                )
            )
        call._pop_up()
        return call

    def _pop_up(self):
        """Show the caller in the web client of the agent."""
        self.ensure_one()
        if self.user_id and self.direction == "in":
            self.user_id._bus_send(
                "crm_service.call",
                {
                    "call_id": self.id,
                    "number": self.number,
                    "partner_id": self.commercial_partner_id.id or False,
                    "contact_id": self.partner_id.id or False,
                    "name": self.partner_id.display_name or False,
                    "open_tickets": self._count_open_tickets(),
                },
            )

    def _count_open_tickets(self):
        if not self.partner_id:
            return 0
        return self.env["helpdesk.ticket"].search_count(
            [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("closed", "=", False),
            ]
        )

    def action_create_ticket(self):
        """Open a new request of the caller."""
        self.ensure_one()
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_phone", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_channel_id": channel.id if channel else False,
                "default_service_call_id": self.id,
            },
        }


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    service_call_id = fields.Many2one("service.call", "Call", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        for ticket in tickets.filtered("service_call_id"):
            ticket.service_call_id.ticket_id = ticket
        return tickets
