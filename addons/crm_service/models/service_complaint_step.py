from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ..tools import eight_d


class ServiceComplaintStep(models.Model):
    """One of the eight disciplines: who does what by when."""

    _name = "service.complaint.step"
    _description = "Step of a Complaint"
    _order = "complaint_id, code"
    _rec_name = "code"

    complaint_id = fields.Many2one(
        "service.complaint", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    code = fields.Selection(
        [
            ("D1", "D1 Team"),
            ("D2", "D2 Problem"),
            ("D3", "D3 Containment"),
            ("D4", "D4 Root cause"),
            ("D5", "D5 Corrective action"),
            ("D6", "D6 Implementation"),
            ("D7", "D7 Prevention"),
            ("D8", "D8 Closure"),
        ],
        "Step",
        required=True,
        readonly=True,
    )
    label = fields.Char(compute="_compute_label")
    text = fields.Html("What was found and done", sanitize_style=True)
    user_id = fields.Many2one(
        "res.users", "Owner", domain=[("share", "=", False)], index=True
    )
    deadline = fields.Date("Due", index=True)
    done = fields.Boolean()
    done_date = fields.Date("Done on", readonly=True)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True)
    late = fields.Boolean(compute="_compute_late")

    _code_unique = models.Constraint(
        "UNIQUE (complaint_id, code)", "Each step is there once."
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_label(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for step in self:
            step.label = labels.get(step.code, "").partition(" ")[2]

    @api.depends("deadline", "done")
    def _compute_late(self):
        today = fields.Date.context_today(self)
        for step in self:
            step.late = bool(
                eight_d.late([(step.code, step.deadline, step.done)], today)
            )

    def write(self, vals):
        if vals.get("done"):
            for step in self.filtered(lambda step: not step.done):
                step._check_doable(vals)
            vals = vals | {
                "done_date": fields.Date.context_today(self),
                "done_by_id": self.env.uid,
            }
        elif "done" in vals:
            vals = vals | {"done_date": False, "done_by_id": False}
        result = super().write(vals)
        if "done" in vals:
            self.complaint_id._step_done()
        if vals.keys() & {"user_id", "deadline"}:
            self._replan()
        return result

    def _check_doable(self, vals):
        """The disciplines come one after the other, each with its text."""
        done = {step.code: step.done for step in self.complaint_id.step_ids}
        missing = eight_d.missing_before(self.code, done)
        if missing:
            raise UserError(
                self.env._(
                    "Finish %(missing)s before %(step)s.",
                    missing=", ".join(missing),
                    step=self.code,
                )
            )
        if is_html_empty(vals.get("text", self.text)):
            raise UserError(
                self.env._("Write down what was done in %(step)s.", step=self.code)
            )
        if self.code == "D8":
            self.complaint_id._check_closable()

    def _replan(self):
        """The activity follows owner and day of the step that is next."""
        for complaint in self.complaint_id:
            complaint.activity_unlink(["crm_service.activity_complaint_step"])
            complaint._plan_step()

    def action_done(self):
        self.check_access("write")
        return self.write({"done": True})

    def action_undo(self):
        self.check_access("write")
        return self.write({"done": False})
