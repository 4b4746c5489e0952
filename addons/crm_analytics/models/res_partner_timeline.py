from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from .res_partner import READERS

EACH = 10  # events of a kind
SHOWN = 30
WORDS = 120  # characters of a mail


class ResPartner(models.Model):
    """One time line of orders, visits, meetings, requests, mails and ratings.

    Everything is searched with the rights of the reader: who may not see a document
    finds no trace of it.
    """

    # By subject.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    value_timeline = fields.Json(
        "Time Line", compute="_compute_value_timeline", groups=READERS
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_value_timeline(self):
        for partner in self:
            partner.value_timeline = partner._origin and partner._get_timeline()

    def _get_timeline(self):
        """The last events of all kinds, the newest first."""
        customer = self.commercial_partner_id._origin
        people = self.with_context(active_test=False).search(
            [("commercial_partner_id", "=", customer.id)]
        )
        events = []
        for kind, model, order, domain in self._get_timeline_sources(people):
            if model not in self.env or not self.env[model].has_access("read"):
                continue
            found = self.env[model].search(domain, order=f"{order} desc", limit=EACH)
            events += [
                {
                    "kind": kind,
                    "date": fields.Datetime.to_string(record[order]),
                    "model": model,
                    "id": record.id,
                    "name": record.display_name,
                    "text": "",
                }
                | self._get_timeline_words(kind, record)
                for record in found
            ]
        events.sort(key=lambda event: event["date"], reverse=True)
        return events[:SHOWN]

    @api.model
    def _get_timeline_sources(self, people):
        """Kind, model, field of the date, and domain; the hook of other addons."""
        ids = people.ids
        here = Domain("company_id", "in", (False, self.env.company.id))
        of_people = Domain("partner_id", "in", ids)
        said = Domain("message_type", "in", ("email", "comment", "email_outgoing"))
        said &= Domain("subtype_id.internal", "=", False)
        said &= Domain("author_id", "in", ids) | (
            Domain("model", "=", "res.partner") & Domain("res_id", "in", ids)
        )
        met = Domain("partner_ids", "in", ids)
        if self.env["crm.lead"].has_access("read"):
            met |= Domain("opportunity_id.partner_id", "in", ids)
        met &= Domain("start", "<=", fields.Datetime.now())
        visited = of_people & here & Domain("state", "=", "done")
        if self.env["crm.visit.report"].has_access("read"):  # told once, by its report
            reports = self.env["crm.visit.report"].search(visited)
            met &= Domain("id", "not in", reports.event_id.ids)
        sold = of_people & here & Domain("state", "=", "sale")
        rated = of_people & Domain("consumed", "=", True)
        return [
            ("order", "sale.order", "date_order", sold),
            ("visit", "crm.visit.report", "date", visited),
            ("meeting", "calendar.event", "start", met),
            ("request", "helpdesk.ticket", "create_date", of_people & here),
            ("mail", "mail.message", "date", said),
            ("rating", "rating.rating", "write_date", rated),
        ]

    @api.model
    def _get_timeline_words(self, kind, record):
        """Name, words and document of an event, where they are not the record's."""
        if kind == "order":
            return {"text": record.currency_id.format(record.amount_untaxed)}
        if kind == "visit":
            words = html2plaintext(record.report or "").strip().replace("\n", " ")
            return {"text": words[:WORDS]}
        if kind == "request":
            return {"text": record.stage_id.display_name or ""}
        if kind == "mail":
            words = html2plaintext(record.body or "").strip().replace("\n", " ")
            return {
                "name": record.subject or record.author_id.display_name or "",
                "text": words[:WORDS],
                "model": record.model or "mail.message",
                "id": record.res_id or record.id,
            }
        if kind == "rating":
            words = self.env._("%(rating)d of 5", rating=record.rating)
            return {
                "name": record.res_name or "",
                "text": " · ".join(filter(None, (words, record.feedback))),
                "model": record.res_model,
                "id": record.res_id,
            }
        return {}

    def action_open_buying_centre(self):
        """Open who decides with this account, and in which role."""
        return self._get_account_action(
            "crm_b2b.crm_buying_role_action", search_default_group_role=1
        )
