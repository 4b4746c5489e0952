from datetime import timedelta

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools import contract_value
from ..tools.moves_sql import customer_moves

RUNNING = ("active", "suspended")
DAYS = 365.25 / 12  # of a month


class CrmCustomerContractValue(models.Model):
    """Customers under contract: their lifetime value counts what the contract bills."""

    # The facts' kernels, by subject.
    _inherit = "crm.customer.fact"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _has_contracts(self):
        return "mrr" in self.env.get("contract.contract", self)._fields

    @api.model
    def _get_contract_customers(self, run):
        """Ids of the customers with a contract that runs on the day of ``run``."""
        if not self._has_contracts():
            return []
        contracts = self._get_contracts(run, [("state", "in", RUNNING)])
        return contracts.partner_id.commercial_partner_id.ids

    @api.model
    def _get_contracts(self, run, domain):
        """Contracts of the company that began; the base dates some by their entry."""
        return self.env["contract.contract"].search(
            [
                ("company_id", "=", run.company_id.id),
                ("contract_type", "=", "sale"),
                ("contract_line_ids.date_start", "<=", run.as_of),
                *domain,
            ],
            order="id",
        )

    @api.model
    def _get_contract_values(self, run, ids, lifetime_policy):
        """Value of its contracts by customer, and the share of them in its revenue.

        What is bought under contract is taken out of the model's share, so that it is
        not counted twice. Both are NaN without the application.
        """
        if not self._has_contracts():
            nothing = np.full(len(ids), np.nan)
            return nothing, nothing
        contracts = self._get_contract_columns(run, lifetime_policy.months)
        found = contract_value.present_value(contracts, lifetime_policy)
        pairs = zip(found.customer.tolist(), found.value.tolist(), strict=True)
        run.model_fit = {**(run.model_fit or {}), "contracts": found.report}
        return (
            self._spread(ids, list(pairs), 0.0),
            self._spread(ids, self._get_contract_shares(run), 0.0),
        )

    @api.model
    def _get_contract_columns(self, run, months):
        """Every contract that began, in the company's currency and by margin."""
        contracts = self._get_contracts(run, [("state", "!=", "draft")]).filtered(
            "partner_id"
        )
        margin = self._get_contract_margin(contracts)
        rates = {
            currency: margin
            * currency._convert(
                1.0, run.company_id.currency_id, run.company_id, run.as_of, round=False
            )
            for currency in contracts.currency_id
        }
        billed = self._get_billed_until(run, contracts)
        rows = [
            self._get_contract_row(contract, run, billed, months)
            for contract in contracts
        ]
        columns = list(zip(*rows, strict=True)) or [[]] * 7
        rate = np.array([rates[contract.currency_id] for contract in contracts])
        kinds = (np.int64, np.int64, float, bool, float, float, float)
        arrays = [np.array(c, dtype=k) for c, k in zip(columns, kinds, strict=True)]
        arrays[5] = arrays[5].reshape(len(rows), months) * rate[:, None]
        arrays[6] = arrays[6] * rate
        return contract_value.Contracts(*arrays)

    @api.model
    def _get_contract_row(self, contract, run, billed, months):
        end, as_of = contract.date_end, run.as_of
        ended = contract.state not in RUNNING or bool(end and end < as_of)
        until = min(end or as_of, as_of) if ended else as_of
        lines = contract.contract_line_ids.filtered("date_start")
        billing, renewal = np.zeros(months), 0.0
        if contract.state in RUNNING:
            for line in lines:
                billing += self._get_coming_months(
                    line._get_coming_bills(
                        billed.get(line.id), as_of + relativedelta(months=months)
                    ),
                    as_of,
                    months,
                )
        if end and not ended and not contract._service_is_suspended(end):
            last = lines.filtered(lambda line: line._is_running(end))
            renewal = sum(last.mapped("monthly_recurring"))
        return (
            contract.partner_id.commercial_partner_id.id,
            contract.service_level_id.id
            if "service_level_id" in contract._fields
            else 0,
            max((until - min(lines.mapped("date_start"))).days, 0) / DAYS,
            ended,
            (end - as_of).days / DAYS if end and not ended else np.inf,
            billing,
            renewal,
        )

    @api.model
    def _get_billed_until(self, run, contracts):
        """Last day billed by line, as of the day of ``run``.

        A line is billed up to the day before what a later invoice bills.
        """
        lines = contracts.filtered(lambda c: c.state in RUNNING).contract_line_ids
        later = self.env["account.move.line"]._read_group(
            [
                ("contract_line_id", "in", lines.ids),
                ("service_period_start", "!=", False),
                ("move_id.move_type", "=", "out_invoice"),
                ("parent_state", "!=", "cancel"),
                ("move_id.invoice_date", ">", run.as_of),
            ],
            ["contract_line_id"],
            ["service_period_start:min"],
        )
        return {line.id: line.last_date_invoiced or None for line in lines} | {
            line.id: start - timedelta(days=1) for line, start in later
        }

    @api.model
    def _get_coming_months(self, bills, as_of, months):
        """Amounts by month ahead; what is overdue is in the first."""
        amounts = np.zeros(months)
        for date, amount in bills:
            month = int(np.ceil((date - as_of).days / DAYS)) - 1
            amounts[min(max(month, 0), months - 1)] += amount
        return amounts

    @api.model
    def _get_contract_margin(self, contracts):
        """Share of what contracts billed that the cost of service left, 0 to 1."""
        billed = sum(contracts.mapped("billed_amount"))
        cost = sum(contracts.mapped("service_cost"))
        return min(max(1 - cost / billed, 0.0), 1.0) if billed > 0 else 1.0

    @api.model
    def _get_contract_shares(self, run):
        """Pairs of customer and the share of a year's revenue billed by contract."""
        window = run._get_windows()
        return self.env.execute_query(
            SQL(
                """
                SELECT partner_id, least(greatest(contract / total, 0), 1)::float8
                  FROM (SELECT m.commercial_partner_id AS partner_id,
                               sum(-l.balance) AS total,
                               coalesce(sum(-l.balance) FILTER (
                                   WHERE l.contract_line_id IS NOT NULL), 0) AS contract
                          FROM account_move_line l
                          JOIN (SELECT m.id, m.commercial_partner_id %s) m
                            ON m.id = l.move_id
                         WHERE l.display_type = 'product'
                      GROUP BY m.commercial_partner_id) s
                 WHERE total > 0 AND contract <> 0""",
                customer_moves(
                    run.company_id.id,
                    SQL(
                        "m.invoice_date > %s AND m.invoice_date <= %s"
                        " AND EXISTS (SELECT FROM contract_contract c"
                        " JOIN res_partner p ON p.id = c.partner_id"
                        " WHERE p.commercial_partner_id = m.commercial_partner_id)",
                        window.year,
                        window.as_of,
                    ),
                ),
            )
        )
