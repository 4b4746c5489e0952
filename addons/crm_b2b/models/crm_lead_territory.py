from odoo import fields, models
from odoo.tools import SQL


class CrmLead(models.Model):
    _inherit = "crm.lead"

    territory_id = fields.Many2one(
        "crm.territory", index="btree_not_null", tracking=True
    )

    def _territory_facts_sql(self, domain) -> SQL:
        """What the territory rules look at: the customer's, else the lead's own."""
        query = self._search(domain)
        column = lambda name: self._field_to_sql(self._table, name, query)  # noqa: E731
        leads = query.select(
            SQL("%s AS id", column("id")),
            SQL("%s AS partner_id", column("partner_id")),
            SQL("%s AS country_id", column("country_id")),
            SQL("%s AS state_id", column("state_id")),
            SQL("%s AS zip", column("zip")),
            SQL("%s AS company_id", column("company_id")),
        )
        return SQL(
            """SELECT lead.id,
                      coalesce(account.country_id, lead.country_id) AS country_id,
                      coalesce(account.state_id, lead.state_id) AS state_id,
                      coalesce(nullif(account.zip, ''), lead.zip) AS zip,
                      account.industry_id, account.employee_count AS employees,
                      account.id AS partner_id,
                      coalesce(lead.company_id, account.company_id) AS company_id
                 FROM (%s) lead
                 LEFT JOIN res_partner contact ON contact.id = lead.partner_id
                 LEFT JOIN res_partner account
                   ON account.id = contact.commercial_partner_id""",
            leads,
        )
