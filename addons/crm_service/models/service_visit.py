from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

OPEN_STATES = ("planned", "started")


class ServiceVisit(models.Model):
    """A technician goes to a customer's site."""

    _name = "service.visit"
    _description = "Field Visit"
    _inherit = ["hr.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["name", "summary", "partner_id.name"]
    _check_company_auto = True

    name = fields.Char("Number", default="/", readonly=True, copy=False, index=True)
    summary = fields.Char("What for", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("draft", "To plan"),
            ("planned", "Planned"),
            ("started", "On site"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent")], default="0"
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Request", index="btree_not_null", check_company=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    asset_ids = fields.Many2many(
        "service.asset",
        compute="_compute_asset_ids",
        store=True,
        readonly=False,
        string="Installed products",
        check_company=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    phone = fields.Char(related="partner_id.phone")
    site_address = fields.Char(compute="_compute_site_address")
    map_url = fields.Char(compute="_compute_site_address")
    contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_contract_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id), "
        "('contract_type', '=', 'sale')]",
    )
    coverage = fields.Char(compute="_compute_coverage")
    template_id = fields.Many2one("service.visit.template", "Kind of visit")
    skill_ids = fields.Many2many(
        "hr.skill",
        compute="_compute_from_template",
        store=True,
        readonly=False,
        string="Skills needed",
    )
    duration = fields.Float(
        compute="_compute_from_template",
        store=True,
        readonly=False,
        help="Hours on site.",
    )
    window_start = fields.Datetime("Not before", tracking=True)
    window_end = fields.Datetime("Done by", tracking=True)
    employee_id = fields.Many2one(
        "hr.employee", "Technician", tracking=True, index=True, check_company=True
    )
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    helper_ids = fields.Many2many("hr.employee", string="Goes along")
    date_start = fields.Datetime("Start", tracking=True, index=True)
    date_end = fields.Datetime(
        "End", compute="_compute_date_end", store=True, readonly=False
    )
    travel_minutes = fields.Integer("Way there (min)", readonly=True)
    conflict = fields.Char(compute="_compute_conflict")
    checklist_ids = fields.One2many(
        "service.visit.check",
        "visit_id",
        compute="_compute_checklist_ids",
        store=True,
        readonly=False,
    )
    photo_ids = fields.Many2many(
        "ir.attachment", "service_visit_photo_rel", string="Photos", copy=False
    )
    work_line_ids = fields.One2many("service.work.line", "visit_id", "Time and parts")
    report = fields.Html("What was done", copy=False)
    solved = fields.Boolean(
        "Request solved",
        default=True,
        copy=False,
        help="Confirming the visit then closes the request.",
    )
    signature = fields.Binary("Customer's signature", copy=False, attachment=True)
    signed_by = fields.Char("Signed by", copy=False)
    unsigned_reason = fields.Char("Why not signed", copy=False)
    started_on = fields.Datetime(readonly=True, copy=False)
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    report_sent = fields.Boolean(readonly=True, copy=False)
    invoice_count = fields.Integer(compute="_compute_invoice_count")

    _span = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end > date_start)",
        "A visit ends after it begins.",
    )
    _window = models.Constraint(
        "CHECK (window_end IS NULL OR window_start IS NULL "
        "OR window_end > window_start)",
        "The latest end is after the earliest start.",
    )
    _agenda_idx = models.Index(
        "(employee_id, date_start) WHERE state IN ('planned', 'started')"
    )

    # -- what follows from what ------------------------------------------------------

    @api.depends("ticket_id")
    def _compute_partner_id(self):
        for visit in self:
            if visit.ticket_id:
                visit.partner_id = visit.ticket_id.partner_id

    @api.depends("ticket_id")
    def _compute_asset_ids(self):
        for visit in self:
            visit.asset_ids = visit.ticket_id.asset_id or visit.asset_ids

    @api.depends("asset_ids", "partner_id")
    def _compute_site_id(self):
        for visit in self:
            owner = visit.partner_id.commercial_partner_id
            if visit.site_id.commercial_partner_id != owner or not visit.site_id:
                visit.site_id = visit.asset_ids[:1].site_id or visit.partner_id

    @api.depends("site_id", "site_id.contact_address")
    def _compute_site_address(self):
        for visit in self:
            address = visit.site_id._display_address(without_company=True)
            parts = [part.strip() for part in address.split("\n") if part.strip()]
            visit.site_address = ", ".join(parts)
            place = visit.site_id._get_service_place()
            target = f"{place[0]},{place[1]}" if place else visit.site_address
            visit.map_url = (
                f"https://www.openstreetmap.org/search?query={target}"
                if target
                else False
            )

    @api.depends("ticket_id.decision_id", "asset_ids", "partner_id")
    def _compute_contract_id(self):
        for visit in self:
            if visit.ticket_id:
                # which contract pays is shown, though not every user may open it
                visit.contract_id = visit.ticket_id.sudo().decision_id.contract_id
            elif not visit.contract_id:
                visit.contract_id = visit.sudo()._find_contract()  # as above

    @api.depends("template_id")
    def _compute_from_template(self):
        for visit in self:
            if visit.template_id:
                visit.skill_ids = visit.template_id.skill_ids
                visit.duration = visit.template_id.duration
            else:
                visit.skill_ids = visit.skill_ids
                visit.duration = visit.duration or 1.0

    @api.depends("template_id")
    def _compute_checklist_ids(self):
        for visit in self:
            if visit.template_id:
                visit.checklist_ids = [Command.clear()] + [
                    Command.create(
                        {
                            "name": line.name,
                            "sequence": line.sequence,
                            "mandatory": line.mandatory,
                        }
                    )
                    for line in visit.template_id.line_ids
                ]
            else:
                visit.checklist_ids = visit.checklist_ids

    @api.depends("date_start", "duration")
    def _compute_date_end(self):
        for visit in self:
            visit.date_end = visit.date_start and visit.date_start + timedelta(
                hours=visit.duration or 1.0
            )

    @api.depends_context("lang")
    @api.depends("ticket_id.decision_id", "contract_id", "asset_ids")
    def _compute_coverage(self):
        for visit in self:
            decision = visit.sudo().ticket_id.decision_id  # one word, for the agenda
            if decision:
                labels = dict(
                    decision._fields["outcome"]._description_selection(self.env)
                )
                outcome = labels[decision.outcome]
                visit.coverage = f"{outcome}. {decision.explanation}"
                continue
            outcome, _payer, contract = visit._get_cover_facts()
            labels = dict(
                self.env["service.decision"]
                ._fields["outcome"]
                ._description_selection(self.env)
            )
            names = [labels[outcome], contract.sudo().display_name]
            visit.coverage = ": ".join(filter(None, names))

    def _compute_invoice_count(self):
        for visit in self:
            # the number only; the button opens what the user may read
            visit.invoice_count = len(visit.sudo().work_line_ids.invoice_id)

    # -- who pays ----------------------------------------------------------------------

    def _find_contract(self):
        """Return the running contract of the customer that owes visits, or any."""
        today = fields.Date.context_today(self)
        found = self.env["service.entitlement"]._find_usable(
            self.partner_id, ["visits", "hours"], today, self.company_id
        )
        products, site = self._get_cover_scope()
        found = found.filtered(
            lambda e: any(e._covers(product, site) for product in products or [None])
        )
        best = found.sorted(lambda e: (e.kind != "visits", e.remaining <= 0, e.id))
        if best:
            return best[0].contract_id
        return self.env["contract.contract"].search(
            [
                (
                    "commercial_partner_id",
                    "=",
                    self.partner_id.commercial_partner_id.id,
                ),
                ("company_id", "=", self.company_id.id),
                ("contract_type", "=", "sale"),
                ("state", "=", "active"),
                ("service_level_id", "!=", False),
                ("entitlement_ids", "=", False),
            ],
            limit=1,
        )

    def _get_cover_scope(self):
        """Return (products, site) that an entitlement has to cover."""
        return self.asset_ids.product_id, self.site_id

    def _get_visit_entitlement(self):
        """Return the entitlement that pays this visit as a visit, or none."""
        contract = self.contract_id.sudo()  # what is owed, whoever asks
        if not contract:
            return self.env["service.entitlement"]
        date = fields.Date.to_date(self.date_start) or fields.Date.context_today(self)
        products, site = self._get_cover_scope()
        return (
            self.env["service.entitlement"]
            .sudo()  # as above
            ._find_usable(self.partner_id, ["visits"], date, self.company_id)
            .filtered(
                lambda e: (
                    e.contract_id == contract
                    and any(e._covers(product, site) for product in products or [None])
                    and (e.unlimited or e.remaining >= 1)
                )
            )[:1]
        )

    def _get_taken_visit(self):
        """Return the ledger move by which this visit was paid, if it was."""
        moves = self.env["service.entitlement.move"].sudo()  # whoever asks
        return moves.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self._origin.id),
                ("kind", "=", "consume"),
            ],
            limit=1,
        )

    def _get_cover_facts(self):
        """Return (outcome, kind of the payer, contract) for work on this visit."""
        self.ensure_one()
        if self.ticket_id.decision_id:
            return self.ticket_id._get_cover_facts()
        today = fields.Date.context_today(self)
        contract = self.contract_id.sudo()  # as in _get_visit_entitlement
        ends = [asset.warranty_end for asset in self.asset_ids]
        if ends and all(end and end >= today for end in ends):
            return "warranty", None, contract
        if not contract or contract._get_service_state() != "active":
            return "not_covered", None, contract.browse()
        if not contract.entitlement_ids:
            return "covered", None, contract
        if self._get_taken_visit() or self._get_visit_entitlement():
            return "covered", "visits", contract
        kinds = set(contract.entitlement_ids.mapped("kind"))
        if "hours" in kinds:
            return "covered", "hours", contract
        return ("exhausted" if "visits" in kinds else "not_covered"), None, contract

    # -- life --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                # numbers are given by the system
                vals["name"] = (
                    self.env["ir.sequence"].sudo().next_by_code("service.visit") or "/"
                )
        return super().create(vals_list)

    @api.depends("name", "summary")
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = f"{visit.name} {visit.summary or ''}".strip()

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        for visit in self:
            if visit.state in ("started", "done"):
                raise UserError(
                    self.env._(
                        "The visit %(visit)s took place and is kept.", visit=visit.name
                    )
                )

    def action_plan(self):
        """Plan: ask the credit gate, then tell the technician."""
        self.check_access("write")
        for visit in self:
            if not visit.employee_id or not visit.date_start:
                raise UserError(
                    self.env._(
                        "Choose technician and time of %(visit)s, or let the free "
                        "slots be found.",
                        visit=visit.display_name,
                    )
                )
        checks = self._check_credit()
        blocked = [visit for visit, c in checks.items() if c.sudo().result == "block"]
        if blocked:
            every = self.env["crm.credit.check"].union(*checks.values())
            return self.env["crm.credit.hold"]._open_for(every, "action_plan")
        self.filtered(lambda visit: visit.state == "draft").state = "planned"
        for visit in self:
            visit._tell_technician()
        return True

    def _check_credit(self):
        """Return {visit: credit check} of those whose request has not passed today."""
        today = fields.Date.context_today(self)
        checks = {}
        to_ask = self.filtered(lambda visit: not visit._has_passed_credit(today))
        for company, visits in to_ask.grouped("company_id").items():
            checks |= (
                self.env["res.partner"]
                .with_company(company)
                ._credit_gate(
                    "service",
                    {
                        visit: (
                            visit.commercial_partner_id,
                            visit._get_expected_amount(),
                        )
                        for visit in visits
                    },
                )
            )
        return checks

    def _has_passed_credit(self, today):
        """The request passed the gate today, or a manager has let it pass."""
        decision = self.ticket_id.sudo().decision_id  # a yes or no only
        if not decision or decision.outcome == "blocked":
            return False
        if decision.trigger == "override":
            return True
        check = decision.credit_check_id
        return (
            check.result in ("allow", "warn")
            and fields.Datetime.context_timestamp(self, check.create_date).date()
            == today
            and not self._get_expected_amount()
        )

    def _get_expected_amount(self):
        """Return what will be charged: hours at the list price if nobody covers."""
        outcome = self._get_cover_facts()[0]
        if outcome in ("covered", "warranty"):
            return 0.0
        return self.duration * self.company_id.service_labour_product_id.lst_price

    def _tell_technician(self):
        partner = self.user_id.partner_id
        if partner and partner != self.env.user.partner_id:
            self.message_subscribe(partner.ids)
            self.message_notify(
                partner_ids=partner.ids,
                subject=self.env._("Visit %(visit)s", visit=self.display_name),
                body=self.env._(
                    "%(customer)s, %(address)s",
                    customer=self.partner_id.display_name,
                    address=self.site_address or "",
                ),
            )

    def action_start(self):
        self.check_access("write")
        for visit in self:
            if visit.state != "planned":
                raise UserError(
                    self.env._("Plan %(visit)s first.", visit=visit.display_name)
                )
        self.write({"state": "started", "started_on": fields.Datetime.now()})
        return True

    def action_draft(self):
        self.check_access("write")
        self.filtered(lambda v: v.state in ("planned", "cancelled")).state = "draft"
        return True

    def action_cancel(self):
        self.check_access("write")
        if any(visit.state == "done" for visit in self):
            raise UserError(self.env._("A confirmed visit cannot be cancelled."))
        self.work_line_ids.filtered(lambda w: w.state == "draft").action_cancel()
        self.state = "cancelled"
        return True

    def action_find_slots(self):
        self.ensure_one()
        wizard = self.env["service.visit.slots"].create({"visit_id": self.id})
        wizard._search_slots()
        return wizard._reopen()

    def action_view_invoices(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.sudo().work_line_ids.invoice_id.ids)],
        }

    def _get_portal_domain(self):
        """What a customer sees: what is agreed with him or was done."""
        return Domain("state", "in", ("planned", "started", "done"))
