from odoo import api, fields, models
from odoo.fields import Domain

from .crm_customer_value import ABC, LIFECYCLE, TIERS, VALUE_CLASSES

READERS = "sales_team.group_sale_salesman,crm_analytics.group_analyst"


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_value_ids = fields.One2many(
        "crm.customer.value", "partner_id", "Customer Values", groups=READERS
    )
    customer_value_id = fields.Many2one(
        "crm.customer.value",
        compute="_compute_customer_value",
        groups=READERS,
        help="The value of the commercial entity in the current company.",
    )
    value_class = fields.Selection(
        VALUE_CLASSES,
        compute="_compute_customer_value",
        search="_search_value_class",
        groups=READERS,
    )
    value_cell = fields.Char(
        "RFM",
        compute="_compute_customer_value",
        search="_search_value_cell",
        groups=READERS,
    )
    value_abc = fields.Selection(
        ABC,
        "ABC",
        compute="_compute_value_abc",
        search="_search_value_abc",
        groups="crm_analytics.group_analyst",
    )
    value_monetary = fields.Monetary(
        "Revenue in Window",
        compute="_compute_customer_value",
        search="_search_value_monetary",
        currency_field="currency_id",
        groups=READERS,
    )
    value_tier = fields.Selection(
        TIERS, "Service Tier", compute="_compute_customer_value", groups=READERS
    )
    value_lifecycle = fields.Selection(
        LIFECYCLE, "Lifecycle Stage", compute="_compute_customer_value", groups=READERS
    )
    value_reasons = fields.Text(
        "Why It May Leave", compute="_compute_value_words", groups=READERS
    )
    value_playbook_ids = fields.One2many(
        "crm.value.playbook.start",
        "partner_id",
        "Playbooks",
        groups="crm_analytics.group_analyst",
    )
    value_explanation = fields.Text(
        "Why This Class", compute="_compute_value_words", groups=READERS
    )
    value_loyalty_words = fields.Text(
        "Loyalty", compute="_compute_value_words", groups=READERS
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_value(self):
        customers = self.commercial_partner_id
        found = self.env["crm.customer.value"].search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", customers.ids),
            ],
            [
                "partner_id",
                "value_class",
                "cell",
                "monetary",
                "tier",
                "lifecycle",
            ],
        )
        by_customer = {value.partner_id: value for value in found}
        for partner in self:
            value = by_customer.get(
                partner.commercial_partner_id, self.env["crm.customer.value"]
            )
            partner.customer_value_id = value
            partner.value_class = value.value_class
            partner.value_cell = value.cell
            partner.value_monetary = value.monetary
            partner.value_tier = value.tier
            partner.value_lifecycle = value.lifecycle

    @api.depends("customer_value_id")
    @api.depends_context("company", "uid")
    def _compute_value_abc(self):
        """Apart from what sellers see: the letter tells whether there is a loss."""
        for partner in self:
            partner.value_abc = partner.customer_value_id.abc

    @api.depends("customer_value_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_value_words(self):
        """Apart from the figures: a list of accounts needs none of it."""
        for partner in self:
            value = partner.customer_value_id
            partner.value_explanation = value.explanation
            partner.value_loyalty_words = value.loyalty_words
            partner.value_reasons = value.reasons

    def _search_value_class(self, operator, value):
        return self._search_customer_value("value_class", operator, value)

    def _search_value_cell(self, operator, value):
        return self._search_customer_value("cell", operator, value)

    def _search_value_abc(self, operator, value):
        return self._search_customer_value("abc", operator, value)

    def _search_value_monetary(self, operator, value):
        return self._search_customer_value("monetary", operator, value)

    @api.model
    def _search_customer_value(self, name, operator, value):
        """Customers whose value in the current company fits; ``in`` may hold False."""
        if operator.startswith("not") or operator == "!=":
            return NotImplemented
        here = Domain("company_id", "=", self.env.company.id)
        if operator == "in" and False in value:
            without = Domain("customer_value_ids", "not any", here)
            rest = [item for item in value if item is not False]
            return without | self._search_customer_value(name, "in", rest)
        return Domain("customer_value_ids", "any", here & Domain(name, operator, value))

    def action_open_customer_value(self):
        """Open the value of the customer with its rule and numbers."""
        self.ensure_one()
        return self.customer_value_id._get_records_action()

    def action_plan_value_activities(self):
        """Plan activities, or start a plan, on the account."""
        self.ensure_one()
        return self.customer_value_id.action_plan_activities()

    def action_open_value_monetary(self):
        """Open the documents behind the revenue of the window."""
        return self.customer_value_id.action_open_monetary()

    def action_open_value_frequency(self):
        """Open the purchases of the window."""
        return self.customer_value_id.action_open_frequency()

    def action_open_value_recency(self):
        """Open the invoices of the last purchase day."""
        return self.customer_value_id.action_open_recency()

    def action_open_value_months(self):
        """Open the customer's months."""
        return self.customer_value_id.action_open_months()
