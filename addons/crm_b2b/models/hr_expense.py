from odoo import api, fields, models
from odoo.tools import SQL

# An expense is a cost of selling once somebody has approved it.
BOOKED = ("approved", "posted", "in_payment", "paid")


class HrExpense(models.Model):
    """Expenses of selling are booked on the deal, or on the account."""

    _inherit = "hr.expense"

    crm_lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain="[('type', '=', 'opportunity')]",
        help="The deal this money was spent for.",
    )
    crm_partner_id = fields.Many2one(
        "res.partner",
        "For Customer",
        compute="_compute_crm_partner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('is_company', '=', True)]",
        help="The customer this money was spent for.",
    )

    @api.depends("crm_lead_id")
    def _compute_crm_partner_id(self):
        for expense in self:
            expense.crm_partner_id = (
                expense.crm_lead_id.partner_id.commercial_partner_id
                or expense.crm_partner_id
            )

    @api.model
    def _get_selling_cost(self, column, ids):
        """Return {id: booked expenses} by ``column``, in company currency.

        One statement, past the expenses' own rules: a sum tells nobody's receipts.
        """
        if not ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(column)s, sum(untaxed_amount)
                  FROM hr_expense
                 WHERE state IN %(states)s AND %(column)s = ANY(%(ids)s)
                   AND company_id = ANY(%(companies)s)
                 GROUP BY 1
                """,
                column=SQL.identifier(column),
                states=BOOKED,
                ids=list(ids),
                companies=self.env.companies.ids,
            )
        )
        return {key: float(amount or 0) for key, amount in rows}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    expense_ids = fields.One2many("hr.expense", "crm_lead_id", "Expenses")
    acquisition_cost = fields.Monetary(
        "Cost of Acquisition",
        currency_field="company_currency",
        compute="_compute_acquisition_cost",
        help="Approved expenses booked on this deal, without taxes.",
    )
    acquisition_share = fields.Float(
        "Cost of Acquisition (%)",
        compute="_compute_acquisition_cost",
        help="Cost of acquisition as a share of the expected revenue.",
    )

    @api.depends("expense_ids.state", "expected_revenue")
    @api.depends_context("allowed_company_ids")
    def _compute_acquisition_cost(self):
        costs = self.env["hr.expense"]._get_selling_cost(
            "crm_lead_id", self._origin.ids
        )
        for lead in self:
            lead.acquisition_cost = costs.get(lead._origin.id, 0.0)
            lead.acquisition_share = (
                100 * lead.acquisition_cost / lead.expected_revenue
                if lead.expected_revenue
                else 0.0
            )

    def action_view_expenses(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Expenses of the Deal"),
            "res_model": "hr.expense",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("crm_lead_id", "=", self.id)],
            "context": {"default_crm_lead_id": self.id},
        }
