from odoo import models
from odoo.tools import SQL

from ..tools import (
    cost_sql,
    fact_sql,
    merge_sql,
    month_sql,
    month_sum_sql,
    moves_sql,
    value_sql,
)
from ..tools.policy_fields import FEATURE_FIELDS, RATE_FIELDS

VALUE_KEYS = ("company_id", "partner_id")
VALUE_COLUMNS = (*value_sql.VALUE_COLUMNS, "as_of")


class CrmValueRun(models.Model):
    """The steps of a run: what is written, in which order, and by which statement."""

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    def _get_marked(self, column):
        """Condition on the customers that this run was told of.

        They stand in a table that the planner has looked at: of the marks, made in this
        transaction, it expects one row, and reads all days again for each day.
        """
        self._keep_marks("crm_an_marked", SQL("partner_id"))
        return SQL("%s IN (SELECT partner_id FROM crm_an_marked)", column)

    def _keep_marks(self, name, columns):
        """Keep what this run was told of in a table, once each."""
        self._materialize(
            name,
            SQL(
                "SELECT DISTINCT %s FROM crm_customer_dirty"
                " WHERE run_id = %s AND company_id = %s",
                columns,
                self.id,
                self.company_id.id,
            ),
        )

    def _get_windows(self):
        return self.policy_id._get_windows(self.as_of)

    def _step_facts(self):
        condition, also = None, SQL("TRUE")
        contracted = self.env["crm.customer.fact"]._get_contract_customers(self)
        if self.kind == "incremental":
            self._collect_touched(contracted)
            condition = SQL(
                "m.commercial_partner_id IN (SELECT partner_id FROM crm_an_touched)"
            )
            also = SQL("c.partner_id IN (SELECT partner_id FROM crm_an_touched)")
        query = fact_sql.customer_facts(
            self.company_id.id, self._get_windows(), condition
        )
        if contracted:
            query = fact_sql.with_contract_only(
                query, self.company_id.id, self.as_of, contracted, also
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

    def _collect_touched(self, contracted):
        """Customers marked, and those of whom a window's bound passed a document.

        Contracts leave no mark: who is a customer by contract alone is looked up.
        """
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
                 UNION %s UNION %s""",
                self.id,
                self.company_id.id,
                fact_sql.shifted_customers(self.company_id.id, intervals),
                fact_sql.came_or_went(self.company_id.id, contracted),
            )
        )
        self._run_sql(SQL("ANALYZE crm_an_touched"))

    def _step_months(self):
        condition = scope = None
        kinds, sources = self.env["crm.customer.cost"]._get_sources(self.policy_id)
        costs = self.env["crm.customer.cost"]._get_costs_condition(self)
        if self.kind == "incremental":
            self.env["crm.customer.cost"]._mark_differing(self)
            condition, scope, marked = self._get_marked_months()
            costs = SQL("%s AND %s", costs, marked)
        else:
            self.env.cr.execute(merge_sql.MORE_MEM)
        written = self._merge(
            "crm_customer_month",
            month_sql.monthly_facts(
                self.company_id.id,
                cost_sql.by_month(sources, kinds, costs),
                kinds,
                condition,
            ),
            ("company_id", "partner_id", "month"),
            month_sql.MONTH_COLUMNS,
            self._get_scope(scope),
        )
        return written + self._add_up_months()

    def _get_marked_months(self):
        """Conditions on documents ``m``, months ``t`` and costs ``c`` that are marked.

        A mark without a month is one of all months. The customer is asked for first:
        their rows are looked up in an index, and few of them compared.
        """
        self._keep_marks("crm_an_marked_month", SQL("partner_id, month"))

        def marked(partner, month):
            return SQL(
                "%(partner)s IN (SELECT partner_id FROM crm_an_marked_month)"
                " AND EXISTS (SELECT FROM crm_an_marked_month d"
                " WHERE d.partner_id = %(partner)s"
                " AND (d.month IS NULL OR d.month = %(month)s))",
                partner=partner,
                month=month,
            )

        return (
            marked(SQL("m.commercial_partner_id"), moves_sql.MONTH),
            marked(SQL("t.partner_id"), SQL("t.month")),
            marked(SQL("c.partner_id"), SQL("date_trunc('month', c.date)::date")),
        )

    def _add_up_months(self):
        """Sums of the months of each customer; of the changed ones within a month."""
        window, condition = self._get_windows(), None
        if self.kind == "incremental":
            last = self._get_last(self.company_id)
            if last.policy_id._get_windows(last.as_of).month == window.month:
                condition = SQL(
                    "f.partner_id IN (SELECT partner_id FROM crm_an_marked_month UNION"
                    " SELECT n.partner_id FROM crm_customer_fact n"
                    " WHERE n.company_id = %s AND n.month_key IS NULL)",
                    self.company_id.id,
                )
        company = self.company_id.id
        query = month_sum_sql.month_sums(company, window, condition)
        self.env.cr.execute(merge_sql.IN_ORDER)
        written = self._run_sql(month_sum_sql.update_sums(query, company))
        self.env.cr.execute(merge_sql.IN_ANY_ORDER)
        return written

    def _get_scope(self, touched):
        """Rows that the run may delete: the company's, or the touched ones of it."""
        scope = SQL("t.company_id = %s", self.company_id.id)
        if self.kind == "incremental":
            scope = SQL("%s AND %s", scope, touched)
        return scope

    def _step_bucket(self):
        """Revenue and customers gained and lost."""
        rows = self.env["crm.customer.bridge"]._update_bridge(self)
        return rows + self.env["crm.customer.flow"]._update_flow(self)

    def _step_features(self):
        """Loyalty and churn risk of each customer, by the kernels."""
        return self.env["crm.customer.fact"]._update_features(self)

    def _is_settled(self):
        """Whether nothing that values rest on differs from the last run."""
        last = self._get_last(self.company_id)
        before = ("facts", "months", "features")
        written = self.step_ids.filtered(lambda step: step.code in before)
        return (
            self.kind == "incremental"
            and (last.as_of, last.policy_id) == (self.as_of, self.policy_id)
            and self._is_next_of(last)
            and not sum(written.mapped("row_count"))
        )

    def _step_values(self):
        if self.kind == "what_if":
            return self._try_values()
        if self._is_settled():
            last = self._get_last(self.company_id)
            self.customer_count, self.result = last.customer_count, []
            self.write(self._get_judge(self.company_id)._get_score_limits())
            return 0
        found = self._judge()
        self.write(self._get_changes())
        self.env["crm.customer.move"]._record(self)
        return self._apply_changes(
            "crm_customer_value", VALUE_KEYS, VALUE_COLUMNS, found
        )

    def _judge(self):
        """Find the values that will differ, and whose class will; how many."""
        limits = self.policy_id._get_limits()
        query = SQL(
            "SELECT s.*, %s::date AS as_of FROM (%s) s",
            self.as_of,
            value_sql.customer_values(
                self.company_id.id,
                self._get_windows(),
                limits,
                self._keep_score_limits(limits),
            ),
        )
        found = self._find_changes(
            "crm_customer_value",
            query,
            VALUE_KEYS,
            VALUE_COLUMNS,
            SQL("t.company_id = %s", self.company_id.id),
            before=("partner_id", "value_class"),
        )
        self._materialize("crm_an_move", value_sql.class_changes())
        return found

    def _try_values(self):
        """Count what another policy would change, and undo all it took."""
        with self.env.cr.savepoint() as savepoint:
            self._prepare_values(self._get_last(self.company_id).policy_id)
            self._judge()
            changes = self._get_changes() | self._get_score_limits()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self.write(changes)
        return 0

    def _prepare_values(self, known):
        """Compute what values rest on, as far as the policy differs in it."""

        def differs(names):
            return any(self.policy_id[name] != known[name] for name in names)

        window, rates = differs(("window_months",)), differs(RATE_FIELDS)
        if window:
            self._step_facts()
        if rates:
            self._step_months()
        elif window:
            self._add_up_months()
        if window or rates or differs(FEATURE_FIELDS):
            self._step_features()

    def _get_changes(self):
        """How many customers go from which class to which."""
        rows = self.env.execute_query(
            SQL(
                "SELECT class_from, class_to, count(*) FROM crm_an_move"
                " GROUP BY class_from, class_to ORDER BY count(*) DESC, 1, 2"
            )
        )
        [(known, more)] = self.env.execute_query(
            SQL(
                "SELECT"
                " (SELECT count(*) FROM crm_customer_value WHERE company_id = %s),"
                " (SELECT count(*) FILTER (WHERE target_id IS NULL)"
                " - count(*) FILTER (WHERE gone) FROM crm_an_change)",
                self.company_id.id,
            )
        )
        return {
            "result": [list(row) for row in rows],
            "changed_count": sum(row[2] for row in rows),
            "customer_count": known + more,
        }

    def _step_rules(self):
        """What is bought together, and what to offer to whom."""
        return self.env["crm.association.rule"]._update_rules(self)

    def _step_findings(self):
        """Test the statements of the register on the values of now."""
        return self.env["crm.finding"]._update_findings(self)

    def _step_snapshot(self):
        return self.env["crm.customer.value.snapshot"]._take(self)

    def _step_playbooks(self):
        """Start the playbooks of the classes that customers entered."""
        moves = self._get_entered()
        return len(self.env["crm.value.playbook"]._start_for_moves(moves, self.as_of))

    def _step_alarms(self):
        """Raise and close the alarms of the value classes."""
        return self.env["crm.value.alarm"]._update_alarms(self)
