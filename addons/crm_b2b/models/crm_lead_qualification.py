from odoo import api, fields, models

from ..tools.gates import Requirement
from ..tools.scorecard import Answer, score


class CrmTeam(models.Model):
    _inherit = "crm.team"

    scorecard_id = fields.Many2one(
        "crm.scorecard",
        string="Qualification",
        help="Scorecard of new opportunities of this team.",
    )


class CrmStage(models.Model):
    _inherit = "crm.stage"

    min_score = fields.Integer(
        string="Minimum score",
        help="An opportunity with a scorecard leaves this stage only with so many "
        "points (0-100).",
    )

    _min_score_range = models.Constraint(
        "CHECK (min_score BETWEEN 0 AND 100)", "The minimum score goes from 0 to 100."
    )

    @api.depends("min_score")
    def _compute_has_gate(self):
        return super()._compute_has_gate()

    @api.model
    def _find_gated(self):
        return super()._find_gated() | self.sudo().search([("min_score", ">", 0)])


class CrmLead(models.Model):
    _inherit = "crm.lead"

    scorecard_id = fields.Many2one(
        "crm.scorecard",
        compute="_compute_scorecard_id",
        store=True,
        readonly=False,
    )
    answer_ids = fields.One2many(
        "crm.lead.answer",
        "lead_id",
        string="Qualification",
        compute="_compute_answer_ids",
        store=True,
        readonly=False,
    )
    qualification_score = fields.Float(
        string="Score",
        compute="_compute_qualification_score",
        store=True,
        aggregator="avg",
        digits=(5, 1),
        tracking=True,
        help="Weighted answers of the scorecard, 0-100. An unanswered question has 0.",
    )

    @api.depends("team_id")
    def _compute_scorecard_id(self):
        for lead in self:
            lead.scorecard_id = lead.scorecard_id or lead.team_id.scorecard_id

    @api.depends("scorecard_id")
    def _compute_answer_ids(self):
        """A row for each question of the scorecard; given answers are kept."""
        for lead in self:
            rows = lead.answer_ids.filtered(
                lambda row, lead=lead: row.scorecard_id == lead.scorecard_id
            )
            commands = [
                fields.Command.delete(row.id) for row in lead.answer_ids - rows
            ] + [
                fields.Command.create({"question_id": question.id})
                for question in lead.scorecard_id.question_ids - rows.question_id
            ]
            lead.answer_ids = commands

    @api.depends(
        "scorecard_id",
        "answer_ids.option_id.points",
        "answer_ids.question_id.weight",
        "scorecard_id.question_ids.weight",
    )
    def _compute_qualification_score(self):
        for lead in self:
            points = {
                row.question_id: row.option_id.points
                for row in lead.answer_ids
                if row.option_id
            }
            lead.qualification_score = score(
                Answer(question.weight, points.get(question))
                for question in lead.scorecard_id.question_ids
            )

    def _get_gate_requirements(self, stages):
        requirements = super()._get_gate_requirements(stages)
        for stage in stages.filtered("min_score"):
            for lead in self._origin:
                if not lead.scorecard_id:
                    continue
                requirements[lead.id].append(
                    Requirement(
                        stage.id,
                        self.env._(
                            "qualification score %(score)d of %(minimum)d",
                            score=lead.qualification_score,
                            minimum=stage.min_score,
                        ),
                        lead.qualification_score >= stage.min_score,
                    )
                )
        return requirements
