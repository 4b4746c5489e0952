import time
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from .crm_import_loader import QUIET, Job

BATCH = 100


class CrmImportRun(models.Model):
    # one file for each task
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "crm.import.run"

    @api.model
    def _cron_import(self):
        """Work on the oldest waiting import until it ends or the time is over."""
        waiting = [("background", "=", True), ("state", "in", ("queued", "running"))]
        run = self.search(waiting, order="id", limit=1)
        if run and run._process() is False:
            cron = self.env.ref("crm_b2b.ir_cron_crm_import")
            cron._trigger(fields.Datetime.now() + timedelta(minutes=1))
            self.env["ir.cron"]._commit_progress(remaining=0)
            return
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(waiting))

    def _process(self, commit=None, show=None, limit=None):
        """Import what is left, batch by batch.

        Each batch is whole or not at all and is committed with its counts: a run that
        was killed goes on at the batch it had begun.

        :param commit: callable(done, remaining) -> seconds left, for each batch;
            :meth:`ir.cron._commit_progress` by default
        :param show: callable(done, total), told after each batch
        :param limit: stop after so many new deals
        :return: False if another import is at work
        """
        self.ensure_one()
        commit = commit or self._commit
        # sudo: the rights to post and to create users were checked when it was started
        run = self.with_company(self.company_id).sudo().with_user(SUPERUSER_ID)
        run = run.with_context(**QUIET)
        if not run._lock():
            return False
        try:
            job, left = run._begin()
        except UserError as error:
            run.write({"state": "failed", "error": str(error)})
            commit(0, 0)
            return True
        part = left[:limit]
        if commit(0, len(left)) and run._process_batches(job, part, commit, show):
            if len(part) == len(left):
                run._finish()
            else:
                run.state = "cancel"
            commit(0, 0)
        return True

    def _lock(self):
        """Return whether no other import is at work, until the next commit."""
        sql = SQL("SELECT pg_try_advisory_xact_lock(hashtext('crm.import.run'))")
        return self.env.execute_query(sql)[0][0]

    def _commit(self, done, remaining):
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    def _begin(self):
        """Return the job and the deals not imported yet; masters are imported."""
        started = time.monotonic()
        profile, parsed = self._parse()
        self._check_possible(profile)
        loader = self.env["crm.import.loader"]
        job = Job(profile, parsed)
        first = not self.date_start
        if first:
            self._write_report(profile, parsed)
            self.date_start = fields.Datetime.now()
        self.write({"state": "running", "error": False})
        loader._import_masters(job)
        if first:
            Issue = self.env["crm.import.issue"]
            Issue.create([Issue._prepare_issue(issue, self) for issue in job.warnings])
        loader._prepare_cache(job)
        rows = parsed.rows["deals"]
        known = loader._get_known_ids(profile, "deals", [row.key for row in rows])
        refused = set(
            self.issue_ids.filtered(lambda i: i.code == "load").mapped("line")
        )
        left = [r for r in rows if r.key not in known and r.line not in refused]
        # invoices are numbered in the order of their dates
        left.sort(
            key=lambda r: (
                r.values["close_date"] is None,
                r.values["close_date"] or r.values["open_date"] or fields.Date.today(),
            )
        )
        self._add_counts(job, started)
        return job, left

    def _process_batches(self, job, left, commit, show):
        """Import batch after batch; return whether all is done."""
        total = len(left)
        done = 0
        for batch in split_every(BATCH, left, list):
            if not self._lock():
                return False
            started = time.monotonic()
            self._import_batch(job, batch)
            done += len(batch)
            self._add_counts(job, started, len(batch))
            seconds_left = commit(len(batch), total - done)
            self.env.invalidate_all()
            if show:
                show(done, total)
            if self.state != "running" or (not seconds_left and done < total):
                return False
        return True

    def _import_batch(self, job, rows):
        """Import ``rows``; if one cannot be written, the others still are."""
        created = dict(job.created)
        try:
            with self.env.cr.savepoint():
                self.env["crm.import.loader"]._import_deals(job, rows)
        except (UserError, psycopg2.IntegrityError, psycopg2.DataError) as error:
            job.created = created
            if len(rows) == 1:
                self._reject(job, rows[0], error)
                return
            middle = len(rows) // 2
            self._import_batch(job, rows[:middle])
            self._import_batch(job, rows[middle:])

    def _reject(self, job, row, error):
        self.env["crm.import.issue"].create(
            {
                "run_id": self.id,
                "level": "rejected",
                "file": job.profile.files["deals"].file,
                "line": row.line,
                "value": row.key,
                "code": "load",
                "detail": str(error).strip().splitlines()[0],
                "count": 1,
            }
        )
        self.count_ids.filtered(lambda c: c.kind == "deals").rejected += 1

    def _add_counts(self, job, started, done=0):
        """Add what the job created since the last time, and the seconds it took."""
        for count in self.count_ids:
            if number := job.created.get(count.kind):
                count.created += number
            if count.kind == "deals":
                count.done += done
                count.seconds += time.monotonic() - started
        job.created = {}

    def _finish(self):
        self._write_rejected_file()
        self.write({"state": "done", "date_end": fields.Datetime.now()})
        self.message_post(body=self._get_summary())

    def _get_summary(self):
        counts = {count.kind: count for count in self.count_ids}
        return self.env._(
            "Import done in %(duration)s: %(deals)s opportunities, %(orders)s orders, "
            "%(invoices)s invoices and %(payments)s payments created; %(existing)s "
            "opportunities were already there, %(rejected)s rows rejected.",
            duration=timedelta(seconds=round(self.seconds)),
            deals=counts["deals"].created,
            orders=counts["orders"].created,
            invoices=counts["invoices"].created,
            payments=counts["payments"].created,
            existing=counts["deals"].existing,
            rejected=self.rejected_count,
        )
