from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    risk_sale_order_include = fields.Boolean(default=True)

    # see crm_credit: what is added up depends on the companies selected
    @api.depends_context("allowed_company_ids")
    def _compute_risk_sale_order(self):
        return super()._compute_risk_sale_order()

    # -- the same figure inside the one statement of the gate -----------------------

    @api.model
    def _is_known_exposure(self, risk):
        return risk == "risk_sale_order" or super()._is_known_exposure(risk)

    def _flush_exposures(self):
        self.env["sale.order.line"].flush_model(
            ["risk_partner_id", "risk_amount", "state", "company_id"]
        )
        return super()._flush_exposures()

    def _get_exposure_parts(self, today):
        company = self.env.company
        return super()._get_exposure_parts(today) + [
            SQL(
                """SELECT 'risk_sale_order', l.risk_partner_id, NULL, %(currency)s,
                          sum(l.risk_amount), sum(l.risk_amount)
                     FROM sale_order_line l
                    WHERE l.risk_partner_id IN %(ids)s
                      AND l.company_id = %(company)s AND l.state IN %(states)s
                 GROUP BY l.risk_partner_id""",
                currency=company.currency_id.id,
                ids=tuple(self.ids),
                company=company.id,
                states=tuple(self.env["sale.order"]._get_risk_states()),
            )
        ]
