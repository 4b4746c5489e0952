from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils


class CrmLead(models.Model):
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    transfer_ids = fields.One2many("crm.lead.transfer", "lead_id", "Hand-Overs")
    transfer_state = fields.Selection(
        [
            ("none", "With Marketing"),
            ("offered", "Offered to Sales"),
            ("accepted", "Accepted by Sales"),
            ("returned", "Returned by Sales"),
        ],
        "Hand-Over",
        compute="_compute_transfer_state",
        store=True,
        index=True,
        default="none",
    )
    transfer_reason = fields.Char(compute="_compute_transfer_reason")
    transfer_is_mine = fields.Boolean(compute="_compute_transfer_is_mine")

    @api.depends("transfer_ids.state")
    def _compute_transfer_state(self):
        for lead in self:
            last = lead.transfer_ids.sorted("id")[-1:]
            lead.transfer_state = last.state or "none"

    @api.depends("transfer_ids.reason", "transfer_ids.reason_note", "transfer_state")
    @api.depends_context("lang")
    def _compute_transfer_reason(self):
        words = dict(
            self.env["crm.lead.transfer"]
            ._fields["reason"]
            ._description_selection(self.env)
        )
        for lead in self:
            last = lead.transfer_ids.sorted("id")[-1:]
            parts = [words.get(last.reason), last.reason_note]
            lead.transfer_reason = (
                ": ".join(filter(None, parts)) if last.state == "returned" else False
            )

    @api.depends("transfer_ids.state", "transfer_ids.user_id")
    @api.depends_context("uid")
    def _compute_transfer_is_mine(self):
        for lead in self:
            waiting = lead.transfer_ids.filtered(lambda t: t.state == "offered")
            lead.transfer_is_mine = self.env.user in (
                waiting.user_id | waiting.team_id.user_id
            )

    def _get_waiting_transfers(self):
        transfers = self.transfer_ids.filtered(lambda t: t.state == "offered")
        if not transfers:
            raise UserError(self.env._("No lead of these waits for an answer."))
        return transfers

    def action_transfer_accept(self):
        """Take the handed leads over."""
        self._get_waiting_transfers().action_accept()

    def action_transfer_return(self):
        """Give the handed leads back."""
        return self._get_waiting_transfers().action_return()

    def _hand_over(self, user, team, note=False):
        """Hand the leads to a seller, who gets a task with a deadline."""
        self.check_access("write")
        transfers = self.env["crm.lead.transfer"]
        for lead in self:
            lead._check_hand_over(user)
            # sums as they are now, for the record
            lead._update_marketing_score()
            # from here on the lead may be out of the sender's sight
            lead_sudo = lead.sudo()
            lead_sudo.write({"user_id": user.id, "team_id": team.id})
            transfer = transfers.sudo().create(lead._prepare_transfer(user, team, note))
            lead_sudo.activity_schedule(
                "crm_marketing.activity_lead_transfer",
                date_deadline=transfer.deadline,
                summary=self.env._("Accept or return this lead"),
                note=note,
                user_id=user.id,
            )
            transfers |= transfer.sudo(False)
        return transfers

    def _check_hand_over(self, user):
        self.ensure_one()
        if self.won_status != "pending":
            raise UserError(
                self.env._("The lead %(lead)s is closed.", lead=self.display_name)
            )
        if self.transfer_state in ("offered", "accepted"):
            raise UserError(
                self.env._(
                    "The lead %(lead)s is with sales already.", lead=self.display_name
                )
            )
        if self.company_id and self.company_id not in user.company_ids:
            raise UserError(
                self.env._(
                    "%(user)s does not work for %(company)s.",
                    user=user.name,
                    company=self.company_id.name,
                )
            )

    def _prepare_transfer(self, user, team, note):
        company = self.sudo().company_id or self.env.company
        today = fields.Date.context_today(self)
        return {
            "lead_id": self.id,
            "from_user_id": self.env.uid,
            "user_id": user.id,
            "team_id": team.id,
            "deadline": date_utils.add(today, days=company.lead_answer_days),
            "score": self.sudo().marketing_score,
            "note": note,
        }


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    lead_answer_days = fields.Integer(
        "Days to Answer a Lead",
        default=2,
        help="Time in which sales accepts or returns a lead of marketing.",
    )

    _lead_answer_days_check = models.Constraint(
        "CHECK (lead_answer_days >= 0)", "The days to answer cannot be negative."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    lead_answer_days = fields.Integer(
        related="company_id.lead_answer_days", readonly=False
    )
