from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceEntitlementMove(models.Model):
    """One line of the ledger of an entitlement. Written once, never changed."""

    _name = "service.entitlement.move"
    _description = "Entitlement Move"
    _order = "id desc"
    _rec_name = "kind"

    entitlement_id = fields.Many2one(
        "service.entitlement", required=True, index=True, ondelete="restrict"
    )
    contract_id = fields.Many2one(
        related="entitlement_id.contract_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="entitlement_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(related="entitlement_id.company_id", store=True)
    entitlement_kind = fields.Selection(
        related="entitlement_id.kind", string="Of", store=True
    )
    kind = fields.Selection(
        [
            ("grant", "Granted"),
            ("consume", "Used"),
            ("return", "Given back"),
            ("expire", "Expired"),
        ],
        required=True,
    )
    date = fields.Date(required=True, index=True)
    period_end = fields.Date(string="Period until", required=True)
    quantity = fields.Float(required=True, help="Signed: use and expiry are negative.")
    res_model = fields.Char(string="Document type", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Booked by", default=lambda self: self.env.user
    )
    note = fields.Char()

    _sign = models.Constraint(
        "CHECK (CASE WHEN kind IN ('grant', 'return') THEN quantity >= 0 "
        "ELSE quantity <= 0 END)",
        "Grants and returns are positive, use and expiry are negative.",
    )

    #: Copied from the entitlement by the framework, not by a user.
    _RELATED = {"contract_id", "partner_id", "company_id", "entitlement_kind"}

    def write(self, vals):
        if set(vals) - self._RELATED:
            raise UserError(
                self.env._(
                    "The ledger of an entitlement is never changed. "
                    "Give back what was booked wrongly."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The ledger of an entitlement is never deleted."))

    def action_open_document(self):
        self.ensure_one()
        if not self.res_model:
            return False
        return self.env[self.res_model].browse(self.res_id).get_formview_action()
