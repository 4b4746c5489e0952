from odoo import api, fields, models
from odoo.exceptions import UserError

PRICE_FIELDS = {
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "price_unit",
    "discount",
    "purchase_price",
}


class SaleOrder(models.Model):
    """Quotations whose discount or margin passes the company's limits need approval."""

    _inherit = "sale.order"

    max_discount = fields.Float(
        "Highest Discount (%)", compute="_compute_commercial_limit"
    )
    limit_exceeded = fields.Boolean(compute="_compute_commercial_limit")
    limit_reason = fields.Char("Why Approval", compute="_compute_commercial_limit")

    @api.depends(
        "order_line.discount",
        "order_line.price_unit",
        "margin_percent",
        "amount_untaxed",
        "company_id.crm_b2b_quotation_approval",
        "company_id.crm_b2b_discount_limit",
        "company_id.crm_b2b_margin_limit",
    )
    def _compute_commercial_limit(self):
        for order in self:
            lines = order.order_line.filtered(
                lambda line: not line.display_type and line.product_uom_qty > 0
            )
            order.max_discount = max(lines.mapped("discount"), default=0.0)
            reasons = order._get_limit_reasons() if lines else []
            order.limit_reason = " ".join(reasons)
            order.limit_exceeded = bool(reasons)

    def _get_limit_reasons(self):
        company = self.company_id
        if not company.crm_b2b_quotation_approval:
            return []
        reasons = []
        if self.max_discount > company.crm_b2b_discount_limit:
            reasons.append(
                self.env._(
                    "The discount of %(discount)s %% is above the limit of "
                    "%(limit)s %%.",
                    discount=round(self.max_discount, 2),
                    limit=company.crm_b2b_discount_limit,
                )
            )
        margin = 100 * self.sudo().margin_percent  # the margin is not for everybody
        if self.amount_untaxed and margin < company.crm_b2b_margin_limit:
            reasons.append(
                self.env._(
                    "The margin is below the limit of %(limit)s %%.",
                    limit=company.crm_b2b_margin_limit,
                )
            )
        return reasons

    def action_quotation_send(self):
        """The customer sees no terms that nobody has approved."""
        waiting = self.filtered(
            lambda order: (
                order.limit_exceeded
                and order.state in ("draft", "sent")
                and order.validation_status != "validated"
            )
        )
        if waiting:
            raise UserError(
                self.env._(
                    "%(order)s needs approval before it is sent. %(reason)s",
                    order=waiting[0].display_name,
                    reason=waiting[0].limit_reason,
                )
            )
        return super().action_quotation_send()

    @api.model
    def _get_under_validation_exceptions(self):
        """An approved quotation may still be sent, signed and followed up."""
        return super()._get_under_validation_exceptions() + [
            "state",
            "signature",
            "signed_by",
            "signed_on",
            "access_token",
            "client_order_ref",
            "activity_ids",
            "message_ids",
            "validity_date",
        ]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _check_not_under_approval(self):
        """Refuse new terms for a quotation that is asked for or has its approval."""
        if self.env.context.get("skip_validation_check"):
            return
        locked = self.order_id.filtered(
            lambda order: order.review_ids and order.state in ("draft", "sent")
        )
        if locked:
            raise UserError(
                self.env._(
                    "%(order)s is in approval or approved on its present terms. "
                    "Restart the validation before you change its lines.",
                    order=locked[0].display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_not_under_approval()
        return lines

    def write(self, values):
        if PRICE_FIELDS & set(values):
            self._check_not_under_approval()
        return super().write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_under_approval(self):
        self._check_not_under_approval()
