from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 1000


class CrmLead(models.Model):
    """The score of marketing: sums of points, each with its rule."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    marketing_score = fields.Integer(
        readonly=True,
        copy=False,
        aggregator="avg",
        index="btree_not_null",
        help="Sum of the points of all rules that the lead met when it was scored.",
    )
    marketing_score_detail = fields.Json(readonly=True, copy=False)
    marketing_score_date = fields.Datetime("Scored On", readonly=True, copy=False)
    marketing_score_text = fields.Text("Why", compute="_compute_marketing_score_text")

    @api.depends("marketing_score_detail")
    @api.depends_context("lang")
    def _compute_marketing_score_text(self):
        rules = {
            rule.id: rule.name
            for rule in self.env["crm.lead.score.rule"]
            .sudo()  # everybody who sees the score sees its reasons
            .with_context(active_test=False)
            .search(Domain.TRUE)
        }
        for lead in self:
            lead.marketing_score_text = "\n".join(
                self.env._(
                    "%(points)s  %(rule)s",
                    points=f"{points:+d}",
                    rule=rules.get(rule_id) or self.env._("a rule that is gone"),
                )
                for rule_id, points in lead.marketing_score_detail or []
            )

    @api.model
    def _get_scored_domain(self):
        """Leads that are still marketing's: open and not taken over by sales."""
        return Domain("won_status", "=", "pending") & Domain(
            "transfer_state", "!=", "accepted"
        )

    def _update_marketing_score(self):
        """Score the leads: one search a rule for all of them; the only writer."""
        rules = (
            self.env["crm.lead.score.rule"].sudo().search(Domain.TRUE)
        )  # hold for everybody
        everybody = self.sudo().with_context(active_test=False, tracking_disable=True)
        met = {lead: [] for lead in everybody}
        for rule in rules:
            for lead in everybody.search(
                rule._get_domain() & Domain("id", "in", self.ids)
            ):
                met[lead].append([rule.id, rule.points])
        now = fields.Datetime.now()
        groups = {}
        for lead, detail in met.items():
            groups.setdefault(tuple(map(tuple, detail)), everybody.browse())
            groups[tuple(map(tuple, detail))] |= lead
        for detail, leads in groups.items():
            leads.write(
                {
                    "marketing_score": sum(points for _rule, points in detail),
                    "marketing_score_detail": [list(row) for row in detail],
                    "marketing_score_date": now,
                }
            )

    def action_update_marketing_score(self):
        """Score the leads now."""
        self.check_access("write")
        self._update_marketing_score()

    @api.model
    def _cron_update_marketing_score(self):
        """Score all leads that are marketing's, batch by batch."""
        ids = self.search(self._get_scored_domain(), order="id").ids
        self.env["ir.cron"]._commit_progress(remaining=len(ids))
        for start in range(0, len(ids), BATCH):
            batch = self.browse(ids[start : start + BATCH])
            batch._update_marketing_score()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break
