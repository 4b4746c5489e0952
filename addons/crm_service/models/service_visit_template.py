from odoo import fields, models


class ServiceVisitTemplate(models.Model):
    """A kind of visit: how long, who can, and what is to be checked."""

    _name = "service.visit.template"
    _description = "Kind of Visit"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    duration = fields.Float(default=1.0, required=True)
    skill_ids = fields.Many2many("hr.skill", string="Skills needed")
    line_ids = fields.One2many("service.visit.template.line", "template_id", "Checks")

    _duration = models.Constraint("CHECK (duration > 0)", "A visit takes some time.")


class ServiceVisitTemplateLine(models.Model):
    _name = "service.visit.template.line"
    _description = "Check of a Kind of Visit"
    _order = "sequence, id"

    template_id = fields.Many2one(
        "service.visit.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    mandatory = fields.Boolean(default=True)


class ServiceVisitCheck(models.Model):
    _name = "service.visit.check"
    _description = "Check on a Visit"
    _order = "sequence, id"

    visit_id = fields.Many2one(
        "service.visit", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    mandatory = fields.Boolean(default=True)
    done = fields.Boolean()
    note = fields.Char("Finding")
