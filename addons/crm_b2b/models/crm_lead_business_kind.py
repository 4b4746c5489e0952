from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.business_kind import business_kind


class CrmLead(models.Model):
    _inherit = "crm.lead"

    business_kind = fields.Selection(
        [
            ("new_customer", "New customer"),
            ("new_product", "New product to existing customer"),
            ("repeat", "Repeat business"),
        ],
        string="Kind of business",
        compute="_compute_business_kind",
        store=True,
        index=True,
        help="Seen from the day the opportunity was created: had the customer ordered "
        "before, and the product families of the opportunity too?",
    )

    @api.depends("partner_id", "partner_id.commercial_partner_id", "line_ids.categ_id")
    def _compute_business_kind(self):
        bought = self._get_families_bought_before()
        for lead in self:
            lead.business_kind = business_kind(
                bool(lead.partner_id) and bought.get(lead._origin.id or lead.id),
                lead.line_ids.categ_id.ids,
            )

    def _get_families_bought_before(self):
        """Return {lead id: families ordered by its customer before it was created}.

        A customer that ordered nothing is absent. One query; orders of all salespersons
        count, as the answer must not depend on who asks.
        """
        leads = self.filtered("partner_id")
        bought = defaultdict(set)
        stored = leads._origin.filtered("id")
        if not stored:
            return bought
        for model in ("sale.order", "sale.order.line", "crm.lead"):
            self.env[model].flush_model(
                [
                    name
                    for name in (
                        "partner_id",
                        "state",
                        "date_order",
                        "company_id",
                        "order_id",
                        "product_id",
                        "create_date",
                    )
                    if name in self.env[model]._fields
                    and self.env[model]._fields[name].store
                ]
            )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT lead.id, t.categ_id
                  FROM crm_lead lead
                  JOIN res_partner lp ON lp.id = lead.partner_id
                  JOIN res_partner op
                    ON op.commercial_partner_id = lp.commercial_partner_id
                  JOIN sale_order o ON o.partner_id = op.id
                   AND o.state = 'sale' AND o.date_order < lead.create_date
                   AND (lead.company_id IS NULL OR o.company_id = lead.company_id)
                   AND o.opportunity_id IS DISTINCT FROM lead.id
             LEFT JOIN sale_order_line sol ON sol.order_id = o.id
             LEFT JOIN product_product p ON p.id = sol.product_id
             LEFT JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE lead.id IN %s
                """,
                tuple(stored.ids),
            )
        )
        for lead_id, categ_id in rows:
            bought[lead_id].add(categ_id)
        return bought
