from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import crm_import_profile as profiles
from . import crm_import_source as source
from .crm_import_text import problem_sentence, reason_sentence


class CrmImportRun(models.Model):
    # one file for each task
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "crm.import.run"

    @api.model
    def _read_profile(self, name):
        """Return the text of the shipped profile ``name``, or of that file."""
        path = source.get_shipped_profiles().get(name) or Path(name)
        try:
            return path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise UserError(
                self.env._(
                    "There is no readable profile %(name)s. Give a YAML file or "
                    "one of: %(names)s.",
                    name=name,
                    names=", ".join(source.get_shipped_profiles()),
                )
            ) from None

    @api.model
    def _read_folder(self, text, folder):
        try:
            profile = profiles.load_profile(text)
            return profile, source.read_folder(profile, folder)
        except profiles.ImportProblem as problem:
            raise UserError(problem_sentence(self.env, problem)) from None

    @api.model
    def _check_folder(self, text, folder):
        """Return counts and issues of a dry run as rows of text; nothing is written."""
        profile, files = self._read_folder(text, folder)
        try:
            parsed = self._parse_files(profile, source.by_kind(profile, files))
        except profiles.ImportProblem as problem:
            raise UserError(problem_sentence(self.env, problem)) from None
        counts = [
            (kind, parsed.read[kind], len(rows))
            + (parsed.rejected_count(kind), parsed.warning_count(kind))
            for kind, rows in parsed.rows.items()
        ]
        issues = [
            (i.level, i.file, i.line, i.column, i.value)
            + (reason_sentence(self.env, i.reason), i.suggestion, i.count)
            for i in parsed.rejected + parsed.warnings
        ]
        return counts, issues

    @api.model
    def _get_folder_run(self, text, folder):
        """Return the unfinished run of the same input, else a new checked one."""
        _profile, files = self._read_folder(text, folder)
        run = self._create_run(text, files)
        run.background = False
        return run

    @api.model
    def _create_run(self, text, files):
        """Return the unfinished run of the same input, or a new checked one."""
        try:
            profile = profiles.load_profile(text)
        except profiles.ImportProblem as problem:
            raise UserError(problem_sentence(self.env, problem)) from None
        digest = source.fingerprint(text, files)
        run = self.search(
            [
                ("fingerprint", "=", digest),
                ("state", "in", ("queued", "running", "cancel", "failed")),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )
        if run:
            return run
        run = self.create(
            {
                "name": profile.title,
                "profile_name": profile.name,
                "profile_text": text,
                "fingerprint": digest,
            }
        )
        run.file_ids = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": run._name,
                    "res_id": run.id,
                }
                for name, content in files.items()
            ]
        )
        run.action_check()
        return run
