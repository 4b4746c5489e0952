from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.credit_gate import Release


class CrmCreditRelease(models.Model):
    """Finance lets business with one customer go on: who, why, how much, how long."""

    _name = "crm.credit.release"
    _description = "Credit Release"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        domain="[('parent_id', '=', False)]",
        tracking=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        "Up To",
        help="The largest single order, delivery or job let pass. 0 = any amount.",
        tracking=True,
    )
    date_end = fields.Date("Until", tracking=True)
    single_use = fields.Boolean(
        "Once Only", default=True, help="Used up by the first business let pass."
    )
    reason = fields.Text(required=True, tracking=True)
    state = fields.Selection(
        [
            ("active", "Active"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    revoked = fields.Boolean(tracking=True, copy=False)
    check_ids = fields.One2many("crm.credit.check", "release_id", "Used By")

    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "A release cannot be for a negative amount."
    )

    @api.depends("partner_id", "date_end", "amount")
    def _compute_name(self):
        for release in self:
            release.name = self.env._(
                "Release for %(customer)s", customer=release.partner_id.name or ""
            )

    @api.depends("single_use", "date_end", "revoked", "check_ids")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for release in self:
            if release.revoked:
                release.state = "revoked"
            elif release.single_use and release.sudo().check_ids:  # finance may not
                release.state = "used"  # see the orders, the release is used anyway
            elif release.date_end and release.date_end < today:
                release.state = "expired"
            else:
                release.state = "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        used = [("single_use", "=", True), ("check_ids", "!=", False)]
        domains = {
            "revoked": fields.Domain("revoked", "=", True),
            "used": fields.Domain("revoked", "=", False) & fields.Domain(used),
            "expired": fields.Domain("revoked", "=", False)
            & ~fields.Domain(used)
            & fields.Domain("date_end", "<", today),
            "active": fields.Domain("revoked", "=", False)
            & ~fields.Domain(used)
            & (
                fields.Domain("date_end", "=", False)
                | fields.Domain("date_end", ">=", today)
            ),
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("single_use", "date_end")
    def _check_bounded(self):
        for release in self:
            if not (release.single_use or release.date_end):
                raise ValidationError(
                    self.env._(
                        "The release for %(customer)s needs an end date, or it may"
                        " be used once only.",
                        customer=release.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        releases = super().create(vals_list)
        for release in releases:
            # finance may release without the right to edit contacts
            release.partner_id.sudo().message_post(
                body=self.env._(
                    "Credit released: %(reason)s",
                    reason=release.reason,
                )
            )
        return releases

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for release in self:
            if release.sudo().check_ids:  # used is used, seen or not
                raise UserError(
                    self.env._(
                        "%(release)s let business pass and stays on record; revoke"
                        " it instead.",
                        release=release.name,
                    )
                )

    def action_revoke(self):
        self.revoked = True
        return True

    def _to_kernel(self):
        return tuple(
            Release(release.id, release.amount, release.date_end or None)
            for release in self
        )
