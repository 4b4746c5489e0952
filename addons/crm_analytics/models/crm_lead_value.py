from odoo import api, fields, models

from .crm_customer_value import VALUE_CLASSES
from .res_partner import READERS


class CrmLead(models.Model):
    """What the customer of a deal is worth, for its card."""

    # By subject.
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    value_class = fields.Selection(
        VALUE_CLASSES, compute="_compute_value_class", groups=READERS
    )
    value_class_name = fields.Char(compute="_compute_value_class", groups=READERS)

    @api.depends("partner_id", "company_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_value_class(self):
        """Of the customers that the user may see, in the company of the deal."""
        values = self.env["crm.customer.value"]
        names = dict(values._fields["value_class"]._description_selection(self.env))
        found = values.search_fetch(
            [("partner_id", "in", self.partner_id.commercial_partner_id.ids)],
            ["company_id", "partner_id", "value_class"],
        )
        classes = {
            (value.company_id, value.partner_id): value.value_class for value in found
        }
        for lead in self:
            company = lead.company_id or self.env.company
            customer = lead.partner_id.commercial_partner_id
            lead.value_class = classes.get((company, customer), False)
            lead.value_class_name = names.get(lead.value_class)
