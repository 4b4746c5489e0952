from odoo import fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    territory_id = fields.Many2one(
        "crm.territory",
        index="btree_not_null",
        tracking=True,
        help="Set by the last territory re-alignment.",
    )
    employee_count = fields.Integer(
        "Company Size", help="Number of employees, used by the territory rules."
    )

    def _territory_facts_sql(self, domain) -> SQL:
        """What the territory rules look at, for the accounts in ``domain``."""
        query = self._search(domain)
        column = lambda name: self._field_to_sql(self._table, name, query)  # noqa: E731
        return query.select(
            SQL("%s AS id", column("id")),
            SQL("%s AS country_id", column("country_id")),
            SQL("%s AS state_id", column("state_id")),
            SQL("%s AS zip", column("zip")),
            SQL("%s AS industry_id", column("industry_id")),
            SQL("%s AS employees", column("employee_count")),
            SQL("%s AS partner_id", column("id")),
            SQL("%s AS company_id", column("company_id")),
        )
