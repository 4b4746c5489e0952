from odoo import api, models


class HrEmployee(models.Model):
    """Technicians are employees: nothing is kept twice."""

    _inherit = "hr.employee"

    @api.model
    def _get_service_technicians(self, company, team=None):
        """Return who goes on visits: of the team, of all teams, else service users."""
        teams = team or self.env["helpdesk.ticket.team"].search(
            [("company_id", "in", (company.id, False))]
        )
        technicians = teams.sudo().technician_ids  # the choice of the team, not HR data
        if not technicians:
            group = self.env.ref("crm_service.group_service_technician").sudo()
            technicians = self.sudo().search(  # who is a technician, no more
                [
                    ("user_id", "in", group.all_user_ids.ids),
                    ("company_id", "=", company.id),
                ]
            )
        return technicians.sudo(self.env.su).filtered(
            lambda employee: employee.company_id == company
        )

    def _get_service_place(self):
        """Return where tours of this employee begin: the work address."""
        # Work address and its coordinates; private data is not looked at.
        return self.sudo().address_id._get_service_place()
