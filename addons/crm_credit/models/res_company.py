from odoo import fields, models

from ..tools.credit_gate import Policy

OUTCOMES = [("allow", "Let pass"), ("warn", "Warn"), ("block", "Block")]


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_warn_percent = fields.Float("Warn From (% of limit)", default=80.0)
    credit_over_limit = fields.Selection(
        OUTCOMES, "Above the Limit", default="block", required=True
    )
    credit_overdue_days = fields.Integer("Overdue Days Tolerated", default=30)
    credit_overdue = fields.Selection(
        OUTCOMES, "Overdue for Longer", default="block", required=True
    )

    _credit_warn_percent = models.Constraint(
        "CHECK (credit_warn_percent BETWEEN 0 AND 100)",
        "Warn from a share of the limit between 0 and 100 %.",
    )
    _credit_overdue_days = models.Constraint(
        "CHECK (credit_overdue_days >= 0)",
        "The tolerated overdue days cannot be negative.",
    )

    def _get_credit_policy(self) -> Policy:
        self.ensure_one()
        return Policy(
            warn_percent=self.credit_warn_percent,
            over_limit=self.credit_over_limit,
            overdue_days=self.credit_overdue_days,
            overdue=self.credit_overdue,
        )
