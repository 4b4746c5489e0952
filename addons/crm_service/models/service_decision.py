from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, format_duration

from .choices import choices_of

OUTCOMES = [
    ("covered", "Covered"),
    ("warranty", "Warranty"),
    ("exhausted", "Exhausted"),
    ("not_covered", "Not covered"),
    ("blocked", "Blocked"),
]
#: Bootstrap colour and icon beside the word.
LOOK = {
    "covered": ("success", "fa-check-circle"),
    "warranty": ("success", "fa-shield"),
    "exhausted": ("warning", "fa-hourglass-end"),
    "not_covered": ("warning", "fa-money"),
    "blocked": ("danger", "fa-ban"),
}


class ServiceDecision(models.Model):
    """Who pays for a request, as it was known at one moment. Never changed."""

    _name = "service.decision"
    _description = "Coverage Decision"
    _order = "id desc"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Request", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Registered by", default=lambda self: self.env.user
    )
    trigger = fields.Selection(
        [
            ("registered", "Request registered"),
            ("changed", "Request changed"),
            ("checked", "Checked again"),
            ("override", "Overridden by a manager"),
        ],
        required=True,
        default="registered",
    )
    outcome = fields.Selection(OUTCOMES, required=True, index=True)
    rule = fields.Selection(
        [
            ("no_customer", "Customer unknown"),
            ("warranty", "Warranty runs"),
            ("credit", "Stopped by credit"),
            ("covered", "Contract with something left"),
            ("exhausted", "Contract used up"),
            ("suspended", "Contract suspended"),
            ("ended", "Contract ended"),
            ("no_contract", "No contract"),
            ("manager", "Manager's decision"),
        ],
        required=True,
    )
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null")
    asset_id = fields.Many2one("service.asset")
    kind = fields.Selection(choices_of("helpdesk.ticket", "kind"))
    priority = fields.Selection(choices_of("helpdesk.ticket", "priority"))
    warranty_until = fields.Date()
    contract_id = fields.Many2one("contract.contract")
    contract_line_id = fields.Many2one("contract.line")
    entitlement_id = fields.Many2one("service.entitlement")
    entitlement_name = fields.Char("Entitlement at that time")
    remainder = fields.Float("Left")
    unlimited = fields.Boolean()
    unit = fields.Selection(choices_of("service.entitlement", "kind"))
    credit_check_id = fields.Many2one("crm.credit.check", "Credit decision")
    credit_result = fields.Selection(related="credit_check_id.result", string="Credit")
    credit_exposure = fields.Monetary(
        related="credit_check_id.exposure", string="Exposure"
    )
    credit_limit = fields.Monetary(
        related="credit_check_id.limit", string="Credit limit"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    level_id = fields.Many2one("service.level", "Service level")
    response_hours = fields.Float()
    resolution_hours = fields.Float()
    documents = fields.Json(
        "Documents looked at", help="What was looked at: label, model, id, detail."
    )
    previous_id = fields.Many2one("service.decision", "Replaces")
    override_reason = fields.Text()
    explanation = fields.Char(compute="_compute_explanation")
    documents_html = fields.Html("Documents", compute="_compute_documents_html")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "A decision shows what was known at its time and cannot be changed. "
                "Check the request again, or override the decision with a reason."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A decision is kept as long as its request."))

    def _compute_display_name(self):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for decision in self:
            decision.display_name = (
                f"{decision.ticket_id.number}: {labels.get(decision.outcome)}"
            )

    # -- in words ------------------------------------------------------------

    def _get_left(self):
        if self.unlimited:
            return self.env._("without limit")
        if self.unit == "hours":
            return self.env._("%(hours)s h left", hours=format_duration(self.remainder))
        return self.env._("%(number)g left", number=self.remainder)

    def _get_credit_text(self):
        # the figures are shown with the decision, whoever may open the check itself
        check = self.credit_check_id.sudo()
        amounts = {
            "exposure": format_amount(self.env, check.exposure, self.currency_id),
            "limit": format_amount(self.env, check.limit, self.currency_id),
            "days": check.overdue_days,
        }
        if check.release_id:
            return self.env._("credit released by finance")
        if check.result != "block":
            if not check.limit:
                return self.env._("no credit limit set")
            return self.env._(
                "credit fine (exposure %(exposure)s of %(limit)s)", **amounts
            )
        if check.limit and check.exposure + check.amount > check.limit:
            return self.env._("credit exceeded (%(exposure)s of %(limit)s)", **amounts)
        if check.overdue_days:
            return self.env._(
                "an invoice that is open %(days)s days after its due date", **amounts
            )
        return self.env._("a credit hold set by finance")

    @api.depends_context("lang")
    def _compute_explanation(self):
        for decision in self:
            decision.explanation = decision._explain()

    def _explain(self):
        """Return the reason as one sentence in the reader's language."""
        values = {
            "asset": self.asset_id.sudo().display_name,  # named even if not readable
            "contract": self.contract_id.sudo().display_name,  # named even if hidden
            "entitlement": self.entitlement_name,
            "left": self._get_left(),
            "date": format_date(self.env, self.warranty_until),
            "credit": self._get_credit_text(),
        }
        if self.rule == "manager":
            return self.env._(
                "Decided by a manager: %(reason)s", reason=self.override_reason
            )
        if self.rule == "no_customer":
            return self.env._(
                "The customer is not known. Choose the customer to check again."
            )
        if self.rule == "warranty":
            return self.env._(
                "%(asset)s is under warranty until %(date)s; %(credit)s.", **values
            )
        if self.rule == "credit":
            return self.env._(
                "The customer has %(credit)s. Ask finance, or override.", **values
            )
        if self.rule == "covered":
            return self.env._(
                "%(contract)s, %(entitlement)s: %(left)s; %(credit)s.", **values
            )
        if self.rule == "exhausted":
            return self.env._(
                "%(contract)s, %(entitlement)s: nothing left in this period. "
                "The work will be charged; %(credit)s.",
                **values,
            )
        if self.rule == "suspended":
            return self.env._(
                "The contract %(contract)s is suspended; %(credit)s.", **values
            )
        if self.rule == "ended":
            return self.env._(
                "The contract %(contract)s has ended; %(credit)s.", **values
            )
        return self.env._("No contract covers this request; %(credit)s.", **values)

    def _compute_documents_html(self):
        for decision in self:
            rows = Markup().join(
                Markup('<li>%s: <a href="/odoo/%s/%s">%s</a> %s</li>')
                % (
                    document["label"],
                    document["model"],
                    document["id"],
                    document["name"],
                    document.get("detail") or "",
                )
                for document in decision.documents or []
            )
            decision.documents_html = Markup("<ul class='mb-0'>%s</ul>") % rows

    def _get_panel_values(self):
        """Return what the panel on the request shows about this decision."""
        self.ensure_one()
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        colour, icon = LOOK[self.outcome]
        return {
            "colour": colour,
            "icon": icon,
            "title": labels[self.outcome],
            "why": self.explanation,
            "overridden": self.trigger == "override",
            "user": self.user_id.sudo().name,  # the name of a colleague, no more
            "level": self.level_id.sudo().name,
        }
