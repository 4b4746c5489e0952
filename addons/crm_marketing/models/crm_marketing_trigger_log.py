from odoo import fields, models
from odoo.fields import Command

REASONS = [
    ("bought", "Has bought in the meantime"),
    ("deal", "Has an open opportunity"),
    ("ticket", "Has an open request"),
    ("late", "Was due too long ago"),
    ("cap", "Limit of the trigger reached"),
    ("audience", "Has left the trigger's audience"),
    ("no_recipient", "No contact may be written to"),
]


class CrmMarketingTriggerLog(models.Model):
    """An occasion of a customer: what was sent, or why nothing was.

    Found in SQL by the trigger, at most one row for each occasion; decided once.
    """

    _name = "crm.marketing.trigger.log"
    _description = "Trigger Log"
    _order = "due_date desc, id desc"
    _rec_name = "commercial_partner_id"

    trigger_id = fields.Many2one(
        "crm.marketing.trigger", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(related="trigger_id.kind")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    user_id = fields.Many2one(
        related="commercial_partner_id.user_id", string="Salesperson"
    )
    occasion = fields.Char(required=True, readonly=True)
    occasion_date = fields.Date("Occasion on", required=True, readonly=True)
    since_date = fields.Date(
        readonly=True, help="A purchase after this day stops the mail."
    )
    due_date = fields.Date("Due on", required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("skipped", "Not Sent")],
        required=True,
        readonly=True,
        default="waiting",
    )
    reason = fields.Selection(REASONS, "Why Not", readonly=True)
    detail = fields.Char(readonly=True)
    decided_on = fields.Datetime(readonly=True)
    partner_ids = fields.Many2many(
        "res.partner",
        "crm_trigger_log_contact_rel",
        string="Written to",
        readonly=True,
    )

    _occasion_uniq = models.Constraint(
        "UNIQUE (trigger_id, commercial_partner_id, occasion)",
        "An occasion of a customer is there once.",
    )
    _due_idx = models.Index("(trigger_id, due_date) WHERE state = 'waiting'")

    def action_open_traces(self):
        """Open the mails of the trigger to these contacts."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mails"),
            "res_model": "mailing.trace",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("mass_mailing_id", "=", self.trigger_id.mailing_id.id),
                ("model", "=", "res.partner"),
                ("res_id", "in", self.partner_ids.ids),
            ],
        }

    # --- deciding -----------------------------------------------------------

    def _skip(self, reason, detail=False):
        self.write(
            {
                "state": "skipped",
                "reason": reason,
                "detail": detail,
                "decided_on": fields.Datetime.now(),
            }
        )

    def _mark_sent(self, contacts):
        self.write(
            {
                "state": "sent",
                "partner_ids": [Command.set(contacts.ids)],
                "decided_on": fields.Datetime.now(),
            }
        )
