from odoo import fields, models
from odoo.tools import SQL

from .crm_value_run import LOCK_SPACE
from .crm_value_run_start import RunStopped

PATIENCE = "60s"  # how long a cancellation waits for the step to stop


class CrmValueRun(models.Model):
    """Stopping runs.

    Who wants the run to stop waits for the lock of who works: that a process waits is
    the request, which the worker sees between its statements.
    """

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    def _stop_if_asked(self):
        """Stop when somebody waits for the company's lock.

        The locks of the server are no data: they are seen though the transaction began
        before they were asked for.
        """
        [(waited,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND %s)",
                self._get_lock_condition(),
            )
        )
        if waited:
            raise RunStopped

    def _get_lock_condition(self):
        return SQL(
            "locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database"
            " WHERE datname = current_database())",
            LOCK_SPACE,
            self.company_id.id,
        )

    def action_cancel(self):
        """Stop the run, also in the midst of a step; its marks go to the next one."""
        self.ensure_one()
        self.check_access("write")
        if not self._try_lock(self.company_id):
            self._stop_worker()
        if self.state == "running":
            self.sudo().write({"state": "cancelled", "date_end": fields.Datetime.now()})

    def _stop_worker(self):
        """Interrupt the statement of who works on the company, and wait for the end."""
        self.env.execute_query(
            SQL(
                "SELECT pg_cancel_backend(pid) FROM pg_locks WHERE granted AND %s",
                self._get_lock_condition(),
            )
        )
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", PATIENCE))
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK_SPACE, self.company_id.id)
        )
