from odoo import models


class CrmBuyingRole(models.Model):
    _inherit = "crm.buying.role"

    def _to_value_people(self):
        """People once each, with the stance of their latest deal (latest first)."""
        stances = dict(self._fields["stance"]._description_selection(self.env))
        people = {}
        seen = self.partner_id._filtered_access("read")
        for role in self.filtered(lambda role: role.partner_id in seen):
            people.setdefault(
                role.partner_id,
                {
                    "id": role.partner_id.id,
                    "name": role.partner_id.name,
                    "stance": stances.get(role.stance, ""),
                },
            )
        return list(people.values())
