from datetime import date

from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ContractCommon(AccountTestInvoicingCommon):
    """Customer contracts of a company with a chart of accounts."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for xmlid in (
            "crm_service.group_service_manager",
            "sales_team.group_sale_manager",
        ):
            groups |= cls.env.ref(xmlid)
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.customer = cls.env["res.partner"].create(
            {"name": "Acme Coatings", "is_company": True}
        )
        cls.reason = (
            cls.env["contract.terminate.reason"]
            .sudo()
            .create({"name": "Moved", "terminate_comment_required": False})
        )

    @classmethod
    def contract(cls, activate=True, customer=None, **line):
        """Return a contract of one line of 100 a month from 1 January 2025."""
        line = {
            "name": "Care",
            "product_id": cls.product_a.id,
            "price_unit": 100.0,
            "recurring_rule_type": "monthly",
            "date_start": date(2025, 1, 1),
        } | line
        contract = cls.env["contract.contract"].create(
            {
                "name": "Gold",
                "partner_id": (customer or cls.customer).id,
                "contract_line_ids": [Command.create(line)],
            }
        )
        if activate:
            contract.action_activate()
        return contract

    def bill(self, contracts, day):
        """Bill ``contracts`` as the cron does, without its commits."""
        self.env["contract.contract"]._bill_chunk(contracts.ids, day)
        return self.invoices(contracts)

    def invoices(self, contracts):
        lines = self.env["account.move.line"].search(
            [("contract_line_id.contract_id", "in", contracts.ids)]
        )
        return lines.move_id.sorted("id")

    def terminate(self, contract, day):
        contract._terminate_contract(self.reason, "", day)
