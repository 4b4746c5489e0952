from odoo import fields, models


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    service_relationship = fields.Boolean(
        "Yearly survey of customers",
        help="Sent by itself, once a year, to the contacts of customers with a "
        "contract or orders.",
    )


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    service_measure = fields.Selection(
        [("again", "Would buy again"), ("recommend", "Would recommend")],
        help="Answers from 0 to 10 to this question make the net promoter score.",
    )
