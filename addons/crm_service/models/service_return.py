from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import returns as kernel

STATES = [
    ("draft", "Draft"),
    ("authorised", "Authorised"),
    ("received", "Received"),
    ("inspected", "Inspected"),
    ("settling", "Being settled"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
OUTCOMES = [
    ("repaired", "Repaired"),
    ("replaced", "Replaced"),
    ("credited", "Credited"),
    ("rejected", "Rejected"),
    ("missing", "Not received"),
    ("mixed", "Several"),
]


class ServiceReturn(models.Model):
    """Goods come back: authorised, received, inspected, then settled line by line."""

    _name = "service.return"
    _description = "Return"
    _inherit = ["mail.thread", "mail.activity.mixin", "service.document.mixin"]
    _order = "priority desc, date desc, id desc"
    _rec_names_search = ["name", "partner_id.name", "ticket_id.number"]
    _check_company_auto = True

    name = fields.Char("Number", default="/", readonly=True, copy=False, index=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    outcome = fields.Selection(
        OUTCOMES, compute="_compute_outcome", store=True, index=True
    )
    priority = fields.Selection([("0", "Normal"), ("1", "Urgent")], default="0")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Request",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
        help="Empty: a request is opened when the return is authorised.",
    )
    decision_id = fields.Many2one(
        "service.decision",
        "Coverage decision",
        readonly=True,
        copy=False,
        help="What the check said when the return was authorised.",
    )
    decision_text = fields.Char(related="decision_id.explanation", string="Why")
    service_outcome = fields.Selection(related="decision_id.outcome", string="Coverage")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user if not self.env.user.share else False,
        domain=[("share", "=", False)],
        tracking=True,
        index=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    origin = fields.Selection(
        [("staff", "Our staff"), ("portal", "Portal")],
        "Asked by",
        default="staff",
        readonly=True,
        required=True,
    )
    reason = fields.Text("What is wrong", help="In the words of the customer.")
    customer_reference = fields.Char("Customer's reference")
    no_receipt = fields.Boolean(
        "Goods stay with the customer",
        help="Nothing is sent back: inspected by photo, or disposed of on site.",
    )
    line_ids = fields.One2many("service.return.line", "return_id", copy=True)
    note = fields.Html("Internal notes")
    date_authorised = fields.Datetime("Authorised on", readonly=True, copy=False)
    date_received = fields.Datetime("Received on", readonly=True, copy=False)
    date_inspected = fields.Datetime("Inspected on", readonly=True, copy=False)
    date_done = fields.Datetime("Done on", readonly=True, copy=False, index=True)
    ship_to = fields.Char("Send to", compute="_compute_ship_to")

    @api.depends("ticket_id")
    def _compute_partner_id(self):
        for case in self:
            case.partner_id = case.partner_id or case.ticket_id.partner_id

    @api.depends("line_ids.state")
    def _compute_outcome(self):
        for case in self:
            case.outcome = kernel.outcome(case.line_ids.mapped("state"))

    @api.depends("company_id")
    def _compute_ship_to(self):
        for case in self:
            # the address of our warehouse is no secret to who sends goods there
            warehouse = case.sudo()._get_warehouse()
            address = warehouse.partner_id or case.company_id.partner_id
            lines = address.sudo()._display_address().split("\n")
            case.ship_to = ", ".join(filter(None, map(str.strip, lines)))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                sequence = self.env["ir.sequence"].sudo().with_company(company)
                vals["name"] = sequence.next_by_code("service.return") or "/"
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_before(self):
        for case in self:
            if case.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "The return %(number)s is authorised. Cancel it instead.",
                        number=case.name,
                    )
                )

    # -- life ----------------------------------------------------------------------

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for case in self:
            if case.state not in states:
                raise UserError(
                    self.env._(
                        "The return %(number)s is %(state)s: this step is not open.",
                        number=case.name,
                        state=labels[case.state],
                    )
                )

    def action_authorise(self):
        """Check what comes back, ask who pays, and announce it to the warehouse."""
        self.check_access("write")
        self._check_state("draft")
        for case in self:
            if not case.line_ids:
                raise UserError(
                    self.env._(
                        "Say what comes back: the return %(number)s has no line.",
                        number=case.name,
                    )
                )
            case._ensure_request()
            case.line_ids._check_returnable()
            case.write(
                {
                    "state": "authorised",
                    "date_authorised": fields.Datetime.now(),
                    # the decision as it stands now; later ones do not change it
                    "decision_id": case.ticket_id.sudo().decision_id.id,
                }
            )
            if not case.no_receipt:
                case._create_receipts()
        return True

    def _ensure_request(self):
        """Open the request behind this return: clocks and decision come with it."""
        self.ensure_one()
        if self.ticket_id:
            return self.ticket_id
        assets = self.line_ids.asset_id
        self.ticket_id = self.env["helpdesk.ticket"].create(self._prepare_request())
        if len(assets) == 1:
            self.ticket_id.asset_id = assets
        return self.ticket_id

    def _prepare_request(self):
        products = self.line_ids.product_id
        title = self.env._("Return %(number)s", number=self.name)
        return {
            "name": f"{title}: {products[:1].display_name}" if products else title,
            "description": self.reason or title,
            "kind": "return",
            # never the customer who asks in the portal
            "user_id": self.user_id.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "product_id": products.id if len(products) == 1 else False,
            "asset_id": self.line_ids.asset_id.id
            if len(self.line_ids.asset_id) == 1
            else False,
        }

    def action_inspect(self):
        """The goods were looked at; each line says what happens with it."""
        self.check_access("write")
        for case in self:
            case._check_state(*(["authorised"] if case.no_receipt else ["received"]))
            open_lines = case.line_ids.filtered(
                lambda line: line._get_quantity() and not line.resolution
            )
            if open_lines:
                raise UserError(
                    self.env._(
                        "Decide what happens with %(product)s: repair, replace, "
                        "credit or reject.",
                        product=open_lines[0].display_name,
                    )
                )
        return self.write(
            {"state": "inspected", "date_inspected": fields.Datetime.now()}
        )

    def action_settle(self):
        """Make the documents: repair order, delivery, credit note, scrap."""
        self.check_access("write")
        self._check_state("inspected")
        for case in self:
            case._check_repair_credit()
            case.line_ids._settle()
            case.state = "settling"
            case._refresh_state()
        return True

    def action_cancel(self):
        self.check_access("write")
        self._check_state("draft", "authorised")
        for case in self:
            if any(case.line_ids.mapped("quantity_received")):
                raise UserError(
                    self.env._(
                        "Goods of %(number)s are here already. Inspect them, and "
                        "reject what is not accepted.",
                        number=case.name,
                    )
                )
            # the announcement to the warehouse is ours
            moves = case.sudo().line_ids.move_ids
            moves.filtered(lambda move: move.state != "cancel")._action_cancel()
        return self.write({"state": "cancelled"})

    def action_draft(self):
        self.check_access("write")
        self._check_state("cancelled")
        return self.write({"state": "draft", "decision_id": False})

    def _refresh_state(self):
        """Follow the documents: warehouse, workshop and finance work in theirs."""
        for case in self:
            if case.state == "authorised" and case._is_received():
                case.write(
                    {"state": "received", "date_received": fields.Datetime.now()}
                )
            if case.state == "settling" and case.outcome:
                case.write({"state": "done", "date_done": fields.Datetime.now()})
                case._message_log(
                    body=self.env._("All lines of this return are settled.")
                )

    def _is_received(self):
        """Tell whether the warehouse has finished with the goods, and got some."""
        receipts = self.line_ids.move_ids.filtered(
            lambda move: move.service_return_role == "receipt"
        )
        finished = all(move.state in ("done", "cancel") for move in receipts)
        return finished and any(move.state == "done" for move in receipts)

    def _get_warehouse(self):
        self.ensure_one()
        moves = self.line_ids.move_id
        return (
            moves.warehouse_id[:1]
            or moves.picking_type_id.warehouse_id[:1]
            or self.env["stock.warehouse"].search(
                [("company_id", "=", self.company_id.id)], limit=1
            )
        )

    def _get_report_base_filename(self):
        return self.env._("Return slip %(number)s", number=self.name)

    def _get_steps(self):
        """Return (name, reached) of each step, for the status line of the portal."""
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        steps = [s for s in kernel.STEPS if not (self.no_receipt and s == "received")]
        if self.state == "cancelled":
            return [(labels["cancelled"], True)]
        here = kernel.STEPS.index(self.state)
        return [(labels[s], kernel.STEPS.index(s) <= here) for s in steps]
