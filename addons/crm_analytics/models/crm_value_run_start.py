import logging
import time
from contextlib import contextmanager

from psycopg2.errors import QueryCanceled

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import merge_sql
from ..tools.policy_fields import RATE_FIELDS
from .crm_value_run import LOCK_SPACE, MONTH_END_STEPS, STEPS, WHAT_IF_STEPS

_logger = logging.getLogger(__name__)

QUIET = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
MARKS = ("crm_customer_dirty", "crm_basket_dirty")


class RunStopped(Exception):
    """Somebody asked the run to stop."""


class CrmValueRun(models.Model):
    """Starting, resuming and executing runs.

    Who works on a company's values holds its advisory lock until the transaction ends;
    a killed process loses it.
    """

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    # --- starting -----------------------------------------------------------

    @api.model
    def _start(self, company, kind="incremental", as_of=None, policy=None):
        """Run all steps for ``company``, and return the run.

        :raises UserError: when another run of the company is under way
        """
        if not self._try_lock(company):
            raise UserError(
                self.env._(
                    "The customer values of %(company)s are being refreshed just"
                    " now. Look at Runs and proof, and try again in a minute.",
                    company=company.display_name,
                )
            )
        # The tables are the program's: what a user may see of them, rules decide.
        run = self.sudo()._prepare(company, kind, as_of, policy)
        run._execute_explained()
        while run._is_followed():
            run = self.sudo()._prepare(company, kind, as_of, policy)
            run._execute_explained()
        return run.sudo(False)

    def _execute_explained(self):
        with self._explain_failure():
            self._execute()

    def _try_lock(self, company):
        """Take the right to refresh a company until the transaction ends."""
        [(locked,)] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_SPACE, company.id)
        )
        return locked

    @api.model
    def _get_steps(self, kind, month_end=False):
        """Codes of the steps; other addons add theirs, with ``_step_<code>``."""
        if kind == "what_if":
            return list(WHAT_IF_STEPS)
        return list(MONTH_END_STEPS if month_end else STEPS)

    def _prepare(self, company, kind, as_of, policy):
        """The interrupted run of the company, or a new one; of a month end first."""
        as_of = as_of or self._get_day(company, kind)
        policy = policy or self.env["crm.value.policy"].sudo()._get_current(company)
        month_end = False
        if kind != "what_if":
            missing = self._get_missing_month_ends(company, as_of)
            if missing:
                month_end, as_of = True, missing[0]
                kind = self._get_month_end_kind(company, kind)
            open_run = self._get_open(company)
            reason = open_run._get_reason_to_end(kind, as_of, policy)
            if open_run and not reason:
                return open_run
            if open_run:
                open_run._end(reason)
        run = self.with_context(**QUIET).create(
            {
                "company_id": company.id,
                "user_id": self.env.uid,
                "date_start": fields.Datetime.now(),
                "as_of": as_of,
                "policy_id": policy.id,
                "kind": self._get_kind(company, kind, as_of, policy),
                "month_end": month_end,
                "step_ids": [
                    fields.Command.create({"code": code, "sequence": index})
                    for index, code in enumerate(self._get_steps(kind, month_end))
                ],
            }
        )
        run = run.with_env(self.env)
        if kind != "what_if":
            run._claim_marks()
        return run

    @api.model
    def _get_day(self, company, kind):
        """Today; what if is asked of the facts as they are."""
        last = kind == "what_if" and self._get_last(company)
        return last.as_of if last else self._get_today()

    @api.model
    def _get_open(self, company):
        """The run of the company that is not over."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "running"),
                ("kind", "!=", "what_if"),
            ],
            limit=1,
        )

    def _get_kind(self, company, kind, as_of, policy):
        """An incremental run needs a finished one of the same window and kinds.

        A run in between that did not end has written by its own policy and day: what it
        wrote lies between the finished run and this one, or all is made anew.
        """
        if kind != "incremental":
            return kind
        last = self._get_last(company)
        if not last:
            return "full"
        decisive = ("window_months", *RATE_FIELDS)
        same = all(last.policy_id[name] == policy[name] for name in decisive)
        low, high = sorted((last.as_of, as_of))
        same = same and all(
            run.policy_id == policy and low <= run.as_of <= high
            for run in self._get_unfinished(company, last)
        )
        same = same and not self.env["crm.customer.cost"]._has_other_kinds(company)
        return "incremental" if same else "full"

    @api.model
    def _get_last(self, company):
        """The last run whose result the tables show."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("done", "warning")),
                ("kind", "!=", "what_if"),
            ],
            limit=1,
        )

    def _claim_marks(self):
        """Take the marks that exist now; later ones wait for the next run."""
        self.env.flush_all()
        for table in MARKS:
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET run_id = %s WHERE company_id = %s"
                    " AND run_id IS DISTINCT FROM %s RETURNING id",
                    SQL.identifier(table),
                    self.id,
                    self.company_id.id,
                    self.id,
                )
            )

    # --- executing ----------------------------------------------------------

    def _execute(self):
        """Do the steps that are not done; between them the work is kept if asked to.

        A run that is stopped keeps its finished steps where they were kept, else
        nothing of it remains.
        """
        self.ensure_one()
        keeps = self.env.context.get("crm_value_commit")
        while step := self._get_next_step():
            if not self._try_step(step, keeps):
                if keeps:
                    self.env["ir.cron"]._commit_progress()
                    return
                raise UserError(self.env._("The refresh was cancelled."))
            if keeps:
                self.env["ir.cron"]._commit_progress(1)
                self.env.invalidate_all()
                if not self._try_lock(self.company_id):
                    return  # another starter has taken the run over
                if self.state != "running":
                    return  # it was cancelled between two steps
        self._finish()

    def _get_next_step(self):
        return self.step_ids.filtered(lambda step: step.state == "pending")[:1]

    def _finish(self):
        """End the run; what it was told of is done, a month end leaves it to the day.

        Marks stay until here: one that is stopped after its proof leaves them, too.
        """
        self.write(
            {
                "state": "warning" if self._has_warning() else "done",
                "date_end": fields.Datetime.now(),
            }
        )
        if not self.month_end:
            for table in MARKS:
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE run_id = %s",
                        SQL.identifier(table),
                        self.id,
                    )
                )
        self.env.invalidate_all()

    def _try_step(self, step, keeps=False, transient=()):
        """Do a step, or undo what it did and return False when asked to stop.

        :param keeps: record a failure with the run, which is kept, instead of raising
        :param transient: errors that the caller tries again
        """
        try:
            with self._savepoint():
                self._execute_step(step)
        except (RunStopped, QueryCanceled):
            _logger.info("Customer values: %s stopped in %s", self.id, step.code)
            return False
        except transient:
            raise
        except Exception as error:
            if not keeps:
                raise
            self._fail(step, error)
            return False
        return True

    @contextmanager
    def _savepoint(self):
        """A savepoint that leaves no half-done records in memory."""
        try:
            with self.env.cr.savepoint():
                yield
        except Exception:
            self.env.invalidate_all(flush=False)
            raise

    def _execute_step(self, step):
        self.env.flush_all()
        begin = time.perf_counter()
        self._report(0, 1, step.code)
        if self.kind == "full":
            self._refresh_statistics()
        self.env.cr.execute(merge_sql.WORK_MEM)
        rows = getattr(self, f"_step_{step.code}")()
        step.write(
            {
                "state": "done",
                "row_count": rows,
                "seconds": time.perf_counter() - begin,
            }
        )

    def _has_warning(self):
        return bool(self.guilty_count) or self.revenue_facts != self.revenue_moves
