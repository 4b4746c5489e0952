from lxml import html
from markupsafe import Markup

from odoo import api, models

BUTTON = Markup(
    '<p><a type="action" name="crm_analytics.crm_customer_value_action_refresh"'
    ' role="button" class="btn btn-primary">%s</a></p>'
)
TITLE = "o_view_nocontent_smiling_face"


class CrmInsightEmpty(models.AbstractModel):
    """Lists that a refresh fills: empty before the first one they say how to begin.

    "No valuable customer is at risk" is good news only where customers were valued.
    """

    _name = "crm.insight.empty"
    _description = "Lists That a Refresh Fills"

    @api.model
    def get_empty_list_help(self, help_message):
        """The action's help, or what to do first while nobody was ever valued."""
        if help_message and not self._has_begun():
            help_message = self._get_first_help(help_message)
        return super().get_empty_list_help(help_message)

    @api.model
    def _has_begun(self):
        """Whether a company in sight has values, also of customers out of sight."""
        return bool(
            self.env["crm.customer.value"]
            .sudo()
            .search_count([("company_id", "in", self.env.companies.ids)], limit=1)
        )

    @api.model
    def _get_first_help(self, help_message):
        """The list's own words below the title and the button of the first day."""
        parts = Markup('<p class="%s">%s</p><p>%s</p>') % (
            TITLE,
            self._get_first_title(),
            self._get_first_step(),
        )
        if self.env.user.has_group("crm_analytics.group_analyst"):
            parts += BUTTON % self.env._("Refresh Values Now")
        for element in html.fragments_fromstring(help_message, no_leading_text=True):
            if TITLE not in element.get("class", ""):
                parts += Markup(html.tostring(element, encoding="unicode"))
        return parts

    @api.model
    def _get_first_title(self):
        return self.env._("No customer has been valued yet")

    @api.model
    def _get_first_step(self):
        if not self.env.user.has_group("crm_analytics.group_analyst"):
            return self.env._(
                "It begins when an analyst refreshes the values of your customers."
            )
        runs = self.env["crm.value.run"].sudo()
        if any(runs._get_last(company) for company in self.env.companies):
            return self.env._(
                "The last refresh found no customer with a posted invoice. Post"
                " customer invoices, then refresh the values again."
            )
        return self.env._("Post customer invoices, then refresh the values.")
