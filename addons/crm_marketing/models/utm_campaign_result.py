from odoo import api, fields, models
from odoo.fields import Domain

READERS = "mass_mailing.group_mass_mailing_user,crm_analytics.group_analyst"
ANALYSTS = "crm_analytics.group_analyst"
FIGURES = {
    "result_lead_count": "lead_count",
    "result_deal_count": "deal_count",
    "result_won_count": "won_count",
    "result_order_count": "order_count",
    "result_order_amount": "order_amount",
    "result_revenue": "revenue",
    "result_cost": "cost",
}


class UtmCampaign(models.Model):
    """What a campaign brought and cost, in the company that the user works in."""

    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    result_currency_id = fields.Many2one(
        "res.currency", compute="_compute_result_currency_id", groups=READERS
    )
    result_lead_count = fields.Integer(
        "Leads", compute="_compute_result", groups=READERS
    )
    result_deal_count = fields.Integer(
        "Deals", compute="_compute_result", groups=READERS
    )
    result_won_count = fields.Integer(
        "Deals Won", compute="_compute_result", groups=READERS
    )
    result_order_count = fields.Integer(
        "Orders", compute="_compute_result", groups=READERS
    )
    result_order_amount = fields.Monetary(
        "Ordered",
        "result_currency_id",
        compute="_compute_result",
        groups=READERS,
    )
    result_revenue = fields.Monetary(
        "Invoiced",
        "result_currency_id",
        compute="_compute_result",
        groups=READERS,
        help="Posted invoices less credit notes, without taxes.",
    )
    result_cost = fields.Monetary(
        "Cost",
        "result_currency_id",
        compute="_compute_result",
        groups=READERS,
        help="Posted bills and expenses of the campaign's activities.",
    )
    result_margin = fields.Monetary(
        "Invoiced Margin",
        "result_currency_id",
        compute="_compute_result_margin",
        groups=ANALYSTS,
    )
    result_profit = fields.Monetary(
        "Margin less Cost",
        "result_currency_id",
        compute="_compute_result_margin",
        groups=ANALYSTS,
    )
    result_roi = fields.Float(
        "Return (%)",
        compute="_compute_result_margin",
        groups=ANALYSTS,
        help="Invoiced margin less cost, in per cent of the cost. Empty without cost.",
    )
    result_planned_cost = fields.Monetary(
        "Planned Cost",
        "result_currency_id",
        compute="_compute_result_planned_cost",
        groups=READERS,
    )
    marketing_activity_ids = fields.One2many(
        "crm.marketing.activity", "campaign_id", "Activities", groups=READERS
    )
    effect_days = fields.Integer(
        "Days of Effect",
        default=90,
        help="How many days from the frozen audience on invoices are compared with "
        "those of the accounts held out.",
    )
    effect_ids = fields.One2many(
        "crm.campaign.effect", "campaign_id", "Measured Effect", groups=ANALYSTS
    )

    _effect_days_check = models.Constraint(
        "CHECK (effect_days > 0)", "The days of effect must be at least one."
    )

    @api.depends_context("company")
    def _compute_result_currency_id(self):
        self.result_currency_id = self.env.company.currency_id

    @api.model
    def _get_result_domain(self):
        """Entries of the current company, and leads of no company."""
        return Domain("company_id", "in", (self.env.company.id, False))

    def _read_result(self, names):
        """{campaign: sums of the entries' fields ``names``}, in one query."""
        rows = self.env["crm.campaign.entry"]._read_group(
            self._get_result_domain() & Domain("campaign_id", "in", self._origin.ids),
            ["campaign_id"],
            [f"{name}:sum" for name in names],
        )
        return {row[0]: row[1:] for row in rows}

    @api.depends_context("company")
    def _compute_result(self):
        found = self._read_result(FIGURES.values())
        for campaign in self:
            sums = found.get(campaign._origin, (0,) * len(FIGURES))
            for name, value in zip(FIGURES, sums, strict=True):
                campaign[name] = value

    @api.depends_context("company")
    def _compute_result_margin(self):
        found = self._read_result(("margin", "profit", "cost"))
        for campaign in self:
            margin, profit, cost = found.get(campaign._origin, (0, 0, 0))
            campaign.result_margin = margin
            campaign.result_profit = profit
            campaign.result_roi = 100 * profit / cost if cost > 0 else False

    @api.depends_context("company")
    def _compute_result_planned_cost(self):
        found = dict(
            self.env["crm.marketing.activity"]._read_group(
                [
                    ("campaign_id", "in", self._origin.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "!=", "refused"),
                ],
                ["campaign_id"],
                ["planned_cost:sum"],
            )
        )
        for campaign in self:
            campaign.result_planned_cost = found.get(campaign._origin, 0.0)

    # --- doors to the records -----------------------------------------------------

    def _get_result_documents(self, kind, name):
        """Records behind the rows of a kind; what the user may not read is left out."""
        rows = self.env["crm.campaign.entry"]._read_group(
            self._get_result_domain()
            & Domain([("campaign_id", "in", self.ids), ("kind", "=", kind)]),
            [name],
        )
        field = self.env["crm.campaign.entry"]._fields[name]
        return self.env[field.comodel_name].browse([row[0].id for row in rows])

    def _open_result(self, kind, name, label):
        self.ensure_one()
        records = self._get_result_documents(kind, name)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(label)s of %(campaign)s", label=label, campaign=self.title
            ),
            "res_model": records._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", records.ids)],
            "context": {"active_test": False, "create": False},
        }

    def action_open_result_leads(self):
        """Open leads and deals of the campaign."""
        return self._open_result("lead", "lead_id", self.env._("Leads and deals"))

    def action_open_result_orders(self):
        """Open the orders that the campaign brought."""
        return self._open_result("order", "order_id", self.env._("Orders"))

    def action_open_result_invoices(self):
        """Open invoices and credit notes of the campaign."""
        return self._open_result("invoice", "move_id", self.env._("Invoices"))

    def action_open_result_bills(self):
        """Open bills and entries of expenses of the campaign."""
        return self._open_result("cost", "move_id", self.env._("Bills"))

    def action_open_result(self):
        """Open all rows behind the figures."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_marketing.crm_campaign_entry_action"
        )
        domain = self._get_result_domain() & Domain("campaign_id", "=", self.id)
        return action | {
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(domain),
            "context": {"search_default_group_kind": 1},
            "display_name": self.env._("Result of %(campaign)s", campaign=self.title),
        }

    def action_update_effect(self):
        """Compare those addressed with those held out, now."""
        self.env["crm.campaign.effect"]._update(self, self.env.company)
