from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import workbook_contracts

MANAGER = "crm_service.group_service_manager"


class CrmContractWorkbook(models.AbstractModel):
    """The Excel workbook of service contracts, where contracts are installed."""

    _name = "crm.contract.workbook"
    _description = "Service Contract Workbook"

    @api.model
    def _is_installed(self):
        return "mrr" in self.env.get("contract.contract", self)._fields

    @api.model
    def _get_workbook(self, company):
        """Open file with the contracts that the user may see."""
        if not self._is_installed():
            raise UserError(
                self.env._("There are no service contracts: install B2B Service.")
            )
        found = self.env["contract.contract"].search(
            [
                ("company_id", "=", company.id),
                ("contract_type", "=", "sale"),
                ("state", "!=", "draft"),
            ],
            order="date_end, id",
        )
        today = fields.Date.context_today(self)
        rates = {
            currency: currency._convert(1.0, company.currency_id, company, today, False)
            for currency in found.currency_id
        }
        return workbook_contracts.contracts(
            self._get_contracts(found, company, rates),
            self._get_lines(found, rates, today),
            company.name,
            today,
            self.env["crm.workbook.words"]._translate(workbook_contracts.LABELS),
        )

    @api.model
    def _get_contracts(self, found, company, rates):
        states = dict(found._fields["state"]._description_selection(self.env))
        classes = self._get_classes(found, company)
        money = found._has_field_access(found._fields["billed_amount"], "read")
        for contract in found:
            yield workbook_contracts.Contract(
                contract.id,
                contract.name,
                contract.partner_id.display_name or None,
                classes.get(contract.partner_id.commercial_partner_id.id),
                self._get_level(contract),
                states.get(contract.state, contract.state),
                contract.user_id.name or None,
                contract.date_start or None,
                contract.date_end or None,
                contract.mrr * rates[contract.currency_id],
                contract.billed_amount if money else None,
                contract.service_cost if money else None,
            )

    @api.model
    def _get_classes(self, found, company):
        """Words of the value classes, of customers whose class the user may see."""
        Value = self.env["crm.customer.value"]
        if not Value.has_access("read"):
            return {}
        words = dict(Value._fields["value_class"]._description_selection(self.env))
        values = Value.search_fetch(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", found.partner_id.commercial_partner_id.ids),
            ],
            ["partner_id", "value_class"],
        )
        return {value.partner_id.id: words.get(value.value_class) for value in values}

    @api.model
    def _get_level(self, contract):
        """Name of the service level of the contract, None without one."""
        if "service_level_id" in contract._fields:
            return contract.service_level_id.display_name or None
        return None

    @api.model
    def _get_lines(self, found, rates, today):
        for line in found.contract_line_ids.filtered(lambda li: not li.display_type):
            contract = line.contract_id
            state = contract.state in ("active", "suspended")
            monthly = line.monthly_recurring
            yield workbook_contracts.Line(
                contract.id,
                contract.name,
                line.name or "",
                line.date_start or None,
                line.date_end or None,
                bool(state and line._is_running(today)),
                line.quantity,
                line.price_unit,
                line.discount / 100,
                line.price_subtotal / monthly if monthly else 0.0,
                rates[contract.currency_id],
            )
