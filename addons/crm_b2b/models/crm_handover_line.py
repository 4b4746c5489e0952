from odoo import api, fields, models


class CrmHandoverLine(models.Model):
    """One record that changes its owner, with what it was before.

    Written by set-based SQL only (see ``crm.handover``): the list is the preview,
    the log and what an undo restores.
    """

    _name = "crm.handover.line"
    _description = "Hand-over Line"
    _order = "res_model, id"
    _log_access = False

    handover_id = fields.Many2one(
        "crm.handover", required=True, index=True, ondelete="cascade"
    )
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    kind = fields.Selection(
        selection="_get_kinds", compute="_compute_kind", string="Record Type"
    )
    record_name = fields.Char("Name", compute="_compute_record_name")
    partner_id = fields.Many2one("res.partner", "Account", ondelete="set null")
    old_user_id = fields.Many2one("res.users", "From", ondelete="set null")
    new_user_id = fields.Many2one("res.users", "To", ondelete="set null")
    old_territory_id = fields.Many2one(
        "crm.territory", "Former Territory", ondelete="set null"
    )
    new_territory_id = fields.Many2one("crm.territory", ondelete="set null")
    old_team_id = fields.Many2one("crm.team", "Former Team", ondelete="set null")
    new_team_id = fields.Many2one("crm.team", ondelete="set null")
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("applied", "Applied"),
            ("kept", "Kept (changed meanwhile)"),
            ("undone", "Restored"),
        ],
        default="planned",
        required=True,
    )

    _record_uniq = models.UniqueIndex("(handover_id, res_model, res_id)")

    def _get_kinds(self):
        """(model, label) of everything a hand-over can move here."""
        return [
            (model, self.env["ir.model"]._get(model).name)
            for model in self.env["crm.handover"]._get_owner_fields()
            if model in self.env
        ]

    @api.depends("res_model")
    def _compute_kind(self):
        for line in self:
            line.kind = line.res_model

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model, lines in self.grouped("res_model").items():
            # the log stays readable after a record is gone or out of sight
            records = self.env[model].browse(lines.mapped("res_id")).exists()
            names = {
                record.id: record.display_name
                for record in records._filtered_access("read")
            }
            for line in lines:
                line.record_name = names.get(line.res_id) or f"#{line.res_id}"

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
