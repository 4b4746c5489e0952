from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import entitlement as kernel
from ..tools.contract_periods import Rhythm

KINDS = [
    ("requests", "Requests"),
    ("hours", "Hours"),
    ("visits", "Visits"),
    ("parts", "Parts"),
    ("discount", "Discount (%)"),
]


class ServiceEntitlement(models.Model):
    """What a contract line owes per period; its ledger says what is left."""

    _name = "service.entitlement"
    _description = "Service Entitlement"
    _inherit = ["mail.thread"]
    _order = "partner_id, contract_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    contract_line_id = fields.Many2one(
        "contract.line",
        string="Contract line",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('contract_id.contract_type', '=', 'sale'), "
        "('display_type', '=', False)]",
    )
    contract_id = fields.Many2one(
        related="contract_line_id.contract_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    date_start = fields.Date(related="contract_line_id.date_start", string="From")
    date_end = fields.Date(
        related="contract_line_id.date_end", string="Until", store=True
    )
    kind = fields.Selection(KINDS, required=True, default="hours", tracking=True)
    unlimited = fields.Boolean(
        tracking=True, help="Covered as often as it is needed; use is still recorded."
    )
    quantity = fields.Float(
        string="Per period",
        default=1.0,
        tracking=True,
        help="Granted at the start of each period. For a discount: the percent.",
    )
    interval = fields.Integer(default=1, required=True)
    unit = fields.Selection(
        [
            ("monthly", "Month(s)"),
            ("quarterly", "Quarter(s)"),
            ("semesterly", "Half-year(s)"),
            ("yearly", "Year(s)"),
        ],
        string="Period",
        default="yearly",
        required=True,
    )
    carry = fields.Selection(
        [
            (kernel.CARRY_NONE, "Expires"),
            (kernel.CARRY_LIMITED, "Carried over up to a limit"),
            (kernel.CARRY_ALL, "Carried over"),
        ],
        string="Rest at the end of a period",
        default=kernel.CARRY_NONE,
        required=True,
        tracking=True,
    )
    carry_limit = fields.Float(string="Carried over at most")
    product_ids = fields.Many2many(
        "product.product",
        string="Covered products",
        help="Empty: all products.",
    )
    site_ids = fields.Many2many(
        "res.partner",
        string="Covered sites",
        help="Addresses of the customer. Empty: all of them.",
    )
    move_ids = fields.One2many("service.entitlement.move", "entitlement_id", "Ledger")
    remaining = fields.Float(
        compute="_compute_ledger",
        store=True,
        help="Sum of the ledger.",
    )
    period_end = fields.Date(
        string="Granted until", compute="_compute_ledger", store=True
    )
    used = fields.Float(compute="_compute_used", help="Taken in the current period.")

    _remaining_not_negative = models.Constraint(
        "CHECK (remaining >= -0.0001 OR unlimited)",
        "More cannot be taken from an entitlement than is left.",
    )
    _positive = models.Constraint(
        "CHECK (quantity >= 0 AND interval > 0 AND carry_limit >= 0)",
        "The quantities of an entitlement are positive.",
    )

    @api.depends("move_ids.quantity", "move_ids.period_end")
    def _compute_ledger(self):
        ledger = {
            entitlement: (total, last)
            for entitlement, total, last in self.env[
                "service.entitlement.move"
            ]._read_group(
                [("entitlement_id", "in", self.ids)],
                ["entitlement_id"],
                ["quantity:sum", "period_end:max"],
            )
        }
        for entitlement in self:
            total, last = ledger.get(entitlement, (0.0, False))
            entitlement.remaining = kernel.balance([total])
            entitlement.period_end = last

    def _compute_used(self):
        today = fields.Date.context_today(self)
        used = dict(
            self.env["service.entitlement.move"]._read_group(
                [
                    ("entitlement_id", "in", self.ids),
                    ("kind", "in", ("consume", "return")),
                    ("period_end", ">=", today),
                ],
                ["entitlement_id"],
                ["quantity:sum"],
            )
        )
        for entitlement in self:
            entitlement.used = -used.get(entitlement, 0.0)

    @api.depends("name", "contract_id.name")
    def _compute_display_name(self):
        for entitlement in self:
            entitlement.display_name = (
                f"{entitlement.contract_id.name}: {entitlement.name}"
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_without_ledger(self):
        for entitlement in self:
            if entitlement.move_ids:
                raise UserError(
                    self.env._(
                        "The entitlement %(name)s has a ledger and is kept. "
                        "Archive it.",
                        name=entitlement.display_name,
                    )
                )

    # -- grants -------------------------------------------------------------------

    def _has_ledger(self):
        return not self.unlimited and self.kind != "discount"

    def _grant_due(self, today=None):
        """Expire what is over and grant what has begun, up to ``today``."""
        today = today or fields.Date.context_today(self)
        self._lock()
        vals_list = []
        for entitlement in self:
            if entitlement.contract_id.state in ("active", "suspended", "ended"):
                vals_list += entitlement._prepare_due_moves(today)
        return self.env["service.entitlement.move"].create(vals_list)

    def _prepare_due_moves(self, today):
        self.ensure_one()
        if not self._has_ledger() or not self.date_start:
            return []
        grants = kernel.due_grants(
            self.date_start,
            self.date_end or None,
            Rhythm(self.unit, self.interval),
            self.quantity,
            self.period_end or None,
            today,
        )
        postings = kernel.roll(
            self.remaining,
            self.period_end or None,
            grants,
            self.carry,
            self.carry_limit,
        )
        if self.date_end and self.date_end < today:
            left = kernel.balance([self.remaining, *(p.quantity for p in postings)])
            if left > kernel.EPSILON:
                postings.append(
                    kernel.Posting("expire", self.date_end, -left, self.date_end)
                )
        return [
            {
                "entitlement_id": self.id,
                "kind": posting.kind,
                "date": posting.day,
                "quantity": posting.quantity,
                "period_end": posting.period_end,
            }
            for posting in postings
        ]

    @api.model
    def _get_to_grant_domain(self, today):
        """Entitlements with a period to begin, or a rest to expire."""
        return (
            Domain("unlimited", "=", False)
            & Domain("kind", "!=", "discount")
            & Domain("contract_id.state", "in", ("active", "suspended", "ended"))
            & (
                Domain("period_end", "=", False)
                | Domain("period_end", "<", today)
                | (Domain("date_end", "<", today) & Domain("remaining", ">", 0))
            )
            & (
                Domain("date_end", "=", False)
                | Domain("date_end", ">=", today)
                | Domain("remaining", ">", 0)
                | Domain("period_end", "=", False)
            )
        )

    @api.model
    def _cron_grant(self):
        """Daily: grant and expire, a transaction for each chunk."""
        today = fields.Date.context_today(self)
        due = self.search(self._get_to_grant_domain(today))
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(due))
        for chunk in [due[i : i + 500] for i in range(0, len(due), 500)]:
            chunk._grant_due(today)
            if not commit(len(chunk)):
                break

    # -- use ----------------------------------------------------------------------

    def _lock(self):
        """Wait for the rows: who comes second reads what the first has left.

        After the wait the database reports a serialization failure if the first one
        booked; the request is then repeated by itself and sees the new remainder.
        """
        if self.ids:
            self.flush_recordset()
            self.env.execute_query(
                SQL(
                    "SELECT id FROM service_entitlement WHERE id IN %s "
                    "ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["remaining", "period_end"])

    def _consume(self, quantity, origin=None, note=None, date=None):
        """Take ``quantity`` (> 0); refuse with a sentence if less is left.

        ``origin`` is the record it was used for. Returns the ledger move.
        """
        self.ensure_one()
        if quantity <= 0:
            raise ValueError("A consumption is positive.")
        date = date or fields.Date.context_today(self)
        self._lock()
        self._check_usable(date)
        if not self.unlimited and not kernel.is_enough(self.remaining, quantity):
            raise UserError(
                self.env._(
                    "%(entitlement)s: %(left)g left, %(wanted)g needed. "
                    "The rest has to be charged.",
                    entitlement=self.display_name,
                    left=self.remaining,
                    wanted=quantity,
                )
            )
        return self._post_move("consume", -quantity, origin, note, date)

    def _consume_up_to(self, quantity, origin=None, note=None, date=None):
        """Take what is there of ``quantity``; return (covered, billable)."""
        self.ensure_one()
        self._lock()
        left = quantity if self.unlimited else self.remaining
        covered, billable = kernel.split(left, quantity)
        if covered:
            self._consume(covered, origin, note, date)
        return covered, billable

    def _return(self, quantity, origin=None, note=None, date=None):
        """Give back ``quantity`` (> 0) that had been taken."""
        self.ensure_one()
        if quantity <= 0:
            raise ValueError("A return is positive.")
        self._lock()
        date = date or fields.Date.context_today(self)
        return self._post_move("return", quantity, origin, note, date)

    def _check_usable(self, date):
        contract = self.contract_id
        ended = self.date_end and self.date_end < date
        if contract._service_is_suspended(date) or contract.state == "suspended":
            reason = self.env._("it is suspended")
        elif contract.state not in ("active", "ended") or date < self.date_start:
            reason = self.env._("it does not run yet, or was cancelled")
        elif ended:
            reason = self.env._("it has ended")
        else:
            return
        raise UserError(
            self.env._(
                "Nothing can be taken from the contract %(contract)s: %(reason)s.",
                contract=contract.display_name,
                reason=reason,
            )
        )

    def _post_move(self, kind, quantity, origin, note, date):
        # the agent books through this method only: he has no right on the ledger
        return (
            self.env["service.entitlement.move"]
            .sudo()
            .create(
                {
                    "entitlement_id": self.id,
                    "kind": kind,
                    "quantity": quantity,
                    "date": date,
                    "period_end": self.period_end or self.date_end or date,
                    "res_model": origin._name if origin else False,
                    "res_id": origin.id if origin else False,
                    "note": note,
                }
            )
            .sudo(False)
        )

    # -- lookup -------------------------------------------------------------------

    @api.model
    def _find_usable(self, partner, kinds, date, company=None):
        """Return the entitlements of a customer that run on ``date``, left or not."""
        domain = [
            ("partner_id", "=", partner.commercial_partner_id.id),
            ("kind", "in", kinds),
            ("contract_id.state", "=", "active"),
            ("contract_line_id.date_start", "<=", date),
            ("company_id", "=", (company or self.env.company).id),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", date),
        ]
        return self.search(domain).filtered(
            lambda e: not e.contract_id._service_is_suspended(date)
        )

    def _covers(self, product=None, site=None):
        """Return whether the entitlement covers this product at this address."""
        self.ensure_one()
        product_fits = not self.product_ids or (product and product in self.product_ids)
        site_fits = not self.site_ids or (site and site in self.site_ids)
        return bool(product_fits and site_fits)

    def action_view_moves(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ledger"),
            "res_model": "service.entitlement.move",
            "view_mode": "list,pivot,graph",
            "domain": [("entitlement_id", "=", self.id)],
        }
