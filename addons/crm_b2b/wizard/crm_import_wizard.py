import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models import crm_import_source as source
from ..models.crm_import_text import problem_sentence
from ..tools.crm_import_profile import ImportProblem, load_profile


class CrmImportWizard(models.TransientModel):
    _name = "crm.import.wizard"
    _description = "Import a CRM export"

    profile = fields.Selection(
        "_selection_profile",
        required=True,
        default=lambda self: self._selection_profile()[0][0],
        help="A profile says which file and column holds what.",
    )
    profile_file = fields.Binary("Profile (YAML)", attachment=False)
    profile_filename = fields.Char()
    file_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        help="The CSV files, or one zip file that holds them.",
    )
    files_wanted = fields.Char(compute="_compute_files_wanted")

    @api.model
    def _selection_profile(self):
        shipped = []
        for name, path in source.get_shipped_profiles().items():
            shipped.append((name, load_profile(path.read_text("utf-8")).title))
        return [*shipped, ("own", self.env._("My own profile"))]

    @api.depends("profile", "profile_file")
    def _compute_files_wanted(self):
        for wizard in self:
            try:
                profile = load_profile(wizard._get_text())
            except (ImportProblem, UserError):
                wizard.files_wanted = False
            else:
                wizard.files_wanted = ", ".join(
                    spec.file for spec in profile.files.values()
                )

    def _get_text(self):
        """Return the YAML text of the chosen profile."""
        self.ensure_one()
        if self.profile != "own":
            return self.env["crm.import.run"]._read_profile(self.profile)
        if not self.profile_file:
            raise UserError(self.env._("Upload your profile, a YAML file."))
        try:
            return base64.b64decode(self.profile_file).decode("utf-8-sig")
        except ValueError:
            raise UserError(
                self.env._("The profile is not a text file in UTF-8.")
            ) from None

    def action_check(self):
        """Check the files and open what an import would do."""
        self.ensure_one()
        if not self.file_ids:
            raise UserError(
                self.env._(
                    "Upload the files first: %(files)s.", files=self.files_wanted or ""
                )
            )
        files = {}
        try:
            for attachment in self.file_ids:
                files |= source.unpack(attachment.name, attachment.raw or b"")
        except ImportProblem as problem:
            raise UserError(problem_sentence(self.env, problem)) from None
        run = self.env["crm.import.run"]._create_run(self._get_text(), files)
        return {
            "type": "ir.actions.act_window",
            "name": run.name,
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
            "target": "current",
        }
