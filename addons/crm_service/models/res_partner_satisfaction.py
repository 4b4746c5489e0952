from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import plaintext2html


class ResPartner(models.Model):
    """What a customer thinks of us, and what is done about it."""

    _inherit = "res.partner"

    service_no_survey = fields.Boolean(
        "No satisfaction mails",
        help="This contact is asked neither after a service nor once a year.",
    )
    service_nps = fields.Integer("NPS", compute="_compute_service_satisfaction")
    service_csat = fields.Integer(
        "Content customers (%)",
        compute="_compute_service_satisfaction",
        help="Share of ratings after requests and visits with 4 or 5 of 5.",
    )
    service_nps_number = fields.Integer(
        "Answers to the yearly survey", compute="_compute_service_satisfaction"
    )
    service_answer_count = fields.Integer(
        "Satisfaction answers", compute="_compute_service_satisfaction"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_service_satisfaction(self):
        report = self.env["service.satisfaction.report"]
        rows = (
            report._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id", "kind"],
                ["nps:avg", "content:avg", "__count"],
            )
            if report.has_access("read")
            else []
        )
        found = {}
        for partner, kind, nps, content, count in rows:
            found.setdefault(partner, {})[kind] = (nps, content, count)
        for partner in self:
            kinds = found.get(partner.commercial_partner_id, {})
            nps, _content, number = kinds.get("survey", (0, 0, 0))
            rated = [kinds[kind] for kind in ("request", "visit") if kind in kinds]
            ratings = sum(count for _nps, _content, count in rated)
            partner.service_nps = round(nps or 0)
            partner.service_nps_number = number
            partner.service_csat = (
                round(sum(share * count for _nps, share, count in rated) / ratings)
                if ratings
                else 0
            )
            partner.service_answer_count = ratings + number

    def action_view_satisfaction(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_service.service_satisfaction_report_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"search_default_group_month": 1},
        }

    def _open_satisfaction_follow_up(
        self, record, *, owner, manager, company, summary, feedback
    ):
        """Open an activity for the owner of the account and one for the manager.

        It is on the customer: not everybody who owns an account may read requests.
        ``owner`` counts where the customer has no salesperson.
        """
        partner = self.commercial_partner_id.sudo()  # opened by the customer's click
        fallback = company.sudo()._get_satisfaction_manager()
        owner = (partner.user_id or owner).filtered("active") or fallback
        manager = manager.filtered("active") or fallback
        link = Markup('<a href="/odoo/%s/%s">%s</a>') % (
            record._name,
            record.id,
            record.display_name,
        )
        for user in owner | manager:
            partner.activity_schedule(
                "crm_service.mail_activity_type_dissatisfied",
                summary=summary,
                note=Markup("<p>%s</p>%s") % (link, plaintext2html(feedback or "")),
                user_id=user.id,
            )
        return owner | manager
