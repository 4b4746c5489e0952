from datetime import timedelta

from odoo import api, fields, models


class SaleBlanketOrder(models.Model):
    """Frame agreements warn before they end and say what is left in money."""

    _inherit = "sale.blanket.order"

    amount_remaining = fields.Monetary(
        "Left to Call Off", compute="_compute_consumption"
    )
    consumption = fields.Float(
        "Called Off (%)",
        compute="_compute_consumption",
        help="Value of the orders called off as a share of the agreed value.",
    )
    days_left = fields.Integer(compute="_compute_days_left")
    expiry_warned = fields.Boolean(readonly=True, copy=False)

    @api.depends("line_ids.remaining_uom_qty", "line_ids.price_unit")
    def _compute_consumption(self):
        for order in self:
            lines = order.line_ids.filtered(lambda line: not line.display_type)
            agreed = sum(line.original_uom_qty * line.price_unit for line in lines)
            order.amount_remaining = sum(
                max(0.0, line.remaining_uom_qty) * line.price_unit for line in lines
            )
            order.consumption = (
                100 * (1 - order.amount_remaining / agreed) if agreed else 0.0
            )

    @api.depends("validity_date")
    def _compute_days_left(self):
        today = fields.Date.context_today(self)
        for order in self:
            order.days_left = (
                (order.validity_date - today).days if order.validity_date else 0
            )

    def write(self, values):
        """A new end date is worth a new warning."""
        if "validity_date" in values:
            values = dict(values, expiry_warned=False)
        return super().write(values)

    @api.model
    def _cron_warn_expiry(self):
        """Plan an activity for each agreement that ends within the company's notice."""
        today = fields.Date.today()
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            orders = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "open"),
                    ("expiry_warned", "=", False),
                    (
                        "validity_date",
                        "<=",
                        today + timedelta(days=company.crm_b2b_agreement_notice),
                    ),
                ]
            )
            for order in orders:
                order._warn_expiry()
            orders.expiry_warned = True

    def _warn_expiry(self):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            self.validity_date,
            summary=self.env._("Frame agreement ends: renew it?"),
            note=self.env._(
                "%(agreement)s with %(customer)s ends on %(date)s. "
                "Left to call off: %(amount)s.",
                agreement=self.name,
                customer=self.partner_id.display_name,
                date=self.validity_date,
                amount=self.currency_id.format(self.amount_remaining),
            ),
            user_id=(self.user_id or self.env.user).id,
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.constrains("partner_id")
    def check_partner_id(self):
        """Everybody of the company calls off, not only the partner who signed."""
        other = self.filtered(
            lambda order: any(
                line.blanket_order_line.partner_id.commercial_partner_id
                != order.partner_id.commercial_partner_id
                for line in order.order_line
                if line.blanket_order_line
            )
        )
        return super(SaleOrder, other).check_partner_id()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_eligible_bo_lines_domain(self, base_qty):
        domain = super()._get_eligible_bo_lines_domain(base_qty)
        account = self.order_id.partner_id.commercial_partner_id
        return [
            ("order_id.partner_id.commercial_partner_id", "=", account.id)
            if isinstance(leaf, tuple) and leaf[0] == "partner_id"
            else leaf
            for leaf in domain
        ] + [("order_id.company_id", "=", self.order_id.company_id.id)]
