from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_level_id = fields.Many2one(
        "service.level",
        "Service level",
        company_dependent=True,
        groups="crm_service.group_service_technician",
        help="For customers of a class that we serve better without a contract. A "
        "contract goes before it, it goes before that of the team.",
    )


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _choose_level(self, contract):
        """A level of the customer goes after the contract's and before the team's."""
        customer = self.commercial_partner_id.sudo().with_company(self.company_id)
        return (
            contract.service_level_id
            or customer.service_level_id
            or super()._choose_level(contract)
        )
