from odoo import models


class CrmCustomerSuggestion(models.Model):
    _inherit = "crm.customer.suggestion"

    def _get_reason_for_customer(self):
        """The reason as the customer may read it: nothing of what others bought."""
        self.ensure_one()
        bought = self.rule_id.left_id | self.rule_id.left_two_id
        return self.env._(
            "Because you bought %(products)s",
            products=self.env._(" and ").join(bought.mapped("name")),
        )
