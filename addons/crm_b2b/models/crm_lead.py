from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "order.to.cash.mixin"]

    @api.model
    def _order_to_cash_order_domain(self, keys):
        return Domain("opportunity_id", "in", list(keys))

    @api.model
    def _order_to_cash_order_key(self):
        return SQL("o.opportunity_id")
