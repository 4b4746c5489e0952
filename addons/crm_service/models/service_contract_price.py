from odoo import fields, models


class ServiceContractPrice(models.Model):
    """A change of the price of a contract line on a day, made by a revision."""

    _name = "service.contract.price"
    _description = "Price Change of a Contract Line"
    _order = "date desc, id desc"

    line_id = fields.Many2one(
        "contract.line", required=True, ondelete="cascade", index=True
    )
    contract_id = fields.Many2one(
        related="line_id.contract_id", store=True, index=True, string="Contract"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    date = fields.Date(string="Effective from", required=True)
    old_price = fields.Monetary(required=True)
    new_price = fields.Monetary(required=True)
    applied = fields.Boolean(readonly=True)
    reason = fields.Char()

    _line_date_uniq = models.Constraint(
        "UNIQUE (line_id, date)",
        "The price of a contract line can change only once on a day.",
    )

    def _apply_due(self, today):
        """Write the price of steps whose day has come on their lines."""
        for step in self.filtered(lambda s: not s.applied and s.date <= today).sorted(
            "date"
        ):
            step.line_id.specific_price = step.new_price
            step.applied = True
