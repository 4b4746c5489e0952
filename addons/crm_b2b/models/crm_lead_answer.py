from odoo import fields, models


class CrmLeadAnswer(models.Model):
    _name = "crm.lead.answer"
    _description = "Answer of the qualification"
    _order = "lead_id, question_sequence, id"
    _rec_name = "question_id"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade", index=True)
    question_id = fields.Many2one(
        "crm.scorecard.question", required=True, ondelete="cascade"
    )
    question_sequence = fields.Integer(related="question_id.sequence", store=True)
    scorecard_id = fields.Many2one(related="question_id.scorecard_id", store=True)
    weight = fields.Float(related="question_id.weight")
    option_id = fields.Many2one(
        "crm.scorecard.option",
        string="Answer",
        ondelete="restrict",
        domain="[('question_id', '=', question_id)]",
    )
    points = fields.Integer(related="option_id.points")
    note = fields.Char()

    _question_uniq = models.UniqueIndex(
        "(lead_id, question_id)", "A question is answered once on an opportunity."
    )
