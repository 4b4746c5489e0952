from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmReviewReason(models.Model):
    _name = "crm.review.reason"
    _description = "Reason of a win or a loss"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class CrmTeam(models.Model):
    _inherit = "crm.team"

    review_required = fields.Boolean(
        string="Win/loss review",
        help="Opportunities of this team are marked lost only with a review; for a "
        "won one the salesperson gets it as a task.",
    )


class CrmLeadReview(models.Model):
    """What was learnt from a won or lost deal."""

    _name = "crm.lead.review"
    _description = "Win/loss review"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, ondelete="cascade", index=True
    )
    outcome = fields.Selection(
        related="lead_id.won_status", store=True, string="Result"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    reviewer_id = fields.Many2one(
        "res.users", string="Reviewed by", default=lambda self: self.env.user
    )
    reason_ids = fields.Many2many("crm.review.reason", string="Reasons", required=True)
    lost_reason_id = fields.Many2one(related="lead_id.lost_reason_id")
    competitor_id = fields.Many2one(
        "res.partner",
        string="Lost to",
        domain="[('is_competitor', '=', True)]",
        tracking=True,
    )
    price_gap = fields.Float(
        string="Price gap (%)", help="How much cheaper the winner was, as far as known."
    )
    customer_view = fields.Text(string="What the customer says")
    lessons = fields.Text(string="What we learn", tracking=True)
    partner_id = fields.Many2one(related="lead_id.partner_id", store=True)
    team_id = fields.Many2one(related="lead_id.team_id", store=True)
    user_id = fields.Many2one(related="lead_id.user_id", store=True)
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    currency_id = fields.Many2one(related="lead_id.company_currency")
    expected_revenue = fields.Monetary(related="lead_id.expected_revenue", store=True)

    _lead_uniq = models.UniqueIndex(
        "(lead_id)", "This opportunity has been reviewed already."
    )

    @api.constrains("lead_id")
    def _check_decided(self):
        for review in self:
            if review.lead_id.won_status == "pending":
                raise ValidationError(
                    self.env._(
                        "“%(deal)s” is still open. Review it when it is won or lost.",
                        deal=review.lead_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        reviews = super().create(vals_list)
        reviews._mark_winner()
        reviews.lead_id.activity_unlink(["crm_b2b.mail_activity_type_review"])
        return reviews

    def write(self, vals):
        result = super().write(vals)
        if "competitor_id" in vals:
            self._mark_winner()
        return result

    def _mark_winner(self):
        """Keep the competitors of the deal in line with the review."""
        for review in self.filtered("competitor_id"):
            rows = review.lead_id.competitor_ids
            winner = rows.filtered(
                lambda row, review=review: row.partner_id == review.competitor_id
            ) or rows.create(
                {"lead_id": review.lead_id.id, "partner_id": review.competitor_id.id}
            )
            (rows - winner).is_winner = False
            winner.is_winner = True


class CrmLead(models.Model):
    _inherit = "crm.lead"

    review_ids = fields.One2many("crm.lead.review", "lead_id")
    review_missing = fields.Boolean(
        compute="_compute_review_missing", search="_search_review_missing"
    )

    @api.model
    def _get_review_missing_domain(self):
        return [
            ("team_id.review_required", "=", True),
            ("won_status", "in", ("won", "lost")),
            ("review_ids", "=", False),
        ]

    @api.depends("team_id.review_required", "won_status", "review_ids")
    def _compute_review_missing(self):
        missing = self.filtered_domain(self._get_review_missing_domain())
        for lead in self:
            lead.review_missing = lead in missing

    def _search_review_missing(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return self._get_review_missing_domain()

    def action_set_won(self):
        result = super().action_set_won()
        for lead in self.filtered("review_missing"):
            lead.activity_schedule(
                "crm_b2b.mail_activity_type_review",
                user_id=lead.user_id.id or self.env.uid,
            )
        return result

    def action_review(self):
        """Open the review of the deal, a new one if there is none."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Win/loss review"),
            "res_model": "crm.lead.review",
            "views": [(False, "form")],
            "res_id": self.review_ids[:1].id,
            "target": "current" if self.review_ids else "new",
            "context": {"default_lead_id": self.id},
        }
