from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..tools.result_sql import row_id


class CrmCareDate(models.Model):
    """Days on which to care for a customer, from the records that know them."""

    _name = "crm.care.date"
    _description = "Care Date"
    _auto = False
    _order = "date, id"
    _depends = {
        "crm.care.kind": ["code", "active", "days", "is_reminded", "is_public"],
        "res.partner": ["user_id", "specific_property_product_pricelist"],
        "sale.blanket.order": ["validity_date", "confirmed", "state", "partner_id"],
        "product.pricelist.item": ["date_end", "pricelist_id"],
    }

    name = fields.Char(readonly=True)
    title = fields.Char("What", compute="_compute_title")
    kind_id = fields.Many2one("crm.care.kind", readonly=True)
    code = fields.Char(readonly=True)
    color = fields.Integer(readonly=True, aggregator=None)
    date = fields.Date(readonly=True)
    notice_date = fields.Date("Tell on", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Account Owner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True, aggregator=None)
    is_reminded = fields.Boolean(readonly=True)
    is_public = fields.Boolean(readonly=True)

    @api.depends("name", "code")
    @api.depends_context("lang")
    def _compute_title(self):
        """The name of the record, or in words the day that is found in its place."""
        for date in self:
            date.title = date.name
            if date.code in ("silent", "reorder"):
                date.title = self.env._(
                    "Last order %(date)s", date=format_date(self.env, date.name)
                )

    @api.depends("partner_id", "kind_id")
    def _compute_display_name(self):
        for date in self:
            date.display_name = self.env._(
                "%(customer)s: %(kind)s",
                customer=date.partner_id.name,
                kind=date.kind_id.name,
            )

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT d.id, d.name, k.id AS kind_id, k.code, k.color, d.date,
                   d.date - k.days AS notice_date, p.id AS partner_id,
                   p.user_id, d.company_id, d.res_model, d.res_id,
                   k.is_reminded, k.is_public
              FROM (%s) d
              JOIN crm_care_kind k ON k.code = d.code AND k.active
              JOIN res_partner c ON c.id = d.partner_id
              JOIN res_partner p ON p.id = c.commercial_partner_id AND p.active
            """,
            SQL(" UNION ALL ").join(query for query in self._get_sources(today)),
        )

    def _get_sources(self, today):
        """Queries of id, code, name, date, partner, company and record.

        Another addon appends its own, with a record of ``crm.care.kind``.
        """
        sources = [
            self._query_frames(today),
            self._query_prices(today),
            self._query_silent(today),
            self._query_reorders(today),
        ]
        # Service may be absent; this addon does not depend on it
        if "service.asset" in self.env:
            sources += self._get_service_sources(today)
        return sources

    def _query_frames(self, today):
        return SQL(
            """
            SELECT %s AS id, 'frame' AS code, o.name::text AS name,
                   o.validity_date AS date, o.partner_id, o.company_id,
                   'sale.blanket.order' AS res_model, o.id AS res_id
              FROM sale_blanket_order o
             WHERE o.confirmed AND o.validity_date >= %s - 30
            """,
            row_id(1, SQL("o.id")),
            today,
        )

    def _query_prices(self, today):
        """Price lists of a customer's own of which prices end."""
        return SQL(
            """
            SELECT %s, 'price', coalesce(l.name ->> 'en_US', ''), i.date, p.id,
                   g.key::int, 'res.partner', p.id
              FROM res_partner p
        CROSS JOIN LATERAL jsonb_each_text(p.specific_property_product_pricelist) g
              JOIN product_pricelist l ON l.id = g.value::int AND l.active
              JOIN LATERAL (
                   SELECT min(t.date_end)::date AS date FROM product_pricelist_item t
                    WHERE t.pricelist_id = l.id AND t.date_end >= %s::date - 30) i
                ON i.date IS NOT NULL
             WHERE p.parent_id IS NULL
               AND jsonb_typeof(p.specific_property_product_pricelist) = 'object'
            """,
            row_id(2, SQL("p.id"), SQL("l.id")),
            today,
        )

    def _query_silent(self, today):
        """Customers that have not bought for twice their own rhythm."""
        return SQL(
            """
            SELECT %s, 'silent', f.last_date::text,
                   (f.last_date + round(2 * f.cadence)::int), f.partner_id,
                   f.company_id, 'res.partner', f.partner_id
              FROM crm_customer_fact f
             WHERE f.cadence > 0
               AND f.last_date + round(2 * f.cadence)::int BETWEEN %s - 365 AND %s
            """,
            row_id(3, SQL("f.partner_id"), SQL("f.company_id")),
            today,
            today,
        )

    def _query_reorders(self, today):
        """When a customer's own rhythm says that the next order comes."""
        return SQL(
            """
            SELECT %s, 'reorder', f.last_date::text,
                   (f.last_date + round(f.cadence)::int), f.partner_id, f.company_id,
                   'res.partner', f.partner_id
              FROM crm_customer_fact f
             WHERE f.cadence > 0 AND f.last_date + round(2 * f.cadence)::int > %s
            """,
            row_id(4, SQL("f.partner_id"), SQL("f.company_id")),
            today,
        )

    def _get_service_sources(self, today):
        return [
            SQL(
                """
                SELECT %s, 'contract', c.name::text, c.date_end, c.partner_id,
                       c.company_id, 'contract.contract', c.id
                  FROM contract_contract c
                 WHERE c.active AND c.contract_type = 'sale'
                   AND c.date_end >= %s - 30
                """,
                row_id(5, SQL("c.id")),
                today,
            ),
            SQL(
                """
                SELECT %s, 'commissioned', a.name::text,
                       (a.commissioned_date + make_interval(years => y.years))::date,
                       a.partner_id, a.company_id, 'service.asset', a.id
                  FROM service_asset a
            CROSS JOIN LATERAL (
                SELECT extract(year FROM age(%s::date - 1, a.commissioned_date))::int
                       + 1 AS years) y
                 WHERE a.active AND a.commissioned_date < %s
                   AND a.state = 'active'
                """,
                row_id(6, SQL("a.id")),
                today,
                today,
            ),
            SQL(
                """
                SELECT %s, 'warranty', a.name::text, a.warranty_end, a.partner_id,
                       a.company_id, 'service.asset', a.id
                  FROM service_asset a
                 WHERE a.active AND a.warranty_end >= %s - 30
                """,
                row_id(7, SQL("a.id")),
                today,
            ),
        ]

    def action_open_document(self):
        """Open the record that the date comes from."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()
