from odoo import api, fields, models

from .crm_import_text import REASONS, reason_sentence


class CrmImportIssue(models.Model):
    _name = "crm.import.issue"
    _description = "Rejected row or warning of a CRM import"
    _order = "level, file, line, id"
    _rec_name = "value"

    run_id = fields.Many2one(
        "crm.import.run", string="Import", required=True, index=True, ondelete="cascade"
    )
    level = fields.Selection(
        [("rejected", "Rejected"), ("warning", "Warning")], required=True, readonly=True
    )
    file = fields.Char(readonly=True)
    line = fields.Integer(
        readonly=True, aggregator=None, help="Line in the file; the header is line 1."
    )
    column = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    code = fields.Char(readonly=True)
    detail = fields.Char(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    suggestion = fields.Char(
        readonly=True,
        help="A known value near the one in the file. It is used only if an alias of "
        "the profile says so.",
    )
    count = fields.Integer(
        "Rows", readonly=True, help="Rows with the same value; line is the first."
    )
    raw = fields.Char("Row", readonly=True)

    @api.depends("code", "detail")
    @api.depends_context("lang")
    def _compute_reason(self):
        for issue in self:
            reason = (
                reason_sentence(self.env, issue.code)
                if (issue.code in REASONS)
                else issue.code
            )
            issue.reason = ": ".join(filter(None, (reason, issue.detail)))

    @api.model
    def _prepare_issue(self, issue, run=None):
        """Return the values for the kernel's ``issue``, linked to ``run`` if given."""
        names = ("level", "file", "line", "column", "value", "suggestion", "count")
        values = {name: getattr(issue, name) for name in (*names, "raw")}
        values["code"] = issue.reason
        if run:
            values["run_id"] = run.id
        return values
