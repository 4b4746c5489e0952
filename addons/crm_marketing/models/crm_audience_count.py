from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import audience_sql

SAMPLE = 10


class CrmAudience(models.Model):
    """How many it would be now, who is left out and why, and some of them."""

    _inherit = "crm.audience"  # pylint: disable=consider-merging-classes-inherited

    preview_purpose_id = fields.Many2one(
        "crm.marketing.purpose",
        "Counted for",
        default=lambda self: self.env["crm.marketing.purpose"].search([], limit=1),
        help="Consent and limits of this purpose are looked at when counting.",
    )
    preview_date = fields.Datetime("Counted on", readonly=True, copy=False)
    account_count = fields.Integer("Customers", readonly=True, copy=False)
    contact_count = fields.Integer("Contacts", readonly=True, copy=False)
    recipient_count = fields.Integer("Recipients", readonly=True, copy=False)
    exclusion_counts = fields.Json(readonly=True, copy=False)
    exclusions = fields.Text("Left Out", compute="_compute_exclusions")
    sample_ids = fields.Json("Sample Keys", readonly=True, copy=False)
    sample_partner_ids = fields.Many2many(
        "res.partner", string="Sample", compute="_compute_sample"
    )

    @api.depends("exclusion_counts")
    @api.depends_context("lang")
    def _compute_exclusions(self):
        labels = dict(
            self.env["crm.audience.member"]
            ._fields["excluded_reason"]
            ._description_selection(self.env)
        )
        for audience in self:
            audience.exclusions = "\n".join(
                self.env._("%(count)s: %(reason)s", count=count, reason=labels[reason])
                for reason, count in (audience.exclusion_counts or {}).items()
            )

    @api.depends("sample_ids")
    def _compute_sample(self):
        Partner = self.env["res.partner"]
        for audience in self:
            audience.sample_partner_ids = Partner.browse(
                audience.sample_ids or []
            ).exists()

    def action_count(self):
        """Count the contacts and those left out, and show some of them."""
        self.check_access("write")
        for audience in self:
            query = audience._get_members_query(audience.preview_purpose_id)
            rows = self.env.execute_query(
                SQL(
                    """
                      WITH counted AS MATERIALIZED (%s)
                    SELECT excluded_reason, count(*),
                           (array_agg(partner_id ORDER BY md5(partner_id::text)))[:%s],
                           (SELECT count(DISTINCT commercial_partner_id) FROM counted)
                      FROM counted GROUP BY excluded_reason""",
                    query,
                    SAMPLE,
                )
            )
            by_reason = {reason: (count, ids) for reason, count, ids, _all in rows}
            audience.write(
                {
                    "preview_date": fields.Datetime.now(),
                    "account_count": rows[0][3] if rows else 0,
                    "contact_count": sum(row[1] for row in rows),
                    "recipient_count": by_reason.get(None, (0, []))[0],
                    "exclusion_counts": {
                        reason: by_reason[reason][0]
                        for reason in audience_sql.REASONS
                        if reason in by_reason
                    },
                    "sample_ids": by_reason.get(None, (0, []))[1],
                }
            )
        return True
