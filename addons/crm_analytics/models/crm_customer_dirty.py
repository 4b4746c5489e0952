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
