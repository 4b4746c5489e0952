from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    marketing_cap_count = fields.Integer(
        "Most Mails a Contact Gets",
        default=4,
        help="In the days below, over all purposes that count; 0 for no limit.",
    )
    marketing_cap_days = fields.Integer("Days of the Contact Limit", default=30)

    _marketing_cap_positive = models.Constraint(
        "CHECK (marketing_cap_count >= 0 AND marketing_cap_days > 0)",
        "The contact limit is zero or more mails in at least one day.",
    )
