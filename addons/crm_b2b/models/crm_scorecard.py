from odoo import fields, models


class CrmScorecard(models.Model):
    _name = "crm.scorecard"
    _description = "Qualification scorecard"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    question_ids = fields.One2many("crm.scorecard.question", "scorecard_id", copy=True)
    question_count = fields.Integer(compute="_compute_question_count")

    def _compute_question_count(self):
        for scorecard in self:
            scorecard.question_count = len(scorecard.question_ids)


class CrmScorecardQuestion(models.Model):
    _name = "crm.scorecard.question"
    _description = "Question of a scorecard"
    _order = "scorecard_id, sequence, id"

    name = fields.Char(string="Question", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    scorecard_id = fields.Many2one(
        "crm.scorecard", required=True, ondelete="cascade", index=True
    )
    weight = fields.Float(default=1.0, required=True)
    option_ids = fields.One2many(
        "crm.scorecard.option", "question_id", string="Answers", copy=True
    )

    _weight_positive = models.Constraint(
        "CHECK (weight >= 0)", "The weight of a question cannot be negative."
    )


class CrmScorecardOption(models.Model):
    _name = "crm.scorecard.option"
    _description = "Graded answer"
    _order = "question_id, points, id"

    name = fields.Char(string="Answer", required=True, translate=True)
    question_id = fields.Many2one(
        "crm.scorecard.question", required=True, ondelete="cascade", index=True
    )
    points = fields.Integer(required=True, default=0)

    _points_range = models.Constraint(
        "CHECK (points BETWEEN 0 AND 100)", "Points go from 0 to 100."
    )
