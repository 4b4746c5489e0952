from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CrmLeadCriterion(models.Model):
    """State of one exit criterion on one deal."""

    _name = "crm.lead.criterion"
    _description = "Exit criterion on an opportunity"
    _order = "stage_sequence, sequence, id"
    _rec_name = "criterion_id"

    lead_id = fields.Many2one(
        "crm.lead", required=True, ondelete="cascade", index=True, readonly=True
    )
    criterion_id = fields.Many2one(
        "crm.stage.criterion", required=True, ondelete="cascade", readonly=True
    )
    stage_id = fields.Many2one(related="criterion_id.stage_id", store=True)
    stage_sequence = fields.Integer(
        string="Stage order", related="criterion_id.stage_id.sequence", store=True
    )
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    kind = fields.Selection(related="criterion_id.kind")
    mandatory = fields.Boolean(related="criterion_id.mandatory")
    description = fields.Text(related="criterion_id.description")
    done = fields.Boolean(string="Ticked")
    is_done = fields.Boolean(
        string="Done", compute="_compute_is_done", inverse="_inverse_is_done"
    )
    done_user_id = fields.Many2one("res.users", string="Done by", readonly=True)
    done_date = fields.Datetime(string="Done on", readonly=True)
    note = fields.Char(string="Proof")
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")

    _lead_criterion_uniq = models.UniqueIndex(
        "(lead_id, criterion_id)", "A criterion appears once on an opportunity."
    )

    @api.depends("done", "criterion_id.kind", "criterion_id.domain", "lead_id")
    def _compute_is_done(self):
        self.is_done = False
        # the state of a criterion does not depend on who looks at it
        met = self.sudo().criterion_id._get_met_leads(self.lead_id)
        for row in self:
            row.is_done = (
                row.done
                if row.kind == "manual"
                else row.lead_id._origin.id in met[row.criterion_id.id]
            )

    def _inverse_is_done(self):
        for row in self.filtered(lambda row: row.kind == "manual"):
            row.done = row.is_done

    @api.constrains("done", "note", "attachment_ids")
    def _check_proof(self):
        for row in self:
            if (
                row.done
                and row.criterion_id.proof_required
                and not (row.note or row.attachment_ids)
            ):
                raise ValidationError(
                    self.env._(
                        "Add a note or an attachment as proof of “%(criterion)s” on "
                        "“%(deal)s”.",
                        criterion=row.criterion_id.name,
                        deal=row.lead_id.display_name,
                    )
                )

    def write(self, vals):
        if "done" in vals:
            vals = vals | {
                "done_user_id": self.env.uid if vals["done"] else False,
                "done_date": fields.Datetime.now() if vals["done"] else False,
            }
            changed = self.filtered(lambda row: row.done != vals["done"])
        result = super().write(vals)
        if "done" in vals:
            changed._log_ticks()
        return result

    def _log_ticks(self):
        """Note in the chatter of the deals what was ticked or unticked."""
        bodies = {}
        for lead, rows in self.grouped("lead_id").items():
            names = ", ".join(rows.criterion_id.mapped("name"))
            bodies[lead.id] = (
                self.env._("Exit criterion met: %(names)s", names=names)
                if rows[0].done
                else self.env._("Exit criterion open again: %(names)s", names=names)
            )
        self.lead_id._message_log_batch(bodies=bodies)

    @api.model
    def _add_missing_rows(self, lead_domain):
        """Give the open deals of the domain a row for each criterion of their stage.

        One statement: a stage may hold very many deals.
        """
        self.env["crm.lead"].flush_model()
        self.env["crm.stage.criterion"].flush_model()
        # every deal gets its rows, also those the user may not see
        leads = (
            self.env["crm.lead"]
            .sudo()
            ._search([("type", "=", "opportunity"), *lead_domain])
        )
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_lead_criterion
                    (lead_id, criterion_id, stage_id, stage_sequence, sequence,
                     create_uid, write_uid, create_date, write_date)
                SELECT l.id, c.id, c.stage_id, s.sequence, c.sequence,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                       now() AT TIME ZONE 'UTC'
                  FROM crm_lead l
                  JOIN crm_stage_criterion c ON c.stage_id = l.stage_id AND c.active
                  JOIN crm_stage s ON s.id = c.stage_id
                 WHERE l.id IN %(leads)s
                ON CONFLICT DO NOTHING
                RETURNING id
                """,
                uid=self.env.uid,
                leads=leads.subselect(),
            )
        )
        if rows:
            self.env["crm.lead"].invalidate_model(["criterion_ids"])
