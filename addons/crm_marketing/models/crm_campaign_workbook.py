from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import workbook_campaigns


class CrmCampaignEntry(models.Model):
    """The Excel workbook of campaigns, with what the user may see."""

    _inherit = "crm.campaign.entry"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_workbook(self, company):
        """Open file of results, effects, budget and the documents behind them."""
        self.check_access("read")
        return workbook_campaigns.campaigns(
            self._get_workbook_entries(company),
            self._get_workbook_effects(company),
            self._get_workbook_budgets(company),
            company.name,
            fields.Date.context_today(self),
            self.env["crm.workbook.words"]._translate(workbook_campaigns.LABELS),
        )

    @api.model
    def _get_workbook_entries(self, company):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        entries = self.search(
            Domain("company_id", "in", (company.id, False)), order="campaign_id, date"
        )
        for entry in entries:
            # the name of a document that the user may not open is no secret
            document = (entry.move_id or entry.order_id or entry.lead_id).sudo()
            yield workbook_campaigns.Entry(
                entry.campaign_id.title,
                kinds[entry.kind],
                entry.date or None,
                document.display_name,
                entry.partner_id.sudo().display_name or None,
                entry.lead_count,
                entry.order_count,
                entry.order_amount,
                entry.revenue,
                entry.margin,
                entry.cost,
            )

    @api.model
    def _get_workbook_effects(self, company):
        Effect = self.env["crm.campaign.effect"]
        if not Effect.has_access("read"):
            return
        metrics = dict(Effect._fields["metric"]._description_selection(self.env))
        for effect in Effect.search([("company_id", "=", company.id)]):
            bounds = [effect.difference, effect.low, effect.high, effect.total]
            yield workbook_campaigns.Effect(
                effect.campaign_id.title,
                metrics[effect.metric],
                effect.treated_count,
                effect.held_count,
                effect.treated_mean,
                effect.held_mean,
                *(bounds if effect.is_known else [None] * 4),
                effect.verdict,
            )

    @api.model
    def _get_workbook_budgets(self, company):
        activities = self.env["crm.marketing.activity"].search(
            [("company_id", "=", company.id), ("state", "!=", "refused")],
            order="plan_id, date_from, id",
        )
        for activity in activities:
            yield workbook_campaigns.Budget(
                activity.plan_id.name,
                activity.name,
                activity.date_from,
                activity.planned_cost,
                activity.actual_cost,
            )


class CrmInsightMailing(models.Model):
    _inherit = "crm.insight.mailing"

    workbook = fields.Selection(
        selection_add=[("campaigns", "Campaign Results")],
        ondelete={"campaigns": "cascade"},
    )

    @api.model
    def _get_groups(self):
        return super()._get_groups() | {"campaigns": "crm_analytics.group_analyst"}

    def _get_book(self):
        if self.workbook == "campaigns":
            return self.env["crm.campaign.entry"]._get_workbook(self.company_id)
        return super()._get_book()
