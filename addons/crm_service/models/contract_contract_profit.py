from odoo import fields, models


class ContractContract(models.Model):
    """What a contract has brought: billed less the cost of service."""

    _inherit = "contract.contract"

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    billed_amount = fields.Monetary(
        string="Billed",
        compute="_compute_profit",
        currency_field="company_currency_id",
        groups="crm_service.group_service_manager,account.group_account_invoice",
        help="Posted invoices less credit notes, without tax.",
    )
    service_cost = fields.Monetary(
        string="Cost of service",
        compute="_compute_profit",
        currency_field="company_currency_id",
        groups="crm_service.group_service_manager,account.group_account_invoice",
    )
    profit_amount = fields.Monetary(
        string="Profit",
        compute="_compute_profit",
        currency_field="company_currency_id",
        groups="crm_service.group_service_manager,account.group_account_invoice",
    )

    def _compute_profit(self):
        # the sums only, of contracts the user may read: he need not read invoices
        lines = self.env["account.move.line"].sudo()
        billed = (
            {
                contract.id: -balance
                for contract, balance in lines._read_group(
                    [
                        ("contract_line_id.contract_id", "in", self.ids),
                        ("parent_state", "=", "posted"),
                        ("display_type", "=", "product"),
                    ],
                    ["contract_line_id.contract_id"],
                    ["balance:sum"],
                )
            }
            if self.ids
            else {}
        )
        costs = self._get_service_costs()
        for contract in self:
            contract.billed_amount = billed.get(contract.id, 0.0)
            contract.service_cost = costs.get(contract.id, 0.0)
            contract.profit_amount = contract.billed_amount - contract.service_cost

    def _get_service_costs(self):
        """Hook: return {contract id: cost} in the currency of its company."""
        return {}

    def _compute_invoice_count(self):
        """Count for those who may not read invoices: they see the number only."""
        counts = dict(
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [("contract_line_id.contract_id", "in", self.ids)],
                ["contract_line_id.contract_id"],
                ["move_id:count_distinct"],
            )
        )
        for contract in self:
            contract.invoice_count = counts.get(contract._origin, 0)
