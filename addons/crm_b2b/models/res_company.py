from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_b2b_overdue_grace = fields.Integer(
        string="Days of grace",
        default=0,
        required=True,
        help="An invoice is shown as overdue in the order-to-cash bar so many days "
        "after its due date.",
    )

    _crm_b2b_overdue_grace_positive = models.Constraint(
        "CHECK (crm_b2b_overdue_grace >= 0)",
        "The days of grace cannot be negative.",
    )
