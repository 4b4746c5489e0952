from odoo import fields, models
from odoo.tools import SQL

from ..tools import check_sql, moves_sql

GUILTY_LIMIT = 200


class CrmValueRun(models.Model):
    """The proof: facts against documents, documents against the ledger, to the cent.

    A full run proves every document, and so does the first one of a month. Others
    prove the documents of the customers and months that changed, and those that
    differed before: nothing else has been touched since it was proved.
    """

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    proved_count = fields.Integer(
        "Documents Proved",
        readonly=True,
        help="Documents compared with the balance of their income entries. A full run"
        " and the first run of a month compare all of them.",
    )

    aside_count = fields.Integer(
        "Left to the Next Run",
        readonly=True,
        help="Months of customers that changed while the run was at work: the proof"
        " leaves them aside, the next run brings them up to date.",
    )

    def _step_checks(self):
        """Prove the facts and the documents; how many documents differ.

        What changed since the run began is left aside on both sides: its mark waits for
        the next run, and nobody can say whether the months hold it.
        """
        company = self.company_id.id
        aside = self._get_aside()
        [(facts, moves)] = self.env.execute_query(check_sql.totals(company, aside))
        if self._is_proving_all():
            condition, query = None, check_sql.moves_off_ledger(company)
        else:
            condition = self._get_unproved()
            query = check_sql.moves_off_ledger_of(company, condition)
        [(count,)] = self.env.execute_query(
            check_sql.number_of_moves(company, condition)
        )
        guilty = self.env.execute_query(query)
        ids = [row[0] for row in guilty]
        if facts != moves:
            ids = list(dict.fromkeys(ids + self._get_moves_off_months(aside)))
        self.write(
            {
                "proved_count": count,
                "revenue_facts": facts,
                "revenue_moves": moves,
                "difference": sum(untaxed - income for _id, untaxed, income in guilty),
                "guilty_count": len(ids),
                "guilty_move_ids": [fields.Command.set(ids[:GUILTY_LIMIT])],
            }
        )
        self._warn_of_difference()
        return len(ids)

    def _get_aside(self):
        """Conditions on months and documents that changed meanwhile; None without."""
        self.aside_count = self._materialize(
            "crm_an_aside",
            SQL(
                "SELECT DISTINCT partner_id, month FROM crm_customer_dirty"
                " WHERE company_id = %s AND run_id IS DISTINCT FROM %s",
                self.company_id.id,
                self.id,
            ),
        )
        if not self.aside_count:
            return None
        return tuple(
            SQL(
                "EXISTS (SELECT FROM crm_an_aside a WHERE a.partner_id = %s"
                " AND (a.month IS NULL OR a.month = %s))",
                partner,
                month,
            )
            for partner, month in (
                (SQL("t.partner_id"), SQL("t.month")),
                (SQL("m.commercial_partner_id"), moves_sql.MONTH),
            )
        )

    def _get_moves_off_months(self, aside):
        """Documents of the customers and months whose facts are not their sum."""
        company = self.company_id.id
        pairs = self.env.execute_query(check_sql.months_off_documents(company, aside))
        partners, months = zip(*(row[:2] for row in pairs), strict=True)
        rows = self.env.execute_query(
            check_sql.moves_of_months(company, list(partners), list(months))
        )
        return [row[0] for row in rows]

    def _is_proving_all(self):
        last = self._get_last(self.company_id)
        return (
            self.kind == "full"
            or not last
            or last.as_of.replace(day=1) != self.as_of.replace(day=1)
            or last.guilty_count > GUILTY_LIMIT
        )

    def _get_unproved(self):
        """Documents of changed customers and months, and those that differed."""
        return SQL(
            """m.id IN (
                SELECT unnest(%(known)s::int[])
                 UNION
                SELECT o.id FROM account_move o
                  JOIN (SELECT DISTINCT partner_id, month FROM crm_customer_dirty
                         WHERE run_id = %(run)s AND company_id = %(company)s) d
                    ON o.commercial_partner_id = d.partner_id
                 WHERE o.company_id = %(company)s AND o.state = 'posted'
                   AND o.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND (d.month IS NULL OR o.invoice_date >= d.month
                        AND o.invoice_date < d.month + interval '1 month'))""",
            known=list(self._get_last(self.company_id).guilty_move_ids._ids),
            run=self.id,
            company=self.company_id.id,
        )

    def _warn_of_difference(self):
        """An alarm when the proof fails: who decides on the limits has to look."""
        if not self._has_warning():
            return
        self.message_post(
            body=self.env._(
                "The proof failed: the facts hold %(facts)s, the documents %(moves)s,"
                " and %(count)s documents differ from their income entries or from"
                " the facts of their month.",
                facts=self.currency_id.format(self.revenue_facts),
                moves=self.currency_id.format(self.revenue_moves),
                count=self.guilty_count,
            )
        )
        self._call_guardian(self.env._("Customer values differ from the ledger"))

    def _call_guardian(self, summary):
        """Give who looks after runs something to do, unless they have it already."""
        owner = self._get_guardian()
        kind = self.env.ref("mail.mail_activity_data_warning")
        known = self.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("activity_ids.user_id", "=", owner.id),
            ],
            limit=1,
        )
        if owner and not known:
            self.activity_schedule(
                activity_type_id=kind.id,
                user_id=owner.id,
                summary=summary,
            )

    def _get_guardian(self):
        """Who is told of a failure: the starter, else an Insight Manager."""
        group = self.env.ref("crm_analytics.group_manager")
        managers = group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        ).sorted("id")
        return self.user_id if self.user_id in managers else managers[:1]
