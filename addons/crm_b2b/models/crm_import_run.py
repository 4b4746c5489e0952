import time
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, split_every

from ..tools import crm_import_profile as profiles
from ..tools.crm_import_parse import parse
from . import crm_import_source as source
from .crm_import_loader import QUIET, Job
from .crm_import_text import problem_sentence

BATCH = 100


class CrmImportRun(models.Model):
    _name = "crm.import.run"
    _description = "Import of a CRM export"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Export", required=True, readonly=True)
    profile_name = fields.Char("Profile", required=True, readonly=True)
    profile_text = fields.Text("Profile text", required=True, readonly=True)
    fingerprint = fields.Char(readonly=True, index="btree_not_null")
    user_id = fields.Many2one(
        "res.users",
        "Imported by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    file_ids = fields.Many2many("ir.attachment", string="Files", readonly=True)
    state = fields.Selection(
        [
            ("draft", "New"),
            ("checked", "Checked"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancel", "Stopped"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
    )
    background = fields.Boolean(
        readonly=True, help="The scheduled action works on it, not a command line."
    )
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    seconds = fields.Float(
        readonly=True, help="Working time of the import, without waiting."
    )
    deal_total = fields.Integer("Opportunities to import", readonly=True)
    deal_done = fields.Integer("Opportunities imported", readonly=True)
    progress = fields.Float(compute="_compute_progress", help="In percent.")
    error = fields.Text(readonly=True)
    count_ids = fields.One2many("crm.import.count", "run_id", "Counts", readonly=True)
    issue_ids = fields.One2many("crm.import.issue", "run_id", "Issues", readonly=True)
    rejected_ids = fields.One2many(
        "crm.import.issue",
        "run_id",
        "Rejected rows",
        domain=[("level", "=", "rejected")],
        readonly=True,
    )
    warning_ids = fields.One2many(
        "crm.import.issue",
        "run_id",
        "Warnings",
        domain=[("level", "=", "warning")],
        readonly=True,
    )
    rejected_count = fields.Integer(readonly=True)
    rejected_file = fields.Binary("Rejected rows file", attachment=True, readonly=True)
    rejected_filename = fields.Char(readonly=True)

    @api.depends("deal_total", "deal_done", "state")
    def _compute_progress(self):
        for run in self:
            if run.state == "done" or not run.deal_total:
                run.progress = 100.0 if run.state == "done" else 0.0
            else:
                run.progress = 100.0 * run.deal_done / run.deal_total

    # reading

    def _get_profile(self):
        self.ensure_one()
        return profiles.load_profile(self.profile_text)

    def _get_files(self):
        """Return {file name: content}, zip files unpacked."""
        files = {}
        for attachment in self.file_ids:
            files |= source.unpack(attachment.name, attachment.raw or b"")
        return files

    def _parse(self):
        """Return the profile and the parsed files; UserError if they are unusable."""
        self.ensure_one()
        try:
            profile = self._get_profile()
            files = source.by_kind(profile, self._get_files())
            return profile, self._parse_files(profile, files)
        except profiles.ImportProblem as problem:
            raise UserError(problem_sentence(self.env, problem)) from None

    @api.model
    def _parse_files(self, profile, files):
        countries = self.env["crm.import.loader"]._get_countries().values()
        names = {name for c in countries for name in (c.name, c.code) if name}
        known = {"country": sorted(names)}
        return parse(profile, files, known, fields.Date.context_today(self))

    # checks

    def _check_possible(self, profile):
        """Refuse what the company or the rights of the user do not allow."""
        self.ensure_one()
        currency = profile.options["currency"]
        if currency and currency != self.company_id.currency_id.name:
            raise UserError(
                self.env._(
                    "The amounts of this export are in %(currency)s, but %(company)s "
                    "keeps its books in %(own)s. Convert the files first.",
                    currency=currency,
                    company=self.company_id.name,
                    own=self.company_id.currency_id.name,
                )
            )
        if self.user_id.id == SUPERUSER_ID:
            return
        if profile.options["documents"] != "order" and not self.user_id.has_group(
            "account.group_account_invoice"
        ):
            raise AccessError(
                self.env._(
                    "This import posts invoices: only a user with invoicing rights may "
                    "start it. Or set documents: order in the profile."
                )
            )
        if profile.options["create_users"] and not self.user_id.has_group(
            "base.group_erp_manager"
        ):
            raise AccessError(
                self.env._(
                    "This import creates users for the sales agents: only an "
                    "administrator may start it. Or set create_users: false in the "
                    "profile, and agents are matched with existing users by name."
                )
            )

    def action_check(self):
        """Read the files and show what an import would do; nothing else is written."""
        for run in self:
            profile, parsed = run._parse()
            run._write_report(profile, parsed)
            run.state = "checked"
        return True

    def _write_report(self, profile, parsed):
        self.ensure_one()
        keys = [row.key for row in parsed.rows["deals"]]
        loader = self.env["crm.import.loader"]
        known = {
            kind: len(loader._get_known_ids(profile, kind, [row.key for row in rows]))
            for kind, rows in parsed.rows.items()
        }
        Issue = self.env["crm.import.issue"]
        self.sudo().write(
            {
                "deal_total": len(keys) - known["deals"],
                "deal_done": 0,
                "error": False,
                "count_ids": [fields.Command.clear()]
                + [
                    fields.Command.create(
                        {
                            "sequence": sequence,
                            "kind": kind,
                            "read": parsed.read[kind],
                            "existing": known.get(kind, 0),
                            "rejected": parsed.rejected_count(kind),
                            "warnings": parsed.warning_count(kind),
                        }
                    )
                    for sequence, (kind, _label) in enumerate(
                        self.env["crm.import.count"].KINDS
                    )
                ],
                "issue_ids": [fields.Command.clear()]
                + [
                    fields.Command.create(Issue._prepare_issue(issue))
                    for issue in parsed.rejected + parsed.warnings
                ],
            }
        )
        self._write_rejected_file()

    def _write_rejected_file(self):
        """Put all rejected rows into one CSV file, with line, reason and the row."""
        self.ensure_one()
        rejected = self.issue_ids.filtered(lambda issue: issue.level == "rejected")
        self.sudo().write(
            {
                "rejected_count": len(set(rejected.mapped(lambda i: (i.file, i.line)))),
                "rejected_file": source.encode(
                    source.write_rejected(rejected.mapped(_issue_cells))
                )
                if rejected
                else False,
                "rejected_filename": "rejected.csv",
            }
        )

    # running

    def action_start(self):
        """Queue the import; it runs in the background."""
        for run in self:
            if run.state not in ("checked", "failed", "cancel"):
                raise UserError(
                    self.env._(
                        "Check the import %(name)s before it can start.", name=run.name
                    )
                )
            run.user_id = self.env.user
            run._check_possible(run._get_profile())
            run.write({"state": "queued", "background": True})
        # sudo: a sales manager may not touch scheduled actions but may start an import
        self.env.ref("crm_b2b.ir_cron_crm_import").sudo()._trigger()
        return True

    def action_cancel(self):
        """Stop after the batch under way; what is imported stays."""
        self.filtered(lambda run: run.state in ("queued", "running")).state = "cancel"
        return True

    def action_refresh(self):
        return True

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
        """Return whether no other import is at work in this database until the commit."""
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
            self.deal_done += len(batch)
            self._add_counts(job, started)
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

    def _add_counts(self, job, started):
        """Add what the job created since the last time, and the seconds it took."""
        for count in self.count_ids:
            if number := job.created.get(count.kind):
                count.created += number
        job.created = {}
        self.seconds += time.monotonic() - started

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


def _issue_cells(issue):
    return (
        *(issue.file, issue.line, issue.column or "", issue.value or ""),
        *(issue.reason, issue.suggestion or "", issue.raw or ""),
    )
