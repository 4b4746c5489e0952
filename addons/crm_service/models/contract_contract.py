from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import contract_periods as periods

STATES = [
    ("draft", "Draft"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("ended", "Ended"),
    ("cancelled", "Cancelled"),
]


class ContractContract(models.Model):
    """Life of a service contract."""

    _inherit = "contract.contract"

    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
        readonly=True,
    )
    billing_anchor_date = fields.Date(
        string="Periods begin on",
        help="A day on which a billing period begins, for example 1 January for "
        "calendar periods; the first period is then shorter. Empty: the start of each "
        "line.",
    )
    suspension_ids = fields.One2many(
        "service.contract.suspension", "contract_id", string="Suspensions"
    )
    price_step_ids = fields.One2many(
        "service.contract.price", "contract_id", string="Price changes"
    )
    notice_days = fields.Integer(
        string="Renewal notice (days)",
        compute="_compute_notice_days",
        store=True,
        readonly=False,
        help="Days before the end at which the renewal opportunity opens.",
    )
    notice_date = fields.Date(
        string="Renew from", compute="_compute_notice_date", store=True, index=True
    )
    mrr = fields.Monetary(
        string="Monthly revenue",
        compute="_compute_recurring_revenue",
        help="Of the lines running today, per month, in the contract's currency.",
    )
    arr = fields.Monetary(string="Yearly revenue", compute="_compute_recurring_revenue")

    @api.depends("company_id")
    def _compute_notice_days(self):
        for contract in self:
            contract.notice_days = contract.company_id.service_renewal_notice_days

    @api.depends("date_end", "notice_days")
    def _compute_notice_date(self):
        for contract in self:
            contract.notice_date = contract.date_end and (
                fields.Date.subtract(contract.date_end, days=contract.notice_days)
            )

    @api.depends("state", "contract_line_ids.monthly_recurring")
    def _compute_recurring_revenue(self):
        today = fields.Date.context_today(self)
        for contract in self:
            lines = contract.contract_line_ids.filtered(
                lambda line: line._is_running(today)
            )
            running = contract.state in ("active", "suspended")
            contract.mrr = sum(lines.mapped("monthly_recurring")) if running else 0.0
            contract.arr = contract.mrr * 12

    @api.depends("contract_line_ids.is_canceled")
    def _compute_recurring_next_date(self):
        """The earliest of the lines; none if no line has one (the base invents one)."""
        ours = self.filtered(
            lambda c: c.contract_type == "sale" and c.contract_line_ids
        )
        for contract in ours:
            dates = [
                line.recurring_next_date
                for line in contract.contract_line_ids
                if line.recurring_next_date
                and not line.is_canceled
                and not line.display_type
            ]
            contract.recurring_next_date = min(dates, default=False)
        return super(ContractContract, self - ours)._compute_recurring_next_date()

    # -- suspension ---------------------------------------------------------------

    def _get_suspensions(self):
        """Return the suspensions for the kernel."""
        self.ensure_one()
        return tuple(
            periods.Suspension(s.date_from, s.date_to or None)
            for s in self.suspension_ids
            if s.date_from
        )

    def _service_is_suspended(self, date):
        """Return whether neither billing nor clocks run on ``date``."""
        self.ensure_one()
        return periods.is_suspended(self._get_suspensions(), date)

    def _get_service_state(self):
        """Return the state as of today, from dates: no cron needs to have run."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.state in ("active", "suspended"):
            if self.date_end and self.date_end < today:
                return "ended"
            return "suspended" if self._service_is_suspended(today) else "active"
        return self.state

    def _get_open_suspension(self):
        self.ensure_one()
        return self.suspension_ids.filtered(lambda s: not s.date_to)

    def _suspend(self, date_from, reason, date_to=False):
        """Suspend from a day, until another or until resumed; return the suspension."""
        self.ensure_one()
        self._check_state("active", "suspended")
        suspension = self.env["service.contract.suspension"].create(
            {
                "contract_id": self.id,
                "date_from": date_from,
                "date_to": date_to,
                "reason": reason,
            }
        )
        if date_to:
            self._settle_suspension(suspension)
        self._refresh_state()
        return suspension

    def action_resume(self):
        """Resume today: yesterday is the last day of the suspension."""
        for contract in self:
            contract._resume(fields.Date.context_today(contract))

    def _resume(self, date):
        """Owe and bill again from ``date`` on; credit days invoiced in between."""
        self.ensure_one()
        suspension = self._get_open_suspension()
        if not suspension:
            raise UserError(
                self.env._(
                    "The contract %(contract)s has no open suspension.",
                    contract=self.display_name,
                )
            )
        if date <= suspension.date_from:
            suspension.unlink()
        else:
            suspension.date_to = fields.Date.subtract(date, days=1)
            self._settle_suspension(suspension)
        self._refresh_state()

    def _settle_suspension(self, suspension):
        """Credit the days of the suspension that are invoiced already."""
        others = tuple(
            s
            for s in self._get_suspensions()
            if s != (suspension.date_from, suspension.date_to)
        )
        suspension.credit_move_id = self._credit_days(
            suspension.date_from, suspension.date_to, others
        )

    # -- state --------------------------------------------------------------------

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for contract in self:
            if contract.state not in states:
                raise UserError(
                    self.env._(
                        "The contract %(contract)s is %(state)s: this is not possible.",
                        contract=contract.display_name,
                        state=labels[contract.state],
                    )
                )

    def action_activate(self):
        """Draft (or cancelled by mistake) to active: it bills from its start."""
        self._check_state("draft", "cancelled")
        for contract in self:
            if not contract.contract_line_ids.filtered(
                lambda line: not line.display_type
            ):
                raise UserError(
                    self.env._(
                        "Add a line to the contract %(contract)s: "
                        "it says what is billed.",
                        contract=contract.display_name,
                    )
                )
        self.state = "active"
        self._refresh_state()

    def action_cancel(self):
        """Cancel a contract that never billed; others are terminated."""
        self._check_state("draft", "active", "suspended")
        for contract in self:
            if any(contract.contract_line_ids.mapped("last_date_invoiced")):
                raise UserError(
                    self.env._(
                        "The contract %(contract)s has been invoiced. Terminate it: "
                        "unused days are credited.",
                        contract=contract.display_name,
                    )
                )
        self.state = "cancelled"

    def action_draft(self):
        self._check_state("cancelled")
        self.state = "draft"

    def _refresh_state(self):
        """Bring the stored state in line with dates and suspensions."""
        today = fields.Date.context_today(self)
        for contract in self.filtered(
            lambda c: c.state in ("active", "suspended", "ended")
        ):
            state = "active"
            if contract.date_end and contract.date_end < today:
                state = "active" if contract.recurring_next_date else "ended"
            elif contract._service_is_suspended(today):
                state = "suspended"
            if contract.state != state:
                contract.state = state

    @api.model
    def _get_stale_state_domain(self, today):
        """Contracts whose stored state may differ from their dates."""
        return Domain("contract_type", "=", "sale") & Domain.OR(
            [
                Domain("state", "=", "active") & Domain("date_end", "<", today),
                Domain("state", "=", "active")
                & Domain("suspension_ids.date_from", "<=", today),
                Domain("state", "=", "suspended"),
            ]
        )

    @api.model
    def _cron_contract_life(self):
        """Daily: apply prices, follow suspensions and ends, open renewals."""
        today = fields.Date.context_today(self)
        self.env["service.contract.price"].search(
            [("applied", "=", False), ("date", "<=", today)]
        )._apply_due(today)
        self.search(self._get_stale_state_domain(today))._refresh_state()
        self._open_renewals(today)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unbilled(self):
        for contract in self:
            if any(contract.contract_line_ids.mapped("last_date_invoiced")):
                raise ValidationError(
                    self.env._(
                        "The contract %(contract)s has been invoiced and is kept. "
                        "Terminate or archive it.",
                        contract=contract.display_name,
                    )
                )
