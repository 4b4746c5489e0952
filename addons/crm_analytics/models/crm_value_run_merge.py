from odoo import models
from odoo.tools import SQL

from ..tools import merge_sql

READ_TABLES = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "crm_customer_fact",
    "crm_customer_month",
    "crm_customer_value",
    "product_product",
    "product_template",
    "res_partner",
    "sale_order",
    "sale_order_line",
    "sale_order_line_invoice_rel",
)
CHANGES = "crm_an_change"
GROWN = 1.3  # times the size at the last look: statistics are out of date


class CrmValueRun(models.Model):
    """How a step writes: what it should be, against what is there."""

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    def _run_sql(self, query):
        """Execute, and return the number of rows; a step stops here when asked to."""
        self._stop_if_asked()
        self.env.cr.execute(query)
        return self.env.cr.rowcount

    def _refresh_statistics(self):
        """Let the server look at tables that have grown since it last did.

        After an import, a statement over everything would else be planned for empty
        tables, and read the lines again for every customer.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relname = ANY(%s)"
                " AND relkind = 'r' AND relnamespace = current_schema()::regnamespace"
                " AND pg_relation_size(oid) > current_setting('block_size')::int"
                " * (1 + %s * relpages)",
                list(READ_TABLES),
                GROWN,
            )
        )
        for (name,) in rows:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(name)))

    def _materialize(self, name, query, analyze=True):
        """Keep the rows of a query until the end of the step; their number."""
        self._run_sql(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
        count = self._run_sql(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s",
                SQL.identifier(name),
                query,
            )
        )
        if analyze:
            self._run_sql(SQL("ANALYZE %s", SQL.identifier(name)))
        return count

    def _merge(self, table, query, keys, columns, scope):
        """Bring the rows of ``scope`` to those of ``query``; the number written."""
        written = self._fill(table, query, (*keys, *columns), scope)
        if written is None:
            found = self._find_changes(table, query, keys, columns, scope)
            return self._apply_changes(table, keys, columns, found)
        self._tell_planner(table, written)
        return written

    def _fill(self, table, query, columns, scope):
        """Insert all rows where there are none; None where there are."""
        [(known,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM %s t WHERE %s)",
                SQL.identifier(table),
                scope,
            )
        )
        if known:
            return None
        return self._run_sql(merge_sql.insert_missing(table, query, columns))

    def _find_changes(self, table, query, keys, columns, scope, before=()):
        """Keep the rows that differ in ``crm_an_change``; their number."""
        return self._materialize(
            CHANGES,
            merge_sql.differences(table, query, keys, columns, scope, before),
            analyze=False,
        )

    def _apply_changes(self, table, keys, columns, found):
        """Write the ``found`` rows that differ; their number."""
        if not found:
            return 0
        news = SQL("SELECT * FROM crm_an_change WHERE target_id IS NULL")
        statements = (
            merge_sql.delete_gone(table, CHANGES),
            merge_sql.update_changed(table, CHANGES, columns),
            merge_sql.insert_missing(table, news, (*keys, *columns)),
        )
        for index, statement in enumerate(statements, 1):
            self._report(index, 4)  # the differences were the first fourth
            added = self._run_sql(statement)
        self._tell_planner(table, added)
        return found

    def _tell_planner(self, table, written):
        """Renew the statistics of a table of which much was written just now."""
        [(known,)] = self.env.execute_query(merge_sql.known_rows(table))
        if merge_sql.is_stale(known, written):
            self._run_sql(SQL("ANALYZE %s", SQL.identifier(table)))
