from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools import eight_d


class ServiceComplaint(models.Model):
    """A complaint and what we do about it, in eight disciplines."""

    _name = "service.complaint"
    _description = "Complaint"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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

    # -- life ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("ticket_id"):
                vals["ticket_id"] = self._open_request(vals).id
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].sudo()
                vals["name"] = sequence.next_by_code("service.complaint") or "/"
        complaints = super().create(vals_list)
        for complaint in complaints:
            complaint.step_ids = complaint._prepare_steps()
        complaints.filtered("user_id")._plan_step()
        return complaints

    def _open_request(self, vals):
        # its own complaint is this one
        tickets = self.env["helpdesk.ticket"].with_context(complaint_is_made=True)
        return tickets.create(
            {
                "name": vals.get("summary"),
                "description": vals.get("description") or vals.get("summary"),
                "kind": "complaint",
                "partner_id": vals.get("partner_id"),
                "product_id": vals.get("product_id"),
                "asset_id": vals.get("asset_id"),
                "company_id": vals.get("company_id") or self.env.company.id,
            }
        )

    def _prepare_steps(self):
        """Return commands for the steps that are not there yet."""
        days = eight_d.deadlines(self.date)
        known = self.step_ids.mapped("code")
        return [
            Command.create(
                {"code": code, "deadline": days[code], "user_id": self.user_id.id}
            )
            for code in eight_d.CODES
            if code not in known
        ]

    def _plan_step(self):
        """Ask the owner of the next step to do it by its day."""
        for complaint in self:
            step = complaint.step_ids.filtered(lambda s: not s.done)[:1]
            owner = step.user_id or complaint.user_id
            if not step or not owner or complaint.cancelled:
                continue
            complaint.activity_schedule(
                "crm_service.activity_complaint_step",
                date_deadline=step.deadline,
                user_id=owner.id,
                summary=f"{step.code} {step.label}",
            )

    def _step_done(self):
        """Go on to the next step; the last one closes the complaint."""
        for complaint in self:
            complaint.activity_feedback(["crm_service.activity_complaint_step"])
            if complaint.state == "closed":
                complaint.closed_date = fields.Date.context_today(complaint)
            else:
                complaint._plan_step()

    def action_cancel(self):
        self.check_access("write")
        self.activity_unlink(["crm_service.activity_complaint_step"])
        return self.write({"cancelled": True})

    def action_reopen(self):
        self.check_access("write")
        self.write({"cancelled": False})
        self._plan_step()
        return True

    def action_print_8d(self):
        return self.env.ref("crm_service.report_service_complaint").report_action(self)

    def action_send_8d(self):
        self.ensure_one()
        template = self.env.ref("crm_service.mail_template_complaint", False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the 8D report"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
                "force_email": True,
            },
        }

    def action_view_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    def action_view_returns(self):
        self.ensure_one()
        return self.env["service.return"]._get_action(
            [("complaint_id", "=", self.id)],
            {
                "default_complaint_id": self.id,
                "default_ticket_id": self.ticket_id.id,
                "default_partner_id": self.partner_id.id,
            },
        )

    def action_new_return(self):
        return self.ticket_id.action_new_return()

    def _check_closable(self):
        """What must be known before the team is thanked and the case closed."""
        for complaint in self:
            if complaint.justified == "open":
                raise UserError(
                    self.env._(
                        "Say whether the complaint %(number)s is justified.",
                        number=complaint.name,
                    )
                )
            if complaint.justified == "yes" and not complaint.cause_id:
                raise UserError(
                    self.env._(
                        "Choose the root cause of %(number)s from the catalogue.",
                        number=complaint.name,
                    )
                )

    # -- escalation ------------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell the leader of the team once about each complaint that is late."""
        today = fields.Date.context_today(self)
        late = self.search(
            [
                ("next_deadline", "<", today),
                ("escalated", "=", False),
                ("state", "not in", ("closed", "cancelled")),
            ]
        )
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(late))
        for complaint in late:
            complaint._escalate()
            if not commit(1):
                break

    def _escalate(self):
        self.ensure_one()
        leader = self.team_id.user_id or self.user_id
        if leader:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                date_deadline=fields.Date.context_today(self) + timedelta(days=1),
                user_id=leader.id,
                summary=self.env._(
                    "%(step)s of the complaint %(number)s is late",
                    step=self.next_step,
                    number=self.name,
                ),
            )
        self.escalated = True


class ServiceReturn(models.Model):
    _inherit = "service.return"

    complaint_id = fields.Many2one(
        "service.complaint",
        compute="_compute_complaint_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
    )

    @api.depends("ticket_id")
    def _compute_complaint_id(self):
        for case in self:
            case.complaint_id = case.complaint_id or case.ticket_id.complaint_ids[:1]


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    complaint_ids = fields.One2many("service.complaint", "ticket_id")
    complaint_count = fields.Integer(compute="_compute_complaint_count")

    def _compute_complaint_count(self):
        counts = dict(
            self.env["service.complaint"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.complaint_count = counts.get(ticket, 0)

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if not self.env.context.get("complaint_is_made"):
            tickets.filtered(lambda t: t.kind == "complaint")._open_complaint()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if vals.get("kind") == "complaint":
            self._open_complaint()
        return result

    def _open_complaint(self):
        """A request that is a complaint is followed up in eight disciplines."""
        # whoever complains (portal, mail gateway) makes no complaint record himself
        complaints = self.env["service.complaint"].sudo()
        known = complaints.search([("ticket_id", "in", self.ids)]).ticket_id
        return complaints.create(
            [
                {
                    "ticket_id": ticket.id,
                    "summary": ticket.name,
                    "description": ticket.description,
                    "user_id": ticket.user_id.id or ticket.team_id.user_id.id,
                }
                for ticket in self - known
            ]
        )

    def action_view_complaint(self):
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaint"),
            "res_model": "service.complaint",
            "view_mode": "form",
        }
        if len(self.complaint_ids) == 1:
            return action | {"res_id": self.complaint_ids.id}
        return action | {
            "view_mode": "list,form",
            "domain": [("ticket_id", "=", self.id)],
        }
