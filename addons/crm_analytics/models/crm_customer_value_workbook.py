from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import rfm, value_class
from ..tools.class_sql import CONTRACT_ONLY
from ..tools.moves_sql import customer_moves
from ..tools.workbook_customer_value import (
    CustomerValueRow,
    LedgerEntry,
    Meta,
    customer_value,
)
from ..tools.workbook_labels import CUSTOMER_VALUE

STREAMED = 5_000  # rows of documents that are in memory at a time


class CrmCustomerValueWorkbook(models.Model):
    """The Excel workbook of a company: what the user may see, read in two queries."""

    _inherit = "crm.customer.value"

    @api.model
    def _get_as_of(self, company):
        """Date of the values of a company; today when there are none."""
        value = self.search_fetch(
            [("company_id", "=", company.id)], ["as_of"], order="id", limit=1
        )
        return value.as_of or fields.Date.context_today(self)

    @api.model
    def _get_workbook(self, company):
        """Open file of the workbook with the customers that the user may see.

        It proves by documents: who has a contract but no document is left out.
        """
        self.check_access("read")
        domain = [("company_id", "=", company.id), ("class_rule", "!=", CONTRACT_ONLY)]
        values = self.search(domain, order="contribution desc, id")
        meta = self._get_workbook_meta(company, values)
        entries = self._get_workbook_entries(company, values, meta.as_of)
        return customer_value(values._get_workbook_rows(), entries, meta)

    def _get_workbook_rows(self):
        lifecycles = dict(self._fields["lifecycle"]._description_selection(self.env))
        for value in self:
            yield CustomerValueRow(
                customer_id=value.partner_id.id,
                name=value.partner_id.display_name,
                value_class=value.value_class,
                monetary=value.monetary,
                contribution=value.contribution,
                recency=value.recency if value.last_date else None,
                frequency=value.frequency,
                r=value.r_score,
                f=value.f_score,
                m=value.m_score,
                rfm_group=value.group_id.name or None,
                abc=value.abc,
                abc_before=value.abc_before or None,
                loyalty=value._get_known("loyalty"),
                revenue_change=value._get_known("revenue_change"),
                churn_risk=value._get_known("churn_risk"),
                value_at_risk=value.value_at_risk,
                lifecycle=lifecycles.get(value.lifecycle),
                tier=value.tier or None,
                p_active=value._get_known("p_active") or None,
                clv=value.lifetime_value,
                first_purchase=value.first_date or None,
                last_purchase=value.last_date or None,
                salesperson=value.user_id.name or None,
                reasons=value.reasons or None,
            )

    def _get_known(self, name):
        """The figure, or None where there is none (0 is a figure)."""
        known = self.revenue_known if name == "revenue_change" else self.last_date
        return self[name] if known else None

    @api.model
    def _get_workbook_entries(self, company, values, as_of):
        """The customers' documents, each customer's next to each other."""
        rows = self._stream(
            SQL(
                """
                SELECT m.commercial_partner_id, m.id, m.name, m.invoice_date,
                       m.amount_untaxed_signed, m.move_type = 'out_refund'
                  %s
              ORDER BY m.commercial_partner_id, m.invoice_date, m.id""",
                customer_moves(
                    company.id,
                    SQL(
                        "m.invoice_date <= %s AND m.commercial_partner_id = ANY(%s)",
                        as_of,
                        values.partner_id.ids,
                    ),
                ),
            )
        )
        for customer, move, name, date, amount, refund in rows:
            yield LedgerEntry(customer, move, name, date, float(amount), refund)

    @api.model
    def _stream(self, query):
        """Rows of a query, held by the server until they are asked for."""
        self.env.flush_query(query)
        with self.env.cr.connection.cursor("crm_workbook_rows") as cursor:
            cursor.itersize = STREAMED
            cursor.execute(query.code, query.params)
            yield from cursor

    @api.model
    def _get_workbook_meta(self, company, values):
        policy = values[:1].policy_id or self.env[
            "crm.value.policy"
        ].sudo()._get_current(company)
        limits = policy._get_limits()
        return Meta(
            as_of=self._get_as_of(company),
            company=company.name,
            currency=company.currency_id.name,
            policy=policy.display_name,
            run=values[:1].run_id.display_name or "",
            labels=self.env["crm.workbook.words"]._translate(CUSTOMER_VALUE),
            window_months=policy.window_months,
            cuts=self._get_cuts(company, limits),
            limits=value_class.Limits(
                dormant_months=policy.dormant_months,
                new_months=policy.new_months,
                churn_risk=policy.churn_limit,
                decline=policy.decline_limit,
                loyalty=policy.loyalty_limit,
                growth=policy.growth_limit,
                growth_days=policy.growth_days,
            ),
            abc_a=policy.abc_a,
            abc_b=policy.abc_b,
        )

    @api.model
    def _get_cuts(self, company, limits):
        """The limits that gave the scores: those that the run kept.

        Whoever sees a part of the customers could not find them in it.
        """
        run = self.env["crm.value.run"].sudo()._get_judge(company)
        return run._get_score_cuts() or rfm.Cuts(
            limits.r_days, limits.f_days, limits.m_amounts
        )
