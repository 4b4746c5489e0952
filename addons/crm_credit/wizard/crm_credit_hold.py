from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmCreditHold(models.TransientModel):
    """What is shown when the gate blocks: why, and the two ways on."""

    _name = "crm.credit.hold"
    _description = "Business Stopped by Credit"

    check_ids = fields.Many2many("crm.credit.check", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    message = fields.Text(readonly=True)
    method = fields.Char(readonly=True)
    can_release = fields.Boolean(compute="_compute_can_release")
    reason = fields.Text("Reason for the Release")
    amount = fields.Monetary("Up To", help="0 = any amount.")
    date_end = fields.Date("Until")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )

    @api.depends_context("uid")
    def _compute_can_release(self):
        self.can_release = self.env.user.has_group("crm_credit.group_credit_release")

    @api.model
    def _open_for(self, checks, method):
        """The dialog for blocked ``checks``; ``method`` is called after a release."""
        blocked = checks.filtered(lambda check: check.result == "block")
        lines = [
            f"{check.origin}, {check.partner_id.display_name}: {check.reason}"
            for check in blocked
        ]
        wizard = self.create(
            {
                "check_ids": [Command.set(blocked.ids)],
                "partner_id": blocked[:1].partner_id.id,
                "message": "\n".join(lines),
                "method": method,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stopped by credit"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_ask_release(self):
        """An activity for finance, on each customer concerned."""
        self.ensure_one()
        finance = self.env.ref("crm_credit.group_credit_release").all_user_ids
        deciders = finance.filtered(
            lambda user: user.active and self.env.company in user.company_ids
        )
        if not deciders:
            raise UserError(
                self.env._(
                    "Nobody may release credit yet: give someone in finance the"
                    " right “Release credit” first."
                )
            )
        for check in self.check_ids:
            check.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "Release credit for %(origin)s", origin=check.origin
                ),
                note=check.reason,
                user_id=deciders[0].id,
            )
        return {"type": "ir.actions.act_window_close"}

    def action_release(self):
        """Release by finance, then go on with what was stopped."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Give the reason for the release."))
        for check in self.check_ids:
            self.env["crm.credit.release"].create(
                {
                    "partner_id": check.partner_id.id,
                    "company_id": check.company_id.id,
                    "amount": self.amount,
                    "date_end": self.date_end,
                    "single_use": not self.date_end,
                    "reason": self.reason,
                }
            )
        documents = self.env[self.check_ids[0].res_model].browse(
            self.check_ids.mapped("res_id")
        )
        return getattr(documents, self._get_continuation())()

    def _get_continuation(self):
        """Only what a gate may have stopped can be called from here."""
        if self.method not in ("action_confirm", "button_validate", "action_plan"):
            raise UserError(self.env._("There is nothing to go on with."))
        return self.method
