from odoo import api, fields, models
from odoo.tools import SQL

from .crm_customer_value import VALUE_CLASSES


class CrmCustomerMove(models.Model):
    """A customer's step from one value class to another, as a refresh found it."""

    _name = "crm.customer.move"
    _description = "Value Class Move"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    run_id = fields.Many2one("crm.value.run", readonly=True, ondelete="set null")
    date = fields.Date(required=True, readonly=True)
    class_from = fields.Selection(VALUE_CLASSES, "From", readonly=True)
    class_to = fields.Selection(VALUE_CLASSES, "To", readonly=True)
    monetary = fields.Monetary("Revenue at the Move", readonly=True)

    _company_idx = models.Index("(company_id, date)")
    _partner_idx = models.Index("(partner_id, date)")

    @api.model
    def _record(self, run):
        """Keep the moves that the run found.

        The first classification of a company is no move; a customer that is classified
        for the first time later comes from nowhere.
        """
        if not run._get_last(run.company_id):
            return self
        ids = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_customer_move
                       (company_id, partner_id, run_id, date, class_from, class_to,
                        monetary)
                SELECT %s, partner_id, %s, %s, class_from, class_to, monetary
                  FROM crm_an_move WHERE class_to IS NOT NULL
             RETURNING id""",
                run.company_id.id,
                run.id,
                run.as_of,
            )
        )
        return self.browse(row[0] for row in ids)
