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
                " * (8 + %s * relpages)",
                list(READ_TABLES),
                GROWN,
            )
        )
        for (name,) in rows:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(name)))

    def _materialize(self, name, query, keys=("company_id", "partner_id")):
        self._run_sql(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
        self._run_sql(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s",
                SQL.identifier(name),
                query,
            )
        )
        self._run_sql(SQL("ANALYZE %s", SQL.identifier(name)))

    def _merge(self, table, query, keys, columns, scope):
        self._materialize("crm_an_source", query)
        return self._merge_source(table, keys, columns, scope)

    def _merge_source(self, table, keys, columns, scope):
        """Bring ``table`` to the rows of the source; the number of rows written."""
        always = ()
        if table == "crm_customer_value":
            self._run_sql(
                SQL(
                    "ALTER TABLE crm_an_source ADD COLUMN as_of date DEFAULT %s,"
                    " ADD COLUMN policy_id int DEFAULT %s,"
                    " ADD COLUMN run_id int DEFAULT %s",
                    self.as_of,
                    self.policy_id.id,
                    self.id,
                )
            )
            always = ("run_id",)
        source = "crm_an_source"
        statements = (
            merge_sql.delete_gone(table, source, keys, scope),
            merge_sql.update_changed(table, source, keys, columns, always),
            merge_sql.insert_missing(table, source, keys, (*columns, *always)),
        )
        written = 0
        for index, statement in enumerate(statements, 1):
            self._report(index, 4)  # the source was the first fourth
            written += self._run_sql(statement)
        self._tell_planner(table, written)
        return written

    def _tell_planner(self, table, written):
        """Renew the statistics of a table of which much was written just now."""
        [(known,)] = self.env.execute_query(merge_sql.known_rows(table))
        if merge_sql.is_stale(known, written):
            self._run_sql(SQL("ANALYZE %s", SQL.identifier(table)))
