from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import consent_sql


class CrmMarketingPurpose(models.Model):
    """What we write about; a contact agrees or refuses per purpose."""

    _name = "crm.marketing.purpose"
    _description = "Marketing Purpose"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(
        translate=True, help="What the contact reads where consent is asked."
    )
    basis = fields.Selection(
        [
            ("opt_in", "Only with consent"),
            ("opt_out", "Unless refused"),
        ],
        required=True,
        default="opt_in",
        help="Only with consent: a contact must have agreed. Unless refused: existing"
        " business is the reason, a refusal always holds.",
    )
    is_capped = fields.Boolean(
        "Counts for the Contact Limit",
        default=True,
        help="Mails of this purpose count for the most mails a contact gets, and are"
        " held back when the limit is reached.",
    )
    consent_count = fields.Integer(compute="_compute_consent_count")

    _code_uniq = models.Constraint("UNIQUE (code)", "Each purpose has its own code.")

    def _compute_consent_count(self):
        counts = dict(
            self.env["crm.consent"]._read_group(
                [("purpose_id", "in", self.ids), ("is_current", "=", True)],
                ["purpose_id"],
                ["__count"],
            )
        )
        for purpose in self:
            purpose.consent_count = counts.get(purpose, 0)

    def action_open_consents(self):
        """Open what contacts said on the purpose."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_marketing.crm_consent_action"
        )
        return action | {
            "domain": [("purpose_id", "=", self.id)],
            "context": {"search_default_current": True},
        }

    def _get_limits(self, company):
        """What a mail of the purpose asks of an address, for the kernel."""
        self.ensure_one()
        return consent_sql.Limits(
            purpose_id=self.id,
            opt_in=self.basis == "opt_in",
            capped=self.is_capped,
            cap_count=company.marketing_cap_count,
            cap_days=company.marketing_cap_days,
            now=fields.Datetime.now(),
        )

    @api.model
    def _flush_for_refusals(self):
        """Write what the statement of refusals reads."""
        for model in (
            "crm.consent",
            "crm.marketing.purpose",
            "mail.blacklist",
            "mailing.mailing",
            "mailing.trace",
            "res.partner",
        ):
            self.env[model].flush_model()

    def _get_refusals(self, emails, company):
        """{normalised address: reason} of those that must not be written to."""
        self.ensure_one()
        emails = [email for email in set(emails) if email]
        if not emails:
            return {}
        self._flush_for_refusals()
        return dict(
            self.env.execute_query(
                consent_sql.refusals(
                    SQL("SELECT unnest(%s::varchar[]) AS email", emails),
                    self._get_limits(company),
                )
            )
        )
