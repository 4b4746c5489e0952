from odoo import api, fields, models


class ServiceMaintenancePlan(models.Model):
    """Preventive maintenance: which products, how often, and what is made ahead."""

    _name = "service.maintenance.plan"
    _description = "Maintenance Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        tracking=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    contract_id = fields.Many2one(
        "contract.contract",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id), "
        "('contract_type', '=', 'sale')]",
        help="Nothing is made while it is suspended or after its end. Empty: the plan "
        "runs without a contract.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    rhythm = fields.Selection(
        [
            ("time", "By the calendar"),
            ("counter", "By the counter"),
            ("both", "What comes first"),
        ],
        default="time",
        required=True,
        tracking=True,
    )
    date_start = fields.Date(
        "First due on",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    months = fields.Integer("Every (months)", default=12, tracking=True)
    units = fields.Float("Every (units)", digits=(16, 1), tracking=True)
    unit_name = fields.Char("Unit of the counter", default="h", translate=True)
    from_done = fields.Boolean(
        "Count from the last service",
        tracking=True,
        help="Otherwise the due dates stay where they are in the calendar, whenever "
        "the service before was done.",
    )
    lead_days = fields.Integer(
        "Days ahead",
        default=21,
        required=True,
        tracking=True,
        help="The visit or request is made so many days before it is due.",
    )
    creates = fields.Selection(
        [("visit", "Visit to plan"), ("ticket", "Request")],
        default="visit",
        required=True,
        tracking=True,
    )
    template_id = fields.Many2one(
        "service.visit.template",
        "Kind of visit",
        help="Gives duration, skills and checklist.",
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team", check_company=True, help="For requests."
    )
    note = fields.Html("What is to be done")
    line_ids = fields.One2many(
        "service.maintenance.line", "plan_id", "Installed products", copy=True
    )
    next_date = fields.Date("Next due", compute="_compute_next_date", store=True)
    due_count = fields.Integer(compute="_compute_due_count")

    _months = models.Constraint(
        "CHECK (rhythm = 'counter' OR months > 0)", "Say after how many months."
    )
    _units = models.Constraint(
        "CHECK (rhythm = 'time' OR units > 0)", "Say after how many units."
    )
    _lead_days = models.Constraint(
        "CHECK (lead_days BETWEEN 0 AND 365)", "Between 0 and 365 days ahead."
    )

    @api.depends("contract_id")
    def _compute_partner_id(self):
        for plan in self:
            plan.partner_id = plan.partner_id or plan.contract_id.partner_id

    @api.depends("line_ids.next_date")
    def _compute_next_date(self):
        for plan in self:
            dates = [line.next_date for line in plan.line_ids if line.next_date]
            plan.next_date = min(dates, default=False)

    def _compute_due_count(self):
        counts = dict(
            self.env["service.maintenance.due"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.due_count = counts.get(plan, 0)

    def action_add_assets(self):
        """Put all products in service at the customer under this plan."""
        self.ensure_one()
        self.check_access("write")
        assets = self.env["service.asset"].search(
            [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("delivered", "active")),
                ("id", "not in", self.line_ids.asset_id.ids),
            ]
        )
        self.line_ids = [
            fields.Command.create({"asset_id": asset.id}) for asset in assets
        ]
        return True

    def action_make_due(self):
        """Make now what is due, as the nightly run does."""
        self.check_access("write")
        self.line_ids._get_due_lines()._make_due_all()
        return True

    def action_view_dues(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_service.service_maintenance_due_action"
        )
        return action | {"domain": [("plan_id", "=", self.id)], "context": {}}


class ContractContract(models.Model):
    _inherit = "contract.contract"

    maintenance_plan_count = fields.Integer(compute="_compute_maintenance_plan_count")

    @api.depends_context("uid")
    def _compute_maintenance_plan_count(self):
        counts = dict(
            self.env["service.maintenance.plan"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
            if self.env["service.maintenance.plan"].has_access("read")
            else []
        )
        for contract in self:
            contract.maintenance_plan_count = counts.get(contract, 0)

    def action_view_maintenance_plans(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Maintenance plans"),
            "res_model": "service.maintenance.plan",
            "view_mode": "list,form",
            "domain": [("contract_id", "=", self.id)],
            "context": {
                "default_contract_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
