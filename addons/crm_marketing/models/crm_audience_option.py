from odoo import fields, models

KINDS = [
    ("value_class", "Value Class"),
    ("lifecycle", "Lifecycle Stage"),
    ("tier", "Service Tier"),
]


class CrmAudienceOption(models.Model):
    """A judgement of a customer that one can choose several of."""

    _name = "crm.audience.option"
    _description = "Audience Option"
    _order = "kind, sequence, id"

    kind = fields.Selection(KINDS, required=True)
    code = fields.Char(required=True, help="The value on the customer's judgement.")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)

    _code_uniq = models.Constraint(
        "UNIQUE (kind, code)", "An option stands once for its kind."
    )
