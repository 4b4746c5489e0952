from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ServiceAsset(models.Model):
    """A product of ours that stands at a customer."""

    _name = "service.asset"
    _description = "Installed Product"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _parent_store = True
    _order = "partner_id, name, id"
    _rec_names_search = ["name", "code", "lot_name", "product_name"]
    _check_company_auto = True

    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
    )
    code = fields.Char("Customer's number", help="How the customer calls it.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    product_id = fields.Many2one(
        "product.product", required=True, index=True, tracking=True, check_company=True
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial number",
        index="btree_not_null",
        tracking=True,
        domain="[('product_id', '=', product_id)]",
        check_company=True,
    )
    # found by name by all who may see the product, also customers, who have no right
    # on lots
    lot_name = fields.Char(related="lot_id.name", string="Serial number (text)")
    product_name = fields.Char(related="product_id.name", string="Product name")
    quantity = fields.Float(default=1.0)
    partner_id = fields.Many2one(
        "res.partner", "Owner", required=True, index=True, tracking=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        tracking=True,
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
        help="The address where it stands.",
    )
    parent_id = fields.Many2one(
        "service.asset",
        "Part of",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("service.asset", "parent_id", "Parts")
    state = fields.Selection(
        [
            ("delivered", "Delivered"),
            ("active", "In service"),
            ("returned", "Returned"),
            ("replaced", "Replaced"),
            ("retired", "Retired"),
        ],
        default="delivered",
        required=True,
        tracking=True,
        index=True,
    )
    delivery_date = fields.Date()
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True)
    sale_id = fields.Many2one(
        related="picking_id.sale_id", string="Sales order", store=True
    )
    commissioned_date = fields.Date("Commissioned", tracking=True)
    warranty_end = fields.Date(
        compute="_compute_warranty_end",
        store=True,
        readonly=False,
        tracking=True,
        help="Last day of the warranty: months of the product after commissioning, "
        "or after delivery as long as it is not commissioned.",
    )
    warranty_state = fields.Selection(
        [("none", "None"), ("running", "Running"), ("over", "Over")],
        compute="_compute_warranty_state",
        search="_search_warranty_state",
    )
    warranty_terms = fields.Html(related="product_id.service_warranty_terms")
    replaces_id = fields.Many2one("service.asset", readonly=True, copy=False)
    replaced_by_id = fields.Many2one("service.asset", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", "Responsible", domain=[("share", "=", False)], tracking=True
    )
    note = fields.Html()
    ticket_ids = fields.One2many("helpdesk.ticket", "asset_id", "Requests")
    ticket_count = fields.Integer(compute="_compute_ticket_count")
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)

    _unique_lot = models.UniqueIndex(
        "(company_id, lot_id) WHERE lot_id IS NOT NULL AND "
        "state IN ('delivered', 'active')",
        "This serial number is already installed.",
    )

    @api.depends("product_id", "lot_id")
    def _compute_name(self):
        for asset in self:
            if not asset.product_id:
                continue
            parts = [asset.product_id.name, asset.lot_id.name]
            asset.name = " ".join(filter(None, parts))

    @api.depends("partner_id")
    def _compute_site_id(self):
        for asset in self:
            if asset.site_id.commercial_partner_id != asset.commercial_partner_id:
                asset.site_id = asset.partner_id

    @api.depends("product_id", "commissioned_date", "delivery_date")
    def _compute_warranty_end(self):
        for asset in self:
            start = asset.commissioned_date or asset.delivery_date
            months = asset.product_id.service_warranty_months
            if asset.replaces_id:
                continue  # the rest of the replaced one was passed on
            asset.warranty_end = (
                start + relativedelta(months=months, days=-1)
                if start and months
                else False
            )

    @api.depends("warranty_end")
    def _compute_warranty_state(self):
        today = fields.Date.context_today(self)
        for asset in self:
            if not asset.warranty_end:
                asset.warranty_state = "none"
            else:
                over = asset.warranty_end < today
                asset.warranty_state = "over" if over else "running"

    def _search_warranty_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domains = {
            "none": [("warranty_end", "=", False)],
            "running": [("warranty_end", ">=", today)],
            "over": [("warranty_end", "<", today)],
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    def _compute_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("asset_id", "in", self.ids)], ["asset_id"], ["__count"]
            )
        )
        for asset in self:
            asset.ticket_count = counts.get(asset, 0)

    # -- what happened to it -------------------------------------------------------

    @api.depends_context("lang", "tz")
    def _compute_timeline(self):
        for asset in self:
            rows = Markup().join(
                Markup(
                    '<li class="mb-1"><i class="fa %s fa-fw" aria-hidden="true"></i> '
                    "%s <a href='/odoo/%s/%s'>%s</a> "
                    "<span class='text-muted'>%s</span></li>"
                )
                % (
                    icon,
                    format_date(self.env, date),
                    record._name,
                    record.id,
                    name,
                    text,
                )
                for date, icon, record, name, text in sorted(
                    asset._get_events(), key=lambda event: event[0], reverse=True
                )
            )
            asset.timeline = Markup('<ul class="list-unstyled">%s</ul>') % rows

    def _get_events(self):
        """Return (date, icon, record, its name, text) of all that happened."""
        self.ensure_one()
        events = [
            (
                ticket.create_date.date(),
                "fa-life-ring",
                ticket,
                ticket.display_name,
                ticket.stage_id.name or "",
            )
            for ticket in self.ticket_ids
        ]
        if self.lot_id and self.env["stock.move.line"].has_access("read"):
            lines = self.env["stock.move.line"].search(
                [
                    ("lot_id", "=", self.lot_id.id),
                    ("state", "=", "done"),
                    ("picking_id", "!=", False),
                ]
            )
            events += [
                (
                    line.date.date(),
                    "fa-truck",
                    line.picking_id,
                    line.picking_id.name,
                    line.location_dest_id.display_name,
                )
                for line in lines
            ]
        if self.commissioned_date:
            events.append(
                (
                    self.commissioned_date,
                    "fa-power-off",
                    self,
                    self.name,
                    self.env._("commissioned"),
                )
            )
        for other, text in (
            (self.replaces_id, self.env._("replaced by this one")),
            (self.replaced_by_id, self.env._("took its place")),
        ):
            if other:
                date = (other if other == self.replaced_by_id else self).create_date
                events.append((date.date(), "fa-exchange", other, other.name, text))
        return events

    # -- actions -------------------------------------------------------------------

    def action_commission(self):
        for asset in self:
            asset.commissioned_date = (
                asset.commissioned_date or fields.Date.context_today(asset)
            )
        return self.write({"state": "active"})

    def action_retire(self):
        return self.write({"state": "retired"})

    def action_replace(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replace %(asset)s", asset=self.display_name),
            "res_model": "service.asset.replace",
            "view_mode": "form",
            "target": "new",
            "context": {"default_asset_id": self.id},
        }

    def _replace(self, lot, product=None, date=None):
        """Put another product in the place of this one.

        It takes over owner, site, parts and what is left of the warranty.
        """
        self.ensure_one()
        if self.state in ("replaced", "retired"):
            raise UserError(
                self.env._(
                    "%(asset)s is no longer in service and cannot be replaced.",
                    asset=self.display_name,
                )
            )
        self.state = "replaced"
        self.flush_recordset()
        new = self.create(
            {
                "product_id": (product or lot.product_id or self.product_id).id,
                "lot_id": lot.id if lot else False,
                "quantity": self.quantity,
                "partner_id": self.partner_id.id,
                "site_id": self.site_id.id,
                "parent_id": self.parent_id.id,
                "company_id": self.company_id.id,
                "code": self.code,
                "state": "active",
                "delivery_date": date or fields.Date.context_today(self),
                "commissioned_date": date or fields.Date.context_today(self),
                "warranty_end": self.warranty_end,
                "replaces_id": self.id,
            }
        )
        self.replaced_by_id = new
        self.child_ids.parent_id = new
        self._message_log(
            body=self.env._("Replaced by %(asset)s.", asset=new.display_name)
        )
        return new

    def action_view_tickets(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requests"),
            "res_model": "helpdesk.ticket",
            "view_mode": "list,kanban,form",
            "domain": [("asset_id", "=", self.id)],
            "context": {
                "default_asset_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
        }
