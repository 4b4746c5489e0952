from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import eight_d


class ServiceComplaint(models.Model):
    """A complaint and what we do about it, in eight disciplines."""

    _name = "service.complaint"
    _description = "Complaint"
    _inherit = ["mail.thread", "mail.activity.mixin", "service.document.mixin"]
    _order = "severity desc, date desc, id desc"
    _rec_names_search = ["name", "summary", "partner_id.name", "ticket_id.number"]
    _check_company_auto = True

    name = fields.Char("Number", default="/", readonly=True, copy=False, index=True)
    summary = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Request",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Empty: a request is opened with the complaint.",
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="ticket_id.partner_id", string="Customer", store=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        related="ticket_id.commercial_partner_id",
        string="Company of the customer",
        store=True,
        index=True,
    )
    team_id = fields.Many2one(related="ticket_id.team_id", store=True)
    date = fields.Date("Arrived", required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        index=True,
    )
    severity = fields.Selection(
        [("0", "Minor"), ("1", "Major"), ("2", "Critical")],
        default="1",
        required=True,
        tracking=True,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("contained", "Contained"),
            ("analysed", "Cause known"),
            ("corrected", "Corrected"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        tracking=True,
        index=True,
        group_expand=True,
    )
    cancelled = fields.Boolean(readonly=True, copy=False)
    justified = fields.Selection(
        [("open", "Not known yet"), ("yes", "Justified"), ("no", "Not justified")],
        "Is it justified?",
        default="open",
        required=True,
        tracking=True,
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
    )
    asset_id = fields.Many2one(
        "service.asset",
        "Installed product",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial",
        compute="_compute_lot_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('product_id', '=?', product_id)]",
    )
    quantity = fields.Float(
        "Quantity complained about", default=1.0, digits="Product Unit"
    )
    supplier_id = fields.Many2one("res.partner", index="btree_not_null", tracking=True)
    return_ids = fields.One2many("service.return", "complaint_id", "Returns")
    defect_id = fields.Many2one(
        "service.cause",
        domain=[("kind", "=", "defect")],
        index="btree_not_null",
        tracking=True,
    )
    cause_id = fields.Many2one(
        "service.cause",
        "Root cause",
        domain=[("kind", "=", "cause")],
        index="btree_not_null",
        tracking=True,
    )
    description = fields.Html("What the customer says")
    step_ids = fields.One2many("service.complaint.step", "complaint_id", "Steps")
    deadline = fields.Date(
        compute="_compute_deadline", store=True, readonly=False, tracking=True
    )
    next_deadline = fields.Date(
        "Next step due", compute="_compute_next_step", store=True, index=True
    )
    next_step = fields.Char(compute="_compute_next_step", store=True)
    late = fields.Boolean(compute="_compute_late", search="_search_late")
    escalated = fields.Boolean(readonly=True, copy=False)
    closed_date = fields.Date("Closed on", readonly=True, copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_other = fields.Monetary(
        "Other cost", tracking=True, help="Penalties, sorting, tests, special freight."
    )
    cost_returns = fields.Monetary(
        "Cost of returns",
        compute="_compute_cost",
        compute_sudo=True,
        groups="crm_service.group_service_manager,account.group_account_invoice",
    )
    cost_work = fields.Monetary(
        "Cost of work",
        compute="_compute_cost",
        compute_sudo=True,
        groups="crm_service.group_service_manager,account.group_account_invoice",
    )
    cost_total = fields.Monetary(
        "Cost of the complaint",
        compute="_compute_cost",
        compute_sudo=True,
        groups="crm_service.group_service_manager,account.group_account_invoice",
    )
    return_count = fields.Integer(compute="_compute_return_count")

    _one_per_request = models.UniqueIndex(
        "(ticket_id) WHERE cancelled IS NOT TRUE",
        "This request has a complaint already.",
    )

    @api.depends("ticket_id")
    def _compute_from_ticket(self):
        for complaint in self:
            ticket = complaint.ticket_id
            complaint.asset_id = complaint.asset_id or ticket.asset_id
            complaint.product_id = complaint.product_id or ticket.product_id

    @api.depends("asset_id")
    def _compute_lot_id(self):
        for complaint in self:
            complaint.lot_id = complaint.asset_id.lot_id or complaint.lot_id

    @api.depends("step_ids.done", "cancelled")
    def _compute_state(self):
        for complaint in self:
            done = {step.code: step.done for step in complaint.step_ids}
            complaint.state = (
                "cancelled" if complaint.cancelled else eight_d.state(done)
            )

    @api.depends("date")
    def _compute_deadline(self):
        for complaint in self:
            arrived = complaint.date or fields.Date.context_today(complaint)
            complaint.deadline = eight_d.deadlines(arrived)["D8"]

    @api.depends("step_ids.done", "step_ids.deadline", "cancelled")
    def _compute_next_step(self):
        for complaint in self:
            waiting = complaint.step_ids.filtered(lambda step: not step.done)
            step = waiting[:1] if not complaint.cancelled else waiting.browse()
            complaint.next_step = step.code
            complaint.next_deadline = step.deadline

    @api.depends("next_deadline")
    def _compute_late(self):
        today = fields.Date.context_today(self)
        for complaint in self:
            day = complaint.next_deadline
            complaint.late = bool(day and day < today)

    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = Domain("next_deadline", "<", today)
        return Domain.OR(late if wanted else ~late for wanted in value)

    @api.depends(
        "return_ids.cost_total",
        "ticket_id.work_line_ids.cost",
        "ticket_id.work_line_ids.state",
        "cost_other",
    )
    def _compute_cost(self):
        for complaint in self:
            complaint.cost_returns = sum(complaint.return_ids.mapped("cost_total"))
            complaint.cost_work = sum(
                work.cost
                for work in complaint.ticket_id.work_line_ids
                if work.state == "confirmed"
                and work.coverage in ("covered", "goodwill")
                and work.return_id not in complaint.return_ids
            )
            complaint.cost_total = (
                complaint.cost_returns + complaint.cost_work + complaint.cost_other
            )

    def _compute_return_count(self):
        for complaint in self:
            complaint.return_count = len(complaint.return_ids)

    @api.depends("name", "summary")
    def _compute_display_name(self):
        for complaint in self:
            complaint.display_name = f"{complaint.name} {complaint.summary or ''}"
