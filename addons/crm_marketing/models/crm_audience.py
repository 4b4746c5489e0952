from odoo import api, fields, models
from odoo.exceptions import ValidationError

CONTACTS = [
    ("all", "All Contacts"),
    ("account", "The Account's Own Address"),
    ("marketing", "Marketing Contacts"),
    ("role", "Roles in a Buying Centre"),
]
SERVICE_FIELDS = ("asset_product_ids", "contract_end_days")


class CrmAudience(models.Model):
    """Whom to write to, said in terms of what is known of customers."""

    _name = "crm.audience"
    _description = "Audience"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    note = fields.Text("What It Is For")

    value_class_ids = fields.Many2many(
        "crm.audience.option",
        "crm_audience_value_class_rel",
        string="Value Classes",
        domain=[("kind", "=", "value_class")],
    )
    lifecycle_ids = fields.Many2many(
        "crm.audience.option",
        "crm_audience_lifecycle_rel",
        string="Lifecycle Stages",
        domain=[("kind", "=", "lifecycle")],
    )
    tier_ids = fields.Many2many(
        "crm.audience.option",
        "crm_audience_tier_rel",
        string="Service Tiers",
        domain=[("kind", "=", "tier")],
    )
    rfm_group_ids = fields.Many2many("crm.rfm.group", string="RFM Groups")
    rfm_cell_ids = fields.Many2many("crm.rfm.cell", string="RFM Cells")
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    territory_ids = fields.Many2many("crm.territory", string="Territories")
    country_ids = fields.Many2many("res.country", string="Countries")
    lang_ids = fields.Many2many("res.lang", string="Languages of the Contact")
    account_user_ids = fields.Many2many("res.users", string="Salespeople")

    bought_product_ids = fields.Many2many(
        "product.product", "crm_audience_bought_product_rel", string="Bought Products"
    )
    bought_categ_ids = fields.Many2many(
        "product.category", "crm_audience_bought_categ_rel", string="Bought Categories"
    )
    bought_months = fields.Integer(
        "Bought Within (months)", default=12, help="0 for at any time."
    )
    not_bought_product_ids = fields.Many2many(
        "product.product",
        "crm_audience_not_bought_product_rel",
        string="Not Bought Products",
    )
    not_bought_categ_ids = fields.Many2many(
        "product.category",
        "crm_audience_not_bought_categ_rel",
        string="Not Bought Categories",
    )
    not_bought_months = fields.Integer(
        "Not Bought Within (months)", default=12, help="0 for at any time."
    )
    with_suggestion = fields.Boolean("Has an Open Suggestion")
    suggestion_product_ids = fields.Many2many(
        "product.product", "crm_audience_suggestion_rel", string="Suggested Products"
    )
    has_service = fields.Boolean(compute="_compute_has_service")
    asset_product_ids = fields.Many2many(
        "product.product", "crm_audience_asset_rel", string="Installed Products"
    )
    contract_end_days = fields.Integer(
        "Contract Ends Within (days)", help="0 for no matter."
    )
    partner_domain = fields.Char(
        "More Conditions", default="[]", help="On the account."
    )

    contact_choice = fields.Selection(
        CONTACTS, "Write to", required=True, default="all"
    )
    role_ids = fields.Many2many(
        "crm.buying.role.type", string="Roles", help="A contact with one of them."
    )
    use_account_address = fields.Boolean(
        "Else the Account's Own Address",
        default=True,
        help="Where an account has none of these contacts.",
    )
    holdout_percent = fields.Float(
        "Held Out (%)",
        default=10,
        help="Share of customers that get nothing, drawn at random in each value class,"
        " so that the effect of a campaign can be measured.",
    )
    summary = fields.Text(compute="_compute_summary")
    snapshot_ids = fields.One2many(
        "crm.audience.snapshot", "audience_id", "Frozen Audiences"
    )
    snapshot_count = fields.Integer(compute="_compute_snapshot_count")

    _holdout_range = models.Constraint(
        "CHECK (holdout_percent >= 0 AND holdout_percent <= 50)",
        "At most half of the customers can be held out.",
    )
    _months_positive = models.Constraint(
        "CHECK (bought_months >= 0 AND not_bought_months >= 0"
        " AND contract_end_days >= 0)",
        "Months and days cannot be negative.",
    )

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        Partner = self.env["res.partner"]
        for audience in self:
            try:
                audience._get_partner_domain().validate(Partner)
            except (ValueError, SyntaxError, NameError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "The further conditions of %(audience)s cannot be read.",
                        audience=audience.name,
                    )
                ) from error

    def _compute_has_service(self):
        self.has_service = self._has_service()

    @api.model
    def _has_service(self):
        return "service.asset" in self.env and "contract.contract" in self.env

    def _compute_snapshot_count(self):
        counts = dict(
            self.env["crm.audience.snapshot"]._read_group(
                [("audience_id", "in", self.ids)], ["audience_id"], ["__count"]
            )
        )
        for audience in self:
            audience.snapshot_count = counts.get(audience, 0)

    @api.depends_context("lang")
    def _compute_summary(self):
        """The criteria in words, one a line."""
        for audience in self:
            audience.summary = "\n".join(audience._get_summary_lines())

    def _get_summary_lines(self):
        for name in self._get_criteria_fields():
            value = self[name]
            if not value or (name == "partner_domain" and value == "[]"):
                continue
            label = self._fields[name]._description_string(self.env)
            if isinstance(value, models.BaseModel):
                value = ", ".join(value.mapped("display_name"))
            elif name == "contact_choice":
                field = self._fields[name]
                value = dict(field._description_selection(self.env))[value]
            elif value is True:
                value = self.env._("yes")
            yield self.env._("%(criterion)s: %(value)s", criterion=label, value=value)

    def _get_criteria_fields(self):
        """Names of the criteria that can be asked for here."""
        names = [
            "value_class_ids",
            "lifecycle_ids",
            "tier_ids",
            "rfm_group_ids",
            "rfm_cell_ids",
            "industry_ids",
            "territory_ids",
            "country_ids",
            "lang_ids",
            "account_user_ids",
            "bought_product_ids",
            "bought_categ_ids",
            "not_bought_product_ids",
            "not_bought_categ_ids",
            "with_suggestion",
            "suggestion_product_ids",
            "partner_domain",
            "contact_choice",
            "role_ids",
        ]
        if self._has_service():
            names += SERVICE_FIELDS
        if self.bought_product_ids or self.bought_categ_ids:
            names.append("bought_months")
        if self.not_bought_product_ids or self.not_bought_categ_ids:
            names.append("not_bought_months")
        return names

    def action_open_snapshots(self):
        """Open the sendings for which the audience was frozen."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_marketing.crm_audience_snapshot_action"
        )
        return action | {"domain": [("audience_id", "=", self.id)], "context": {}}
