from odoo import api, fields, models


class CrmCustomerSuggestion(models.Model):
    """The next products for a customer, renewed by each run."""

    _name = "crm.customer.suggestion"
    _description = "Product Suggestion"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _log_access = False
    _rec_name = "product_id"
    _order = "place, id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(related="product_id.categ_id")
    rule_id = fields.Many2one(
        "crm.association.rule", "Because of", readonly=True, ondelete="cascade"
    )
    confidence = fields.Float(related="rule_id.confidence")
    lift = fields.Float(related="rule_id.lift")
    score = fields.Float(
        readonly=True,
        aggregator="max",
        help="Lift x confidence x margin.",
        groups="crm_analytics.group_analyst",
    )
    place = fields.Integer(readonly=True, aggregator=None, help="1 is the best.")
    reason = fields.Char("Why", compute="_compute_reason")

    _suggestion_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id, product_id)",
        "A product is suggested once to a customer.",
    )

    @api.depends("rule_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for suggestion in self:
            rule = suggestion.rule_id.sudo()  # the words of a rule are for sellers too
            left = rule.left_id | rule.left_two_id
            words = self.env._(
                "%(count)s of %(left_count)s orders with %(left)s also hold it"
            )
            if rule._is_quarterly(suggestion.company_id):
                words = self.env._(
                    "%(count)s of %(left_count)s quarters of customers with %(left)s"
                    " also hold it"
                )
            suggestion.reason = words % {
                "count": rule.count,
                "left_count": rule.left_count,
                "left": self.env._(" and ").join(left.mapped("display_name")),
            }

    def action_quote(self):
        """Open a quotation with the chosen products, one for each customer."""
        orders = self.env["sale.order"]
        for partner, suggestions in self.grouped("partner_id").items():
            orders |= orders.create(
                {
                    "partner_id": partner.id,
                    "company_id": suggestions.company_id[:1].id,
                    "order_line": [
                        fields.Command.create({"product_id": product.id})
                        for product in suggestions.product_id
                    ],
                }
            )
        return orders._get_records_action(name=self.env._("Quotations"))
