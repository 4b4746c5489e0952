from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import crm_import_profile as profiles
from ..tools.crm_import_parse import parse
from . import crm_import_source as source
from .crm_import_text import problem_sentence


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
        compute="_compute_progress",
        help="Working time of the import, without waiting.",
    )
    deal_total = fields.Integer("Opportunities to import", readonly=True)
    # not stored: a batch writes its counts only, so that a user can stop the run
    deal_done = fields.Integer("Opportunities imported", compute="_compute_progress")
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

    @api.depends("deal_total", "state", "count_ids.done", "count_ids.seconds")
    def _compute_progress(self):
        for run in self:
            run.seconds = sum(run.count_ids.mapped("seconds"))
            run.deal_done = sum(run.count_ids.mapped("done"))
            if run.state == "done":
                run.progress = 100.0
            else:
                run.progress = 100.0 * run.deal_done / max(run.deal_total, 1)

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
                "error": False,
                "count_ids": [fields.Command.clear()]
                + [
                    fields.Command.create(
                        {
                            "sequence": sequence,
                            "kind": kind,
                            "row_count": parsed.read[kind],
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


def _issue_cells(issue):
    return (
        *(issue.file, issue.line, issue.column or "", issue.value or ""),
        *(issue.reason, issue.suggestion or "", issue.raw or ""),
    )
