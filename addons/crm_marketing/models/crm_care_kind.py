from odoo import fields, models


class CrmCareKind(models.Model):
    """A kind of date in the care calendar, and how long before its owner is told."""

    _name = "crm.care.kind"
    _description = "Kind of Care Date"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(
        default=True, help="Dates of an archived kind are not shown and not reminded."
    )
    days = fields.Integer(
        "Days of Notice", help="So many days before the date the owner gets a task."
    )
    is_reminded = fields.Boolean("Remind", default=True)
    is_public = fields.Boolean(
        "On the Customer's Page", help="The customer sees such dates in the portal."
    )
    advice = fields.Char(
        "What to Do", translate=True, help="Stands on the task of the owner."
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "Each kind has its own code.")
    _days_check = models.Constraint(
        "CHECK (days >= 0)", "Days of notice cannot be negative."
    )
