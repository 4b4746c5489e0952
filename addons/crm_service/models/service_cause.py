from odoo import api, fields, models


class ServiceCause(models.Model):
    """One catalogue for what is wrong and why: the same words in every figure."""

    _name = "service.cause"
    _description = "Defect or Cause"
    _order = "kind, code, name"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True)
    kind = fields.Selection(
        [("defect", "Defect: what is wrong"), ("cause", "Cause: why it is wrong")],
        required=True,
        default="defect",
        index=True,
    )
    active = fields.Boolean(default=True)
    note = fields.Text()
    complaint_count = fields.Integer(compute="_compute_complaint_count")

    _code_unique = models.Constraint(
        "UNIQUE (kind, code)", "This code is in the catalogue already."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for cause in self:
            cause.display_name = f"[{cause.code}] {cause.name}"

    def _compute_complaint_count(self):
        complaints = self.env["service.complaint"]
        counts = {}
        for name in ("defect_id", "cause_id"):
            counts |= dict(
                complaints._read_group([(name, "in", self.ids)], [name], ["__count"])
            )
        for cause in self:
            cause.complaint_count = counts.get(cause, 0)

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service.service_complaint_action"
        )
        name = "defect_id" if self.kind == "defect" else "cause_id"
        return action | {"domain": [(name, "=", self.id)], "context": {}}
