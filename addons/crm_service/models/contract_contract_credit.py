from odoo import Command, fields, models

from ..tools import contract_periods as periods


class ContractContract(models.Model):
    """Unused days that were invoiced are credited by the day, as a draft."""

    _inherit = "contract.contract"

    def _credit_days(self, first, last, suspensions):
        """Return a draft credit note for the billed days of ``first..last``.

        Days in ``suspensions`` (of the kernel) were not billed and are left out. Empty
        if nothing of it had been invoiced.
        """
        self.ensure_one()
        commands = [
            Command.create(vals)
            for line in self.contract_line_ids
            for vals in line._prepare_credit_lines(first, last, suspensions)
        ]
        if not commands:
            return self.env["account.move"]
        vals = self._prepare_invoice(fields.Date.context_today(self))
        vals |= {"move_type": "out_refund", "invoice_line_ids": commands}
        # who ends or resumes a contract need not be an accountant
        move = self.env["account.move"].sudo().create(vals)
        self._log_due_invoices([(self, move)])
        return move.sudo(False)

    def _terminate_contract(
        self,
        terminate_reason_id,
        terminate_comment,
        terminate_date,
        terminate_lines_with_last_date_invoiced=False,
    ):
        """End customer contracts on the day asked for, crediting what was prepaid."""
        if self.contract_type == "sale":
            if self._get_open_suspension():
                self._resume(fields.Date.add(terminate_date, days=1))
            if not terminate_lines_with_last_date_invoiced:
                self._shorten(terminate_date)
        result = super()._terminate_contract(
            terminate_reason_id,
            terminate_comment,
            terminate_date,
            terminate_lines_with_last_date_invoiced,
        )
        if self.contract_type == "sale":
            self._end_entitlements(terminate_date)
            self._refresh_state()
        return result

    def _shorten(self, last_day):
        """Credit all billed days after ``last_day`` and forget that they were."""
        latest = max(
            filter(None, self.contract_line_ids.mapped("last_date_invoiced")),
            default=None,
        )
        if not latest or latest <= last_day:
            return
        self._credit_days(
            fields.Date.add(last_day, days=1), latest, self._get_suspensions()
        )
        for line in self.contract_line_ids:
            if line.last_date_invoiced and line.last_date_invoiced > last_day:
                line.last_date_invoiced = (
                    last_day if line.date_start <= last_day else False
                )

    def _end_entitlements(self, last_day):
        """Hook: what is owed ends with the contract."""

    def action_cancel_contract_termination(self):
        result = super().action_cancel_contract_termination()
        self._refresh_state()
        return result


class ContractLine(models.Model):
    _inherit = "contract.line"

    def _prepare_credit_lines(self, first, last, suspensions):
        """Return values of credit lines for billed days in ``first..last``."""
        self.ensure_one()
        if self.display_type or not self.last_date_invoiced:
            return []
        term = self._get_term()._replace(suspensions=suspensions)
        last = min(last, self.last_date_invoiced)
        vals_list = [
            self._prepare_period_line(piece)
            for piece in periods.periods_between(term, first, last)
        ]
        for vals in vals_list:
            vals.update(service_period_start=False, service_period_end=False)
        return vals_list
