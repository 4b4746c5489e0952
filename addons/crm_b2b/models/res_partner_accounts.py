from odoo import api, fields, models

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
        accounts = self.commercial_partner_id
        for field, (model, column) in COUNTS.items():
            Model = self.env[model]
            counts = {}
            if Model.has_access("read"):
                counts = dict(
                    Model._read_group(
                        [(f"{column}.commercial_partner_id", "in", accounts.ids)],
                        [f"{column}.commercial_partner_id"],
                        ["__count"],
                    )
                )
            for partner in self:
                partner[field] = counts.get(partner.commercial_partner_id, 0)

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
