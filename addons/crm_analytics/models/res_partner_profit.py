from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools import customer_profit

ANALYST = "crm_analytics.group_analyst"


class ResPartner(models.Model):
    # The account's profit, in a file of its own.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    value_profit = fields.Json(
        "Profit", compute="_compute_value_profit", groups=ANALYST
    )
    value_suggestion_ids = fields.One2many(
        "crm.customer.suggestion",
        "partner_id",
        "Suggestions",
        groups="sales_team.group_sale_salesman,crm_analytics.group_analyst",
    )
    value_next_action = fields.Char(
        "Next Best Action",
        compute="_compute_value_next_action",
        groups="sales_team.group_sale_salesman,crm_analytics.group_analyst",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_value_profit(self):
        for partner in self:
            partner.value_profit = self.env["crm.insight"]._get_waterfall(partner)

    @api.depends("customer_value_id", "value_suggestion_ids")
    @api.depends_context("company", "uid", "lang")
    def _compute_value_next_action(self):
        for partner in self:
            partner.value_next_action = partner._get_value_next_action()

    def _get_value_next_action(self):
        """One sentence: what to do next with this account, and why."""
        value = self.customer_value_id
        if not value:
            return False
        reason = (value.reasons or "").split("\n")[0]
        offer = self.value_suggestion_ids.filtered(
            lambda suggestion: suggestion.company_id == value.company_id
        )[:1]
        if value.at_risk:
            return self.env._("Visit the customer. %(reason)s", reason=reason).strip()
        if value.value_class == "dormant":
            return self.env._(
                "Call once; last purchase on %(date)s.", date=value.last_date or "-"
            )
        if offer:
            return self.env._(
                "Offer %(product)s: %(reason)s.",
                product=offer.product_id.display_name,
                reason=offer.reason,
            )
        if value.value_class == "new":
            return self.env._("Ask how the first delivery went.")
        return (
            self.env._(
                "Keep the rhythm: a purchase every %(days)s days is usual.",
                days=round(value.cadence),
            )
            if value.cadence
            else False
        )

    def action_open_value_curve(self):
        """Draw the cumulative contribution of the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "name": self.env._("Customer Value"),
            "tag": "crm_analytics.customer_curve",
            "params": {"partner_id": self.commercial_partner_id.id},
        }

    def action_open_profit_step(self, code):
        """Open what stands behind a step of the account's profit."""
        self.ensure_one()
        value = self.customer_value_id
        window = value.policy_id.sudo()._get_windows(value.as_of)
        if code in customer_profit.SERVE_KINDS:
            return self.env["crm.customer.cost"]._get_action(
                [
                    ("company_id", "=", value.company_id.id),
                    ("partner_id", "=", value.partner_id.id),
                    ("kind", "=", code),
                    ("date", ">=", window.start_month),
                    ("date", "<=", value.as_of),
                ]
            )
        if code == "left":
            return value.action_open_contribution()
        domain = self.env["account.move"]._get_customer_value_domain(
            value.company_id,
            value.partner_id,
            after=window.start_month - relativedelta(days=1),
            until=value.as_of + relativedelta(day=31),
        )
        if code == "revenue":
            return value._get_moves_action(self.env._("Invoices"), domain)
        return self._get_invoiced_action(value, window, code)

    def _get_invoiced_action(self, value, window, code):
        """The invoice lines whose list price, discount or cost sums up to the step."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_analytics.crm_sales_fact_action"
        )
        domain = [
            ("company_id", "=", value.company_id.id),
            ("partner_id", "=", value.partner_id.id),
            ("date", ">=", window.start_month),
            ("date", "<=", value.as_of + relativedelta(day=31)),
        ]
        if code == "discount":
            domain.append(("discount_amount", "!=", 0))
        return action | {
            "name": self.env._("Invoice Lines"),
            "domain": domain,
            "context": {},
            "views": [(False, "list")],
        }
