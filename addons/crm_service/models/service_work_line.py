from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import work_coverage as kernel


class ServiceWorkLine(models.Model):
    """Time or a part used on a request or visit: what it cost and who pays."""

    _name = "service.work.line"
    _description = "Service Work Line"
    _order = "date desc, id desc"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Request",
        compute="_compute_ticket_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    visit_id = fields.Many2one(
        "service.visit", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_origin",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_origin",
        store=True,
        index=True,
    )
    contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_cover",
        store=True,
        index="btree_not_null",
        help="The contract of the decision: it bears the cost of what is covered.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    employee_id = fields.Many2one(
        "hr.employee",
        "Technician",
        default=lambda self: self.env.user.employee_id,
        check_company=True,
        index=True,
    )
    user_id = fields.Many2one(related="employee_id.user_id", store=True)
    kind = fields.Selection(
        [("hours", "Hours"), ("part", "Part")], required=True, default="hours"
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('type', '=', 'service')] if kind == 'hours' "
        "else [('type', '!=', 'service')]",
    )
    name = fields.Char(
        "What was done",
        compute="_compute_name",
        store=True,
        readonly=False,
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    goodwill = fields.Boolean(
        help="We pay, though nothing obliges us. Counted as cost of goodwill."
    )
    coverage = fields.Selection(
        [
            (kernel.COVERED, "Covered"),
            (kernel.BILLABLE, "Billable"),
            (kernel.GOODWILL, "Goodwill"),
        ],
        compute="_compute_cover",
        store=True,
        index=True,
        help="Before confirmation: what the decision would say now.",
    )
    entitlement_id = fields.Many2one(
        "service.entitlement", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_price", store=True)
    price_unit = fields.Monetary(compute="_compute_price", store=True, readonly=False)
    discount = fields.Float(
        "Discount (%)",
        compute="_compute_price",
        store=True,
        readonly=False,
    )
    amount = fields.Monetary(
        "To invoice", compute="_compute_amount", store=True, help="Without tax."
    )
    cost_unit = fields.Monetary(
        compute="_compute_cost_unit",
        store=True,
        compute_sudo=True,
        currency_field="company_currency_id",
        groups="crm_service.group_service_manager,account.group_account_invoice",
    )
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
        currency_field="company_currency_id",
        groups="crm_service.group_service_manager,account.group_account_invoice",
    )

    _belongs_somewhere = models.Constraint(
        "CHECK (ticket_id IS NOT NULL OR visit_id IS NOT NULL)",
        "Work belongs to a request or a visit.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A quantity is positive."
    )

    # -- what it belongs to ----------------------------------------------------------

    @api.depends("visit_id.ticket_id")
    def _compute_ticket_id(self):
        for line in self:
            if line.visit_id.ticket_id:
                line.ticket_id = line.visit_id.ticket_id

    @api.depends(
        "visit_id.company_id",
        "visit_id.partner_id",
        "ticket_id.company_id",
        "ticket_id.partner_id",
    )
    def _compute_origin(self):
        for line in self:
            if line.state != "draft" and line.company_id:
                continue
            origin = line.visit_id or line.ticket_id
            line.company_id = origin.company_id or self.env.company
            line.partner_id = origin.partner_id.commercial_partner_id

    @api.depends("kind", "company_id")
    def _compute_product_id(self):
        for line in self:
            if line.kind == "hours" and not line.product_id:
                line.product_id = line.company_id.service_labour_product_id

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            line.name = line.name or line.product_id.display_name

    # -- money -----------------------------------------------------------------------

    @api.depends("product_id", "quantity", "partner_id", "contract_id", "company_id")
    def _compute_price(self):
        for line in self:
            company = line.company_id or self.env.company
            if line.state != "draft" and line.currency_id:
                continue
            # the customer's price list is a setting of sales
            pricelist = (
                line.partner_id.sudo().with_company(company).property_product_pricelist
            )
            line.currency_id = pricelist.currency_id or company.currency_id
            line.price_unit = (
                pricelist._get_product_price(
                    line.product_id, line.quantity or 1.0, currency=line.currency_id
                )
                if line.product_id and pricelist
                else line.product_id.lst_price
            )
            line.discount = line._get_contract_discount()

    def _get_contract_discount(self):
        """Return the best discount the contract gives on what it does not cover."""
        discounts = self.contract_id.sudo().entitlement_ids.filtered(
            lambda e: (
                e.kind == "discount"
                and (not e.product_ids or self.product_id in e.product_ids)
            )
        )
        running = self.contract_id.sudo().state == "active"
        return max(discounts.mapped("quantity"), default=0.0) if running else 0.0

    @api.depends("coverage", "quantity", "price_unit", "discount", "state")
    def _compute_amount(self):
        for line in self:
            charged = line.coverage == kernel.BILLABLE and line.state != "cancelled"
            full = line.quantity * line.price_unit * (1 - line.discount / 100)
            line.amount = line.currency_id.round(full) if charged else 0.0

    @api.depends("employee_id", "product_id", "kind", "company_id")
    def _compute_cost_unit(self):
        for line in self:
            if line.state != "draft" and line.cost_unit:
                continue
            hourly = line.employee_id.hourly_cost if line.kind == "hours" else 0.0
            product = line.product_id.with_company(line.company_id)
            line.cost_unit = hourly or product.standard_price

    @api.depends("cost_unit", "quantity", "state")
    def _compute_cost(self):
        for line in self:
            dead = line.state == "cancelled"
            line.cost = 0.0 if dead else line.cost_unit * line.quantity

    # -- life ------------------------------------------------------------------------

    @api.constrains("ticket_id", "visit_id")
    def _check_one_customer(self):
        for line in self:
            if (
                line.visit_id.ticket_id
                and line.ticket_id
                and line.visit_id.ticket_id != line.ticket_id
            ):
                raise ValidationError(
                    self.env._(
                        "The visit %(visit)s belongs to another request.",
                        visit=line.visit_id.name,
                    )
                )

    #: What stands still once the work is confirmed.
    _FROZEN = {
        "ticket_id",
        "visit_id",
        "quantity",
        "product_id",
        "kind",
        "goodwill",
        "price_unit",
        "discount",
        "date",
        "employee_id",
    }

    def write(self, vals):
        if vals.keys() & self._FROZEN and not self.env.context.get("confirming_work"):
            done = self.filtered(lambda line: line.state != "draft")
            if done:
                raise UserError(
                    self.env._(
                        "%(work)s is confirmed. Cancel it and enter it again.",
                        work=done[0].name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(line.state == "confirmed" for line in self):
            raise UserError(
                self.env._("Confirmed work is not deleted. Cancel it instead.")
            )

    def action_cancel(self):
        """Give back what was taken; what is on a posted invoice is credited first."""
        self.check_access("write")
        for line in self:
            if line.invoice_status == "invoiced":
                raise UserError(
                    self.env._(
                        "%(work)s is on an invoice. Remove it there, or credit it.",
                        work=line.name,
                    )
                )
            if line.state == "confirmed" and line.entitlement_id:
                line.entitlement_id.sudo()._return(line.quantity, origin=line)
        self.sudo().write({"state": "cancelled"})  # the state is the system's
        return True

    def action_draft(self):
        self.check_access("write")
        cancelled = self.filtered(lambda line: line.state == "cancelled")
        cancelled.sudo().write({"state": "draft", "entitlement_id": False})  # as above
        cancelled._compute_cover()
        return True
