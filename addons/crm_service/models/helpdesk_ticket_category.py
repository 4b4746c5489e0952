from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import portal_form
from .helpdesk_ticket import KINDS


class HelpdeskTicketCategory(models.Model):
    """The category decides what the customer is asked in the portal."""

    _inherit = "helpdesk.ticket.category"

    service_kind = fields.Selection(
        KINDS,
        "Kind of request",
        default="incident",
        required=True,
        help="What a request of this category from the portal becomes.",
    )
    service_asset = fields.Selection(
        [("no", "Not asked"), ("optional", "Asked"), ("required", "Has to be chosen")],
        "Installed product",
        default="optional",
        required=True,
    )
    service_contract = fields.Boolean(
        "Ask for the contract",
        help="Otherwise the contract that fits best pays.",
    )
    service_hint = fields.Text(
        "What to write",
        translate=True,
        help="Shown above the form: what we need to know to help at once.",
    )
    service_question_ids = fields.One2many(
        "service.request.question", "category_id", "Questions"
    )


class ServiceRequestQuestion(models.Model):
    """One question of the request form in the portal."""

    _name = "service.request.question"
    _description = "Question of a Request Form"
    _order = "sequence, id"

    category_id = fields.Many2one(
        "helpdesk.ticket.category", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True, translate=True)
    kind = fields.Selection(
        [
            ("text", "Text"),
            ("number", "Number"),
            ("date", "Date"),
            ("choice", "One of several"),
        ],
        default="text",
        required=True,
    )
    choices = fields.Text(translate=True, help="One a line.")
    required = fields.Boolean("Has to be answered")

    @api.constrains("kind", "choices")
    def _check_choices(self):
        for question in self:
            if question.kind == "choice" and not question._get_choices():
                raise ValidationError(
                    self.env._(
                        "Write the choices of %(question)s, one a line.",
                        question=question.name,
                    )
                )

    def _get_choices(self):
        self.ensure_one()
        return portal_form.split_choices(self.choices)

    def _get_questions(self):
        """Return what the kernel reads answers with."""
        return [
            portal_form.Question(
                question.id,
                question.name,
                question.kind,
                question.required,
                question._get_choices(),
            )
            for question in self
        ]
