from odoo import api, fields, models
from odoo.tools import SQL

COUNTS = {
    "account_plan_count": ("crm.account.plan", "partner_id"),
    "visit_count": ("crm.visit.report", "partner_id"),
    "frame_agreement_count": ("sale.blanket.order", "partner_id"),
    "registration_count": ("crm.deal.registration", "partner_id"),
}


class ResPartner(models.Model):
    """Smart buttons of an account: each counts what its list shows."""

    _inherit = "res.partner"

    account_plan_count = fields.Integer(compute="_compute_account_counts")
    visit_count = fields.Integer(compute="_compute_account_counts")
    frame_agreement_count = fields.Integer(compute="_compute_account_counts")
    registration_count = fields.Integer(compute="_compute_account_counts")
    selling_cost = fields.Float(
        "Selling Expenses",
        compute="_compute_selling_cost",
        groups="sales_team.group_sale_salesman",
        help="Approved expenses booked on this account or its deals.",
    )

    def _compute_account_counts(self):
        """All counts in one query, each under its own record rules."""
        accounts = self.commercial_partner_id.ids
        queries = [
            SQL("(%s)", self._get_count_query(name, accounts))
            for name in COUNTS
            if self.env[COUNTS[name][0]].has_access("read")
        ]
        union = SQL(" UNION ALL ").join(queries)
        rows = self.env.execute_query(union) if accounts and queries else []
        counts = {(name, account): count for name, account, count in rows}
        for partner in self:
            account = partner.commercial_partner_id._origin.id
            for name in COUNTS:
                partner[name] = counts.get((name, account), 0)

    def _get_count_query(self, name, accounts):
        """SELECT name, account, number of its records."""
        model, column = COUNTS[name]
        records, path = self.env[model], f"{column}.commercial_partner_id"
        query = records._search([(path, "in", accounts)])
        account = records._read_group_groupby(records._table, path, query)
        query.groupby = account
        return query.select(SQL("%s::text", name), account, SQL("count(*)"))

    @api.depends_context("allowed_company_ids")
    def _compute_selling_cost(self):
        accounts = self.commercial_partner_id
        costs = self.env["hr.expense"]._get_selling_cost("crm_partner_id", accounts.ids)
        for partner in self:
            partner.selling_cost = costs.get(partner.commercial_partner_id.id, 0.0)

    def _get_account_action(self, xmlid, column="partner_id", **context):
        """Return the action of ``xmlid`` on the records of this account."""
        self.ensure_one()
        account = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return action | {
            "domain": [(f"{column}.commercial_partner_id", "=", account.id)],
            "context": {f"default_{column}": account.id, **context},
        }

    def action_view_account_plans(self):
        return self._get_account_action("crm_b2b.crm_account_plan_action")

    def action_view_visits(self):
        return self._get_account_action("crm_b2b.crm_visit_report_action")

    def action_view_frame_agreements(self):
        return self._get_account_action("crm_b2b.sale_blanket_order_action")

    def action_view_registrations(self):
        return self._get_account_action("crm_b2b.crm_deal_registration_action")

    def action_view_wallet(self):
        return self._get_account_action(
            "crm_b2b.crm_wallet_estimate_action", search_default_latest=1
        )

    def action_view_selling_expenses(self):
        return self._get_account_action(
            "crm_b2b.hr_expense_action_selling", "crm_partner_id"
        )
