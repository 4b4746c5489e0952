from odoo import api, fields, models

POLICY_FIELDS = {
    "customer_value_window_months": "window_months",
    "customer_value_new_months": "new_months",
    "customer_value_dormant_months": "dormant_months",
    "customer_value_interest_rate": "interest_rate",
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_value_window_months = fields.Integer("Window (months)", default=12)
    customer_value_new_months = fields.Integer("New Below (months)", default=6)
    customer_value_dormant_months = fields.Integer("Dormant From (months)", default=24)
    customer_value_interest_rate = fields.Float(
        "Yearly Interest on Late Payments", default=0.08
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        # Settings are for administrators, whose groups need not include this app.
        policy = (
            self.env["crm.value.policy"]
            .sudo()
            .search(
                [("company_id", "=", self.env.company.id), ("state", "=", "current")],
                limit=1,
            )
        )
        if policy:
            values |= {name: policy[limit] for name, limit in POLICY_FIELDS.items()}
        return values

    def set_values(self):
        """A changed limit becomes a new policy version; an unchanged one nothing."""
        result = super().set_values()
        # Settings are for administrators, whose groups need not include this app.
        policy = self.env["crm.value.policy"].sudo()._get_current(self.company_id)
        policy._change({limit: self[name] for name, limit in POLICY_FIELDS.items()})
        return result
