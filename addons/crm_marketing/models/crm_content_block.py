from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import content_rules

MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


class CrmContentBlock(models.Model):
    """A part of a mail, and the rule that says who gets it."""

    _name = "crm.content.block"
    _description = "Content Block"
    _inherit = ["mail.thread", "mail.activity.mixin", "mail.render.mixin"]
    _order = "sequence, id"
    # who writes a dynamic block is checked when it is saved, as with mail templates
    _unrestricted_rendering = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user
    )
    kind = fields.Selection(
        [("text", "Text"), ("products", "Text and Recommended Products")],
        required=True,
        default="text",
    )
    subject = fields.Char(
        translate=True,
        help="Subject of the mail for those whose first block this is.",
    )
    body = fields.Html(
        translate=True,
        sanitize="email_outgoing",
        render_engine="qweb",
        render_options={"post_process": True},
    )
    product_count = fields.Integer("Products at Most", default=3)
    show_prices = fields.Boolean(
        "Show Agreed Prices",
        default=True,
        help="The price of the customer's frame agreement or price list.",
    )

    is_fallback = fields.Boolean(
        "Fallback", help="For those for whom no other block of the mailing fits."
    )
    value_class_ids = fields.Many2many(
        "crm.audience.option",
        "crm_content_block_class_rel",
        string="Value Classes",
        domain=[("kind", "=", "value_class")],
    )
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    bought_product_ids = fields.Many2many(
        "product.product", "crm_content_block_product_rel", string="Bought Products"
    )
    bought_categ_ids = fields.Many2many(
        "product.category", "crm_content_block_categ_rel", string="Bought Categories"
    )
    month_from = fields.Selection(MONTHS, "Season From")
    month_to = fields.Selection(MONTHS, "Season To")
    rule_summary = fields.Char("Who Gets It", compute="_compute_rule_summary")
    mailing_ids = fields.Many2many(
        "mailing.mailing",
        "crm_content_block_mailing_rel",
        "block_id",
        "mailing_id",
        string="Mailings",
    )
    mailing_count = fields.Integer(compute="_compute_mailing_count")

    _product_count_range = models.Constraint(
        "CHECK (product_count BETWEEN 1 AND 10)",
        "A block recommends 1 to 10 products.",
    )

    @api.constrains("month_from", "month_to")
    def _check_season(self):
        for block in self:
            if bool(block.month_from) != bool(block.month_to):
                raise ValidationError(
                    self.env._(
                        "The season of %(block)s needs both a first and a last month.",
                        block=block.name,
                    )
                )

    def _compute_render_model(self):
        self.render_model = "res.partner"

    @api.depends_context("lang")
    @api.depends(
        "is_fallback",
        "value_class_ids",
        "industry_ids",
        "bought_product_ids",
        "bought_categ_ids",
        "month_from",
        "month_to",
    )
    def _compute_rule_summary(self):
        months = dict(self._fields["month_from"]._description_selection(self.env))
        for block in self:
            parts = [
                ", ".join(block[name].mapped("display_name"))
                for name in (
                    "value_class_ids",
                    "industry_ids",
                    "bought_product_ids",
                    "bought_categ_ids",
                )
                if block[name]
            ]
            if block.month_from and block.month_to:
                parts.append(
                    self.env._(
                        "%(first)s to %(last)s",
                        first=months[block.month_from],
                        last=months[block.month_to],
                    )
                )
            if block.is_fallback:
                parts.append(self.env._("where nothing else fits"))
            block.rule_summary = " × ".join(parts) or self.env._("everybody")

    def _compute_mailing_count(self):
        for block in self:
            block.mailing_count = len(block.mailing_ids)

    def _to_kernel(self):
        """The rules of the blocks, in order; a category means its children, too."""
        Category = self.env["product.category"]
        return [
            content_rules.Block(
                key=block.id,
                classes=frozenset(block.value_class_ids.mapped("code")),
                industries=frozenset(block.industry_ids.ids),
                products=frozenset(block.bought_product_ids.ids),
                categories=frozenset(
                    Category.search(
                        [("id", "child_of", block.bought_categ_ids.ids)]
                    ).ids
                    if block.bought_categ_ids
                    else ()
                ),
                month_from=int(block.month_from or 0) or None,
                month_to=int(block.month_to or 0) or None,
                needs_offer=block.kind == "products",
                fallback=block.is_fallback,
            )
            for block in self
        ]

    def action_open_mailings(self):
        """Open the mailings that use the block."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mailings"),
            "res_model": "mailing.mailing",
            "views": [(False, "list"), (False, "form")],
            "domain": [("block_ids", "in", self.ids)],
        }
