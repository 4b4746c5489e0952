from odoo import fields, models


class CrmMarketingActivityType(models.Model):
    """What kind of thing marketing does: mail, fair, training, advertising."""

    _name = "crm.marketing.activity.type"
    _description = "Marketing Activity Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "This type exists already.")
