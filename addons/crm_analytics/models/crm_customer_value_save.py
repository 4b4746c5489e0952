from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerValueSave(models.Model):
    """Who is at risk: one definition for start page, save list and next action."""

    # By subject.
    _inherit = "crm.customer.value"  # pylint: disable=consider-merging-classes-inherited

    @api.depends("value_class", "abc", "churn_risk", "company_id")
    def _compute_at_risk(self):
        limits = self._get_churn_limits()
        for value in self.sudo():  # the letter is for analysts, the list for all
            likely = value.abc in ("A", "B") and (
                value.churn_risk >= limits.get(value.company_id, 1)
            )
            value.at_risk = likely or value.value_class == "being_lost"

    @api.model
    def _search_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        likely = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("churn_risk", ">=", limit)
            for company, limit in self._get_churn_limits().items()
        )
        # who was A or B in the window before is lost whatever the letter is by now
        at_risk = Domain("value_class", "=", "being_lost") | (
            Domain.custom(to_sql=self._is_valuable) & likely
        )
        return at_risk if True in value else ~at_risk

    @staticmethod
    def _is_valuable(_model, alias, _query):
        """The letter itself is for analysts, who is on the list for all."""
        return SQL("%s IN ('A', 'B')", SQL.identifier(alias, "abc"))

    @api.model
    def _get_churn_limits(self):
        """The limit of each company by its policy in force."""
        policies = self.env["crm.value.policy"].sudo()  # a limit is no secret
        found = policies.search_fetch(
            [("state", "=", "current")],
            ["company_id", "churn_limit"],
        )
        return {policy.company_id: policy.churn_limit for policy in found}
