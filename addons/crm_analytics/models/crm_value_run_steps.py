from odoo import fields, models
from odoo.tools import SQL

from ..tools import check_sql, cost_sql, fact_sql, value_sql

GUILTY_LIMIT = 200


class CrmValueRun(models.Model):
    """The steps of a run: what is written, in which order, and by which statement."""

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    def _get_marked(self, column):
        """Condition on the customers that this run was told of."""
        return SQL(
            "%s IN (SELECT d.partner_id FROM crm_customer_dirty d"
            " WHERE d.run_id = %s AND d.company_id = %s)",
            column,
            self.id,
            self.company_id.id,
        )

    def _get_windows(self):
        return self.policy_id._get_windows(self.as_of)

    def _step_facts(self):
        condition = None
        if self.kind == "incremental":
            self._collect_touched()
            condition = SQL(
                "m.commercial_partner_id IN (SELECT partner_id FROM crm_an_touched)"
            )
        query = fact_sql.customer_facts(
            self.company_id.id, self._get_windows(), condition
        )
        scope = self._get_scope(
            SQL("t.partner_id IN (SELECT partner_id FROM crm_an_touched)")
        )
        return self._merge(
            "crm_customer_fact",
            query,
            ("company_id", "partner_id"),
            fact_sql.FACT_COLUMNS,
            scope,
        )

    def _collect_touched(self):
        """Customers marked, and those of whom a window's bound passed a document."""
        last = self._get_last(self.company_id)
        before = last.policy_id._get_windows(last.as_of)
        intervals = self._get_windows().shifted_since(before)
        self._run_sql(SQL("DROP TABLE IF EXISTS crm_an_touched"))
        self.touched_count = self._run_sql(
            SQL(
                """
                CREATE TEMPORARY TABLE crm_an_touched ON COMMIT DROP AS
                SELECT partner_id FROM crm_customer_dirty
                 WHERE run_id = %s AND company_id = %s
                 UNION %s""",
                self.id,
                self.company_id.id,
                fact_sql.shifted_customers(self.company_id.id, intervals),
            )
        )
        self._run_sql(SQL("ANALYZE crm_an_touched"))

    def _step_months(self):
        condition = scope = None
        kinds, sources = self.env["crm.customer.cost"]._get_sources(self.policy_id)
        costs = SQL(
            "c.company_id = %s AND (c.code = %s OR c.date <= %s)",
            self.company_id.id,
            cost_sql.LATE_PAYMENT,
            self.as_of,
        )
        if self.kind == "incremental":
            self.env["crm.customer.cost"]._mark_passed(self)
            marks = SQL(
                "SELECT FROM crm_customer_dirty d WHERE d.run_id = %s"
                " AND d.company_id = %s",
                self.id,
                self.company_id.id,
            )
            condition = SQL(
                "m.commercial_partner_id IN (SELECT d.partner_id"
                " FROM crm_customer_dirty d WHERE d.run_id = %s) AND EXISTS (%s"
                " AND d.partner_id = m.commercial_partner_id AND (d.month IS NULL"
                " OR d.month = date_trunc('month', m.invoice_date)::date))",
                self.id,
                marks,
            )
            scope = SQL(
                "EXISTS (%s AND d.partner_id = t.partner_id"
                " AND (d.month IS NULL OR d.month = t.month))",
                marks,
            )
            costs = SQL(
                "%s AND c.partner_id IN (SELECT d.partner_id FROM crm_customer_dirty d"
                " WHERE d.run_id = %s) AND EXISTS (%s AND d.partner_id = c.partner_id"
                " AND (d.month IS NULL"
                " OR d.month = date_trunc('month', c.date)::date))",
                costs,
                self.id,
                marks,
            )
        return self._merge(
            "crm_customer_month",
            fact_sql.monthly_facts(
                self.company_id.id,
                cost_sql.by_month(sources, kinds, costs),
                kinds,
                condition,
            ),
            ("company_id", "partner_id", "month"),
            fact_sql.MONTH_COLUMNS,
            self._get_scope(scope),
        )

    def _get_scope(self, touched):
        """Rows that the run may delete: the company's, or the touched ones of it."""
        scope = SQL("t.company_id = %s", self.company_id.id)
        if self.kind == "incremental":
            scope = SQL("%s AND %s", scope, touched)
        return scope

    def _step_bucket(self):
        """Revenue and customers gained and lost; then nobody needs the marks."""
        rows = self.env["crm.customer.bridge"]._update_bridge(self)
        rows += self.env["crm.customer.flow"]._update_flow(self)
        self._run_sql(SQL("DELETE FROM crm_customer_dirty WHERE run_id = %s", self.id))
        return rows

    def _step_features(self):
        """Loyalty and churn risk of each customer, by the kernels."""
        return self.env["crm.customer.fact"]._update_features(self)

    def _step_values(self):
        query = value_sql.customer_values(
            self.company_id.id, self._get_windows(), self.policy_id._get_limits()
        )
        self._materialize("crm_an_source", query)
        self._count_changes()
        if self.kind == "what_if":
            return 0
        self.env["crm.customer.move"]._record(self)
        keys = ("company_id", "partner_id")
        return self._merge_source(
            "crm_customer_value",
            keys,
            (*value_sql.VALUE_COLUMNS, "as_of", "policy_id"),
            SQL("t.company_id = %s", self.company_id.id),
        )

    def _count_changes(self):
        """How many customers go from which class to which."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT v.value_class, s.value_class, count(*)
                  FROM crm_an_source s
             FULL JOIN (SELECT partner_id, value_class FROM crm_customer_value
                         WHERE company_id = %s) v ON v.partner_id = s.partner_id
                 WHERE v.value_class IS DISTINCT FROM s.value_class
              GROUP BY v.value_class, s.value_class ORDER BY count(*) DESC, 1, 2""",
                self.company_id.id,
            )
        )
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) FROM crm_an_source"))
        self.result = [list(row) for row in rows]
        self.changed_count = sum(row[2] for row in rows)
        self.customer_count = count

    def _step_rules(self):
        """What is bought together, and what to offer to whom."""
        return self.env["crm.association.rule"]._update_rules(self)

    def _step_findings(self):
        """Test the statements of the register on the values of now."""
        return self.env["crm.finding"]._update_findings(self)

    def _step_checks(self):
        """Facts against documents, documents against the ledger, to the cent."""
        [(facts, moves)] = self.env.execute_query(check_sql.totals(self.company_id.id))
        guilty = self.env.execute_query(check_sql.moves_off_ledger(self.company_id.id))
        self.write(
            {
                "revenue_facts": facts,
                "revenue_moves": moves,
                "difference": sum(untaxed - income for _id, untaxed, income in guilty),
                "guilty_count": len(guilty),
                "guilty_move_ids": [
                    fields.Command.set([row[0] for row in guilty[:GUILTY_LIMIT]])
                ],
            }
        )
        self._warn_of_difference()
        return len(guilty)

    def _warn_of_difference(self):
        """An alarm when the proof fails: who decides on the limits has to look."""
        if not self._has_warning():
            return
        self.message_post(
            body=self.env._(
                "The proof failed: the facts hold %(facts)s, the documents %(moves)s,"
                " and %(count)s documents differ from their income entries.",
                facts=self.currency_id.format(self.revenue_facts),
                moves=self.currency_id.format(self.revenue_moves),
                count=self.guilty_count,
            )
        )
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
                summary=self.env._("Customer values differ from the ledger"),
            )

    def _get_guardian(self):
        """Who is told of a failed proof: the starter, else an Insight Manager."""
        group = self.env.ref("crm_analytics.group_manager")
        managers = group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        ).sorted("id")
        return self.user_id if self.user_id in managers else managers[:1]

    def _step_snapshot(self):
        return self.env["crm.customer.value.snapshot"]._take(self)

    def _step_playbooks(self):
        """Start the playbooks of the classes that customers entered in this run."""
        moves = self.env["crm.customer.move"].search([("run_id", "=", self.id)])
        return len(self.env["crm.value.playbook"]._start_for_moves(moves))

    def _step_alarms(self):
        """Raise and close the alarms of the value classes."""
        return self.env["crm.value.alarm"]._update_alarms(self)
