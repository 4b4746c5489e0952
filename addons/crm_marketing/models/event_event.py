from odoo import api, fields, models

READERS = "mass_mailing.group_mass_mailing_user,crm_analytics.group_analyst"


class EventEvent(models.Model):
    """A fair or a training; what it brought and cost are its campaign's figures."""

    _inherit = "event.event"

    marketing_kind = fields.Selection(
        [("fair", "Trade Fair"), ("training", "Training"), ("other", "Other")],
        "Kind",
        default="other",
        required=True,
    )
    campaign_id = fields.Many2one(
        "utm.campaign",
        index="btree_not_null",
        ondelete="restrict",
        help="Leads of the visitors count for this campaign.",
    )
    marketing_activity_ids = fields.One2many(
        "crm.marketing.activity", "event_id", "Planned Activities", groups=READERS
    )
    visitor_count = fields.Integer("Visitors", compute="_compute_visitor_count")
    result_currency_id = fields.Many2one(related="campaign_id.result_currency_id")
    result_order_amount = fields.Monetary(
        related="campaign_id.result_order_amount", currency_field="result_currency_id"
    )
    result_revenue = fields.Monetary(
        related="campaign_id.result_revenue", currency_field="result_currency_id"
    )
    result_cost = fields.Monetary(
        related="campaign_id.result_cost", currency_field="result_currency_id"
    )
    result_lead_count = fields.Integer(
        related="campaign_id.result_lead_count", string="Leads of the Campaign"
    )
    result_cost_per_lead = fields.Monetary(
        "Cost per Lead",
        "result_currency_id",
        compute="_compute_result_cost_per_lead",
        groups=READERS,
    )

    @api.depends("registration_ids.state")
    def _compute_visitor_count(self):
        # how many came may be known to everybody who sees the event
        rows = (
            self.env["event.registration"]
            .sudo()
            ._read_group(
                [("event_id", "in", self.ids), ("state", "=", "done")],
                ["event_id"],
                ["__count"],
            )
        )
        counts = {event.id: count for event, count in rows}
        for event in self:
            event.visitor_count = counts.get(event.id, 0)

    @api.depends("campaign_id")
    @api.depends_context("company")
    def _compute_result_cost_per_lead(self):
        for event in self:
            count = event.result_lead_count
            event.result_cost_per_lead = event.result_cost / count if count else 0.0

    def action_make_campaign(self):
        """Give the event a campaign of its own, so that its result can be seen."""
        for event in self.filtered(lambda event: not event.campaign_id):
            event.campaign_id = self.env["utm.campaign"].create(
                {
                    "title": event.name,
                    "company_id": event.company_id.id,
                    "user_id": event.user_id.id or self.env.uid,
                }
            )

    def action_open_result(self):
        """Open the documents behind the figures."""
        self.ensure_one()
        return self.campaign_id.action_open_result()

    def action_enter_visitor(self):
        """Open the form of the booth."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visitor"),
            "res_model": "crm.fair.visitor",
            "views": [(False, "form")],
            "target": "current",
            "context": {"default_event_id": self.id},
        }
