import numpy as np

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
        contracts = self.env["contract.contract"].search(
            [
                ("company_id", "=", run.company_id.id),
                ("contract_type", "=", "sale"),
                ("state", "in", RUNNING),
                ("date_start", "<=", run.as_of),
            ]
        )
        return contracts.partner_id.commercial_partner_id.ids

    @api.model
    def _get_contract_values(self, run, ids, lifetime_policy):
        """Value of its contracts by customer, and the share of them in its revenue.

        What is bought under contract is taken out of the model's share, so that it is
        not counted twice. Both are NaN without the application.
        """
        if not self._has_contracts():
            nothing = np.full(len(ids), np.nan)
            return nothing, nothing
        contracts = self._get_contract_columns(run)
        found = contract_value.present_value(contracts, lifetime_policy)
        pairs = zip(found.customer.tolist(), found.value.tolist(), strict=True)
        run.model_fit = {**(run.model_fit or {}), "contracts": found.report}
        return (
            self._spread(ids, list(pairs), 0.0),
            self._spread(ids, self._get_contract_shares(run), 0.0),
        )

    @api.model
    def _get_contract_columns(self, run):
        """Every contract that began, in the company's currency and by margin."""
        contracts = self.env["contract.contract"].search(
            [
                ("company_id", "=", run.company_id.id),
                ("contract_type", "=", "sale"),
                ("state", "!=", "draft"),
                ("date_start", "<=", run.as_of),
            ],
            order="id",
        )
        margin = self._get_contract_margin(contracts)
        rows = [
            self._get_contract_row(contract, run, margin)
            for contract in contracts
            if contract.partner_id
        ]
        columns = zip(*rows, strict=True) if rows else [[]] * 6
        kinds = (np.int64, np.int64, float, bool, float, float)
        return contract_value.Contracts(
            *(np.array(list(c), dtype=k) for c, k in zip(columns, kinds, strict=True))
        )

    @api.model
    def _get_contract_row(self, contract, run, margin):
        end = contract.date_end
        ended = contract.state not in RUNNING or bool(end and end < run.as_of)
        until = min(end or run.as_of, run.as_of) if ended else run.as_of
        rate = contract.currency_id._convert(
            1.0, run.company_id.currency_id, run.company_id, run.as_of, round=False
        )
        return (
            contract.partner_id.commercial_partner_id.id,
            contract.service_level_id.id
            if "service_level_id" in contract._fields
            else 0,
            max((until - contract.date_start).days, 0) / DAYS,
            ended,
            (end - run.as_of).days / DAYS if end and not ended else np.inf,
            0.0 if ended else contract.mrr * rate * margin,
        )

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
