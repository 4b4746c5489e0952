from odoo import api, models
from odoo.exceptions import AccessError

#: What a registration reads of the company, the user and his contact. Read as a whole
#: they have some 280 columns, which takes longer than the check itself.
READ_OF_COMPANY = (
    *("name", "currency_id", "partner_id", "alias_domain_id", "service_level_id"),
    *("helpdesk_mgmt_ticket_auto_assign", "credit_warn_percent", "credit_over_limit"),
    *("credit_overdue_days", "credit_overdue", "invoice_unpaid_margin"),
)
READ_OF_USER = ("active", "partner_id", "company_id", "share")
READ_OF_AUTHOR = ("name", "email", "lang", "tz", "active", "email_normalized")


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        """Fill name and address of the contact: the base does so in the form only."""
        partners = self.env["res.partner"].browse(
            {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        )
        partners.fetch(["name", "email", "commercial_partner_id"])
        self._fetch_surroundings()
        return super().create([self._add_contact_values(vals) for vals in vals_list])

    @api.model
    def _fetch_surroundings(self):
        user = self.env.user.sudo()  # what everybody may know of himself
        self.env.company.sudo().fetch(READ_OF_COMPANY)
        user.fetch(READ_OF_USER)
        user.partner_id.fetch(READ_OF_AUTHOR)

    @api.model
    def _add_contact_values(self, vals):
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        if not partner:
            return vals
        return vals | {
            "partner_name": vals.get("partner_name") or partner.name,
            "partner_email": vals.get("partner_email") or partner.email,
        }

    def _close_from_portal(self, stage):
        """Move the ticket to ``stage`` if its customer may choose that stage."""
        self.ensure_one()
        if stage not in self.sudo()._get_portal_close_stages():
            raise AccessError(
                self.env._(
                    "The request %(ticket)s cannot be moved to this stage from here.",
                    ticket=self.number,
                )
            )
        # the portal has no write access on tickets: this one field, this one value
        self.sudo().stage_id = stage

    def _get_portal_close_stages(self):
        """The stages a customer may close this ticket with."""
        self.ensure_one()
        stages = (
            self.team_id._get_applicable_stages()
            if self.team_id
            else (
                self.env["helpdesk.ticket.stage"].search(
                    [
                        ("company_id", "in", [False, self.company_id.id]),
                        ("team_ids", "=", False),
                    ]
                )
            )
        )
        return stages.filtered("close_from_portal")
