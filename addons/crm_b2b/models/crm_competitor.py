from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_competitor = fields.Boolean(
        string="Competitor", help="This company competes with us in opportunities."
    )
    competition_ids = fields.One2many(
        "crm.lead.competitor", "partner_id", string="Met in opportunities"
    )
    competition_count = fields.Integer(
        string="Opportunities met", compute="_compute_competition"
    )
    win_rate_against = fields.Float(
        string="Our win rate",
        compute="_compute_competition",
        help="Share of the decided opportunities with this competitor which we won.",
    )

    def _compute_competition(self):
        self.competition_count = 0
        self.win_rate_against = 0.0
        Competitor = self.env["crm.lead.competitor"]
        if not Competitor.has_access("read"):
            return
        counts = Competitor._read_group(
            [("partner_id", "in", self.ids)],
            ["partner_id", "outcome"],
            ["__count"],
        )
        by_partner = {}
        for partner, outcome, count in counts:
            by_partner.setdefault(partner.id, {})[outcome] = count
        for partner in self:
            outcomes = by_partner.get(partner.id, {})
            won, lost = outcomes.get("won", 0), outcomes.get("lost", 0)
            partner.competition_count = sum(outcomes.values())
            partner.win_rate_against = won / (won + lost) if won + lost else 0.0


class CrmLeadCompetitor(models.Model):
    """A competitor in a deal: what they offer, and what we set against it."""

    _name = "crm.lead.competitor"
    _description = "Competitor in an opportunity"
    _order = "lead_id, id"
    _rec_name = "partner_id"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Competitor",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('is_competitor', '=', True)]",
    )
    status = fields.Selection(
        [
            ("in_play", "In play"),
            ("leading", "Ahead of us"),
            ("out", "Out of the race"),
        ],
        required=True,
        default="in_play",
    )
    offer = fields.Char(string="Their offer")
    price = fields.Monetary(string="Their price")
    currency_id = fields.Many2one(related="lead_id.company_currency")
    strengths = fields.Char()
    weaknesses = fields.Char()
    counter = fields.Char(string="Our counter")
    is_winner = fields.Boolean(
        string="Lost to", help="The customer bought from this competitor."
    )
    outcome = fields.Selection(
        related="lead_id.won_status", store=True, string="Our result"
    )
    win_rate = fields.Float(
        compute="_compute_win_rate",
        store=True,
        aggregator="avg",
        help="1 for an opportunity which we won, 0 for others: read its average over "
        "decided opportunities.",
    )
    industry_id = fields.Many2one(
        related="lead_id.partner_id.commercial_partner_id.industry_id",
        store=True,
        string="Industry of the customer",
    )
    expected_revenue = fields.Monetary(
        related="lead_id.expected_revenue", store=True, string="Our amount"
    )
    user_id = fields.Many2one(related="lead_id.user_id", store=True)
    company_id = fields.Many2one(related="lead_id.company_id", store=True)

    _competitor_uniq = models.UniqueIndex(
        "(lead_id, partner_id)", "This competitor is already in the opportunity."
    )

    @api.depends("outcome")
    def _compute_win_rate(self):
        for row in self:
            row.win_rate = float(row.outcome == "won")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        # whoever names a competitor need not have rights on all partners
        rows.partner_id.filtered(lambda p: not p.is_competitor).sudo().write(
            {"is_competitor": True}
        )
        return rows


class CrmLead(models.Model):
    _inherit = "crm.lead"

    competitor_ids = fields.One2many(
        "crm.lead.competitor", "lead_id", string="Competitors", copy=True
    )
