from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools import visit_card


class CrmFairVisitor(models.TransientModel):
    """The form of the booth: a visitor in half a minute, on a phone."""

    _name = "crm.fair.visitor"
    _description = "Fair Visitor"

    event_id = fields.Many2one(
        "event.event",
        "Fair",
        required=True,
        default=lambda self: self._get_default_event(),
    )
    badge = fields.Char("Badge or Card", help="Scan the code of a badge or card.")
    registration_id = fields.Many2one("event.registration")
    name = fields.Char()
    company_name = fields.Char()
    function = fields.Char("Job Position")
    email = fields.Char()
    phone = fields.Char()
    product_ids = fields.Many2many(
        "product.product", string="Interested in", domain=[("sale_ok", "=", True)]
    )
    interest = fields.Selection(
        [("1", "Some"), ("2", "Much"), ("3", "Wants to buy")],
        "How Interested",
        default="1",
        required=True,
    )
    wish = fields.Selection(
        [
            ("call", "A call"),
            ("visit", "A visit"),
            ("quotation", "A quotation"),
            ("sample", "A sample"),
        ],
        "Wishes",
    )
    note = fields.Text()
    has_agreed = fields.Boolean("Agrees to mails about this purpose")
    purpose_id = fields.Many2one("crm.marketing.purpose")
    entered_count = fields.Integer("Entered Today", compute="_compute_entered_count")

    @api.model
    def _get_default_event(self):
        """The fair that runs now, if there is one."""
        now = fields.Datetime.now()
        return self.env["event.event"].search(
            [
                ("marketing_kind", "=", "fair"),
                ("date_begin", "<=", now),
                ("date_end", ">=", now),
                ("company_id", "in", (self.env.company.id, False)),
            ],
            limit=1,
        )

    @api.depends("event_id")
    def _compute_entered_count(self):
        today = fields.Datetime.to_datetime(fields.Date.today())
        for visitor in self:
            # a number for the booth's staff, no registration is shown
            visitor.entered_count = (
                self.env["event.registration"]
                .sudo()
                .search_count(
                    [
                        ("event_id", "=", visitor.event_id.id),
                        ("state", "=", "done"),
                        ("create_date", ">=", today),
                    ]
                )
            )

    @api.onchange("badge")
    def _onchange_badge(self):
        """Fill the form from what was scanned, without wiping what was typed."""
        if not self.badge:
            return
        card = visit_card.read(self.badge)
        values = {
            "name": card.name,
            "company_name": card.company,
            "email": card.email,
            "phone": card.phone,
            "function": card.function,
        }
        registration = self._find_registration(card.code)
        if registration:
            self.registration_id = registration
            values = {
                name: registration[name]
                for name in ("name", "company_name", "email", "phone")
            }
        for name, value in values.items():
            if value:
                self[name] = value

    def _find_registration(self, code):
        """The registration with that badge, of this fair only."""
        if not code:
            return self.env["event.registration"]
        # the badge shows its own person to whoever holds it
        return (
            self.env["event.registration"]
            .sudo()
            .search(
                [("barcode", "=", code), ("event_id", "=", self.event_id.id)], limit=1
            )
        )

    # --- save ---------------------------------------------------------------------

    def action_save(self):
        """Keep the visitor and open the lead."""
        return self._save()._get_records_action()

    def action_save_next(self):
        """Keep the visitor and show an empty form."""
        self._save()
        return self.event_id.action_enter_visitor()

    def _save(self):
        """Registration and lead of the visitor; the lead."""
        self.ensure_one()
        if not (self.name or self.company_name):
            raise UserError(self.env._("Enter the name of the visitor or the company."))
        if not (self.email or self.phone):
            raise UserError(
                self.env._("Enter an email address or a phone number to answer to.")
            )
        if self.email and not email_normalize(self.email):
            raise UserError(
                self.env._("%(email)s is no email address.", email=self.email)
            )
        partner = self.env["res.partner"]._find_by_address(self.email)[:1]
        registration = self._save_registration(partner)
        # whoever stands at the booth enters leads of visitors
        lead = registration.sudo().lead_ids[:1] or self.env["crm.lead"].sudo().create(
            self._prepare_new_lead(registration)
        )
        lead.write(self._prepare_lead(lead, partner))
        lead._update_marketing_score()
        self._record_agreement(lead)
        self._record_interest(lead)
        return lead.sudo(False)

    def _save_registration(self, partner):
        """The registration, marked as attended, which runs the rules for leads."""
        values = {
            "name": self.name or self.company_name,
            "company_name": self.company_name,
            "email": self.email,
            "phone": self.phone,
            "partner_id": partner.id,
        }
        registration = self.registration_id.sudo().filtered(  # see _save
            lambda item: item.event_id == self.event_id
        )
        if registration:
            registration.write({k: v for k, v in values.items() if v})
        else:
            registration = registration.create({**values, "event_id": self.event_id.id})
        if registration.state != "done":
            registration.state = "done"
        return registration

    def _prepare_new_lead(self, registration):
        event = self.event_id
        return {
            "type": "lead",
            "event_id": event.id,
            "referred": event.name,
            "registration_ids": [fields.Command.link(registration.id)],
            "user_id": self.env.uid,
            "company_id": event.company_id.id,
            "name": self.env._("Visitor of %(fair)s", fair=event.name),
            **registration._get_event_utm(event, {}),
        }

    def _prepare_lead(self, lead, partner):
        """What the visitor said, on the lead."""
        wishes = dict(self._fields["wish"]._description_selection(self.env))
        lines = [wishes.get(self.wish), self.note]
        return {
            "name": self.env._(
                "%(who)s, %(fair)s",
                who=self.company_name or self.name,
                fair=self.event_id.name,
            ),
            "contact_name": self.name,
            "partner_name": self.company_name,
            "function": self.function,
            "email_from": self.email,
            "phone": self.phone,
            "priority": self.interest,
            **({"partner_id": partner.id} if partner and not lead.partner_id else {}),
            **({"description": self._to_html(lines)} if any(lines) else {}),
        }

    def _to_html(self, lines):
        return Markup("<p>%s</p>") % Markup("<br/>").join(filter(None, lines))

    def _record_agreement(self, lead):
        """Consent needs a contact: the visitor becomes one."""
        if not self.has_agreed:
            return
        if not self.purpose_id:
            raise UserError(self.env._("Choose what the visitor agrees to."))
        if not lead.partner_id:
            lead._handle_partner_assignment()
        lead.partner_id.with_user(self.env.user).sudo()._record_consent(
            self.purpose_id, "granted", "fair", self.event_id.name
        )

    def _record_interest(self, lead):
        if lead.partner_id:
            self.env["crm.interest"]._record(
                lead.partner_id, self.product_ids, source="fair"
            )
