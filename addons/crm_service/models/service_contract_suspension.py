from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceContractSuspension(models.Model):
    """A time in which a contract neither bills nor owes service."""

    _name = "service.contract.suspension"
    _description = "Suspension of a Contract"
    _order = "date_from desc, id desc"

    contract_id = fields.Many2one(
        "contract.contract", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", help="Last day. Empty: until it is resumed.")
    reason = fields.Char(required=True)
    credit_move_id = fields.Many2one(
        "account.move",
        string="Credit note",
        readonly=True,
        copy=False,
        help="Credit of days that had been invoiced before the suspension was known.",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A suspension ends on or after the day it begins.",
    )

    @api.constrains("date_from", "date_to", "contract_id")
    def _check_overlap(self):
        for suspension in self:
            others = suspension.contract_id.suspension_ids - suspension
            if any(suspension._overlaps(other) for other in others):
                raise ValidationError(
                    self.env._(
                        "The contract %(contract)s is suspended in that time already.",
                        contract=suspension.contract_id.display_name,
                    )
                )

    def _overlaps(self, other):
        last = fields.Date.to_date("9999-12-31")
        return self.date_from <= (other.date_to or last) and other.date_from <= (
            self.date_to or last
        )
