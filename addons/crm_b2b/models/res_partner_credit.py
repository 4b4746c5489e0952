from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    risk_sale_order_include = fields.Boolean(default=True)

    # see crm_credit: what is added up depends on the companies selected
    @api.depends_context("allowed_company_ids")
    def _compute_risk_sale_order(self):
        return super()._compute_risk_sale_order()
