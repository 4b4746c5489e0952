import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

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
            parts = (" ".join(part.split()) for part in re.split("[,\n]", address))
            visit.site_address = ", ".join(part for part in parts if part)
            place = visit.site_id._get_service_place()
            target = f"{place[0]},{place[1]}" if place else visit.site_address
            visit.map_url = (
                f"https://www.openstreetmap.org/search?query={target}"
                if target
                else False
            )

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

    def _compute_invoice_count(self):
        for visit in self:
            # the number only; the button opens what the user may read
            visit.invoice_count = len(visit.sudo().work_line_ids.invoice_id)

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
