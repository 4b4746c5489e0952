from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import entitlement as kernel

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
