from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

REASONS = [
    ("no_need", "No need"),
    ("no_budget", "No budget"),
    ("not_reached", "Could not be reached"),
    ("wrong_contact", "Wrong contact"),
    ("bad_data", "Data incomplete or wrong"),
    ("known", "In the pipeline already"),
    ("territory", "Not my territory"),
    ("other", "Other"),
]


class CrmLeadTransfer(models.Model):
    """A lead handed from marketing to sales: offered, then accepted or returned."""

    _name = "crm.lead.transfer"
    _description = "Hand-Over of a Lead"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    partner_name = fields.Char(related="lead_id.partner_name", string="Company Name")
    source_id = fields.Many2one(related="lead_id.source_id", store=True)
    campaign_id = fields.Many2one(related="lead_id.campaign_id", store=True)
    from_user_id = fields.Many2one(
        "res.users", "From", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", "To", required=True, readonly=True, index=True
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    date = fields.Datetime(
        "Handed Over", required=True, readonly=True, default=fields.Datetime.now
    )
    deadline = fields.Date("Answer by", required=True, readonly=True)
    score = fields.Integer(readonly=True, aggregator="avg")
    note = fields.Text(help="What sales should know.")
    state = fields.Selection(
        [
            ("offered", "Waiting"),
            ("accepted", "Accepted"),
            ("returned", "Returned"),
        ],
        default="offered",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    answer_date = fields.Datetime("Answered", readonly=True)
    answer_days = fields.Float(
        "Days to Answer", readonly=True, aggregator="avg", digits=(16, 1)
    )
    reason = fields.Selection(REASONS, "Returned Because", readonly=True)
    reason_note = fields.Text("Reason in Words", readonly=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    is_reminded = fields.Boolean(readonly=True)

    _one_open = models.UniqueIndex(
        "(lead_id) WHERE state = 'offered'",
        "The lead waits for an answer already.",
    )

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for transfer in self:
            transfer.is_late = transfer.state == "offered" and transfer.deadline < today

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "=", "offered") & fields.Domain(
            "deadline", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    # --- answer -------------------------------------------------------------------

    def _check_receiver(self):
        """The receiver answers, or whoever leads the receiver's team."""
        for transfer in self:
            if transfer.state != "offered":
                raise UserError(
                    self.env._(
                        "The lead %(lead)s was answered already.",
                        lead=transfer.lead_id.name,
                    )
                )
            leaders = transfer.user_id | transfer.team_id.user_id
            if self.env.user not in leaders and not self.env.user.has_group(
                "sales_team.group_sale_manager"
            ):
                raise AccessError(
                    self.env._(
                        "The lead %(lead)s was handed to %(user)s, who answers.",
                        lead=transfer.lead_id.name,
                        user=transfer.user_id.name,
                    )
                )

    def _answer(self, vals):
        now = fields.Datetime.now()
        for transfer in self:
            days = (now - transfer.date).total_seconds() / 86400
            # the receiver may answer, and change nothing else
            transfer.sudo().write({**vals, "answer_date": now, "answer_days": days})
        self.lead_id.activity_unlink(["crm_marketing.activity_lead_transfer"])

    def action_accept(self):
        """Take the lead over; it becomes a deal."""
        self._check_receiver()
        self._answer({"state": "accepted"})
        self._hand_customers_over()
        for lead in self.lead_id.filtered(lambda lead: lead.type == "lead"):
            lead.convert_opportunity(
                lead.partner_id, user_ids=lead.user_id.ids, team_id=lead.team_id.id
            )

    def _hand_customers_over(self):
        """Customers nobody in sales looks after get the seller who took the lead.

        Who met them at a fair stands on them as salesperson until then, and quotations
        of the seller would be that person's.
        """
        for transfer in self.sudo():
            partner = transfer.lead_id.partner_id
            (partner | partner.commercial_partner_id).filtered(
                lambda p, sender=transfer.from_user_id: (
                    not p.user_id or p.user_id == sender
                )
            ).user_id = transfer.lead_id.user_id

    def action_return(self):
        """Ask for the reason, and give the lead back."""
        self._check_receiver()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return to Marketing"),
            "res_model": "crm.lead.transfer.return",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_transfer_ids": self.ids},
        }

    def _return(self, reason, note):
        """Back to marketing, which gets a task with the reason."""
        self._check_receiver()
        self._answer({"state": "returned", "reason": reason, "reason_note": note})
        words = dict(self._fields["reason"]._description_selection(self.env))
        for transfer in self:
            lead = transfer.lead_id.sudo()  # the lead leaves what the seller may see
            lead.user_id = transfer.from_user_id
            lead.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Returned by sales: %(why)s", why=words[reason]),
                note=note,
                user_id=transfer.from_user_id.id,
            )

    # --- reminder -----------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Tell the team's leader once that a lead waits beyond its time."""
        late = self.search([("is_late", "=", True), ("is_reminded", "=", False)])
        for transfer in late:
            leader = transfer.team_id.user_id or transfer.from_user_id
            transfer.lead_id.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._(
                    "%(user)s has not answered since %(date)s",
                    user=transfer.user_id.name,
                    date=fields.Date.to_string(transfer.date),
                ),
                user_id=leader.id,
            )
        late.is_reminded = True

    def action_open_lead(self):
        """Open the lead."""
        self.ensure_one()
        return self.lead_id._get_records_action()
