from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.moves_sql import touched_pairs


class CrmCustomerDirty(models.Model):
    """Marks of what the next refresh has to recompute.

    No constraint and no order: writers only ever append, so that posting
    invoices never waits for a refresh, and a refresh never for a posting.
    """

    _name = "crm.customer.dirty"
    _description = "Customer Facts To Recompute"
    _inherit = ["crm.insight.visible"]
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    month = fields.Date(help="Empty: every month of the customer.")
    run_id = fields.Many2one("crm.value.run", index=True, ondelete="set null")

    _company_idx = models.Index("(company_id, run_id, partner_id)")

    @api.model
    def _mark(self, condition: SQL):
        """Mark the customers and months of the moves ``m`` that meet ``condition``."""
        self.env.execute_query(
            SQL(
                "INSERT INTO crm_customer_dirty (company_id, partner_id, month)"
                " %s RETURNING id",
                touched_pairs(condition),
            )
        )

    @api.model
    def _mark_days(self, pairs):
        """Mark the months of ``(customer, day)`` in every company: a cost changed."""
        pairs = {(partner.id, day) for partner, day in pairs if partner.id and day}
        if not pairs:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_customer_dirty (company_id, partner_id, month)
                SELECT DISTINCT c.id, d.partner, date_trunc('month', d.day)::date
                  FROM res_company c
            CROSS JOIN unnest(%s::int[], %s::date[]) AS d(partner, day)
             RETURNING id""",
                [partner for partner, _day in pairs],
                [day for _partner, day in pairs],
            )
        )

    @api.model
    def _mark_partners(self, partners):
        """Mark every month of the customers in every company that knows them."""
        if not partners:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_customer_dirty (company_id, partner_id)
                SELECT c.id, p.id FROM res_company c
            CROSS JOIN unnest(%s) AS p(id) RETURNING id""",
                list(partners.ids),
            )
        )
