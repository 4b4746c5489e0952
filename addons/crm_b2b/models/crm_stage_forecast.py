from odoo import fields, models

CATEGORIES = [
    ("pipeline", "Pipeline"),
    ("best_case", "Best Case"),
    ("commit", "Commit"),
    ("closed", "Closed"),
    ("omitted", "Omitted"),
]


class CrmStage(models.Model):
    _inherit = "crm.stage"

    forecast_category = fields.Selection(
        CATEGORIES,
        default="pipeline",
        required=True,
        help="The category a deal gets when it enters this stage.",
    )
