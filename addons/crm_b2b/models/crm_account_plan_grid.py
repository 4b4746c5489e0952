from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import whitespace

MONTHS = 12  # what was bought, quoted or lost longer ago is white again


class CrmAccountPlan(models.Model):
    """The two tables of a plan: whitespace, and the companies of the group."""

    _inherit = "crm.account.plan"

    whitespace = fields.Json(compute="_compute_whitespace", exportable=False)
    family_ids = fields.Many2many(
        "product.category",
        string="Product Families",
        help="Columns of the whitespace. Empty: every family this account bought or "
        "was offered, and every family sold in the last twelve months.",
    )
    coverage = fields.Float(
        "Whitespace Covered (%)",
        compute="_compute_whitespace",
        help="Share of the pairs of site and product family that bought in the last "
        "twelve months.",
    )
    rollup = fields.Json(compute="_compute_rollup", exportable=False)

    @api.depends("partner_id", "family_ids", "company_id")
    def _compute_whitespace(self):
        for plan in self:
            if not plan.partner_id:
                plan.whitespace, plan.coverage = False, 0.0
                continue
            plan.whitespace, plan.coverage = plan._get_whitespace()

    def _get_whitespace(self):
        """Return the grid as the widget and the print take it, and its coverage."""
        sites = self._get_sites()
        facts = self._get_whitespace_facts()
        families = self.family_ids._origin or self._get_families(facts)
        cells = whitespace.build_cells(sites.ids, families.ids, facts)
        grid = {
            "currency_id": self.currency_id.id,
            "families": [{"id": f.id, "name": f.display_name} for f in families],
            "rows": [
                {
                    "id": site.id,
                    "name": site.name or site.display_name,
                    "city": site.city or "",
                    "cells": [
                        {
                            "family_id": family.id,
                            "state": cells[site.id, family.id].state,
                            "amount": cells[site.id, family.id].amount,
                            "count": cells[site.id, family.id].count,
                        }
                        for family in families
                    ],
                }
                for site in sites
            ],
        }
        return grid, 100 * whitespace.coverage(cells)

    @api.model
    def _get_cell_words(self):
        """Return {state of a cell: word} for the print."""
        return {
            "bought": self.env._("Bought"),
            "open": self.env._("Open"),
            "quoted": self.env._("Quoted"),
            "lost": self.env._("Lost"),
            "white": "",
        }

    def _get_sites(self):
        """Return the account, its sub-companies and its delivery addresses."""
        group = self.env["res.partner"].search(
            [
                ("id", "child_of", self.partner_id._origin.id),
                "|",
                ("is_company", "=", True),
                ("type", "=", "delivery"),
            ]
        )
        return (self.partner_id._origin & group) | group.sorted("complete_name")

    def _get_families(self, facts):
        """Return the families of the facts and those the company sells at all."""
        sold = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT t.categ_id
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE o.company_id = %s AND o.state = 'sale' AND t.categ_id IS NOT NULL
                   AND o.date_order >= now() - make_interval(months => %s)
                """,
                self.company_id.id,
                MONTHS,
            )
        )
        ids = {row[0] for row in sold} | {fact.family for fact in facts}
        families = self.env["product.category"].browse(ids).exists()
        return families.sorted("display_name")

    def _get_whitespace_facts(self):
        """One statement for the whole grid; people count for the site they work at."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE tree AS (
                    SELECT id, id AS site FROM res_partner WHERE id = %(root)s
                    UNION ALL
                    SELECT c.id, CASE WHEN c.is_company OR c.type = 'delivery'
                                      THEN c.id ELSE t.site END
                      FROM res_partner c JOIN tree t ON c.parent_id = t.id
                ), facts AS (%(orders)s UNION ALL %(deals)s)
                SELECT site, family, state, sum(amount), sum(n)
                  FROM facts WHERE family IS NOT NULL GROUP BY site, family, state
                """,
                root=self.partner_id._origin.id,
                orders=self._whitespace_orders_sql(),
                deals=self._whitespace_deals_sql(),
            )
        )
        return [
            whitespace.Fact(site, family, state, float(amount or 0), int(count))
            for site, family, state, amount, count in rows
        ]

    def _whitespace_orders_sql(self):
        return SQL(
            """
            SELECT t.site, tm.categ_id AS family,
                   CASE o.state WHEN 'sale' THEN 'bought' WHEN 'cancel' THEN 'lost'
                                ELSE 'quoted' END AS state,
                   sum(l.price_subtotal / coalesce(nullif(o.currency_rate, 0), 1))
                       AS amount,
                   count(DISTINCT o.id) AS n
              FROM tree t
              JOIN sale_order o ON o.partner_shipping_id = t.id
              JOIN sale_order_line l ON l.order_id = o.id AND l.display_type IS NULL
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template tm ON tm.id = p.product_tmpl_id
             WHERE o.company_id = %s
               AND o.date_order >= now() - make_interval(months => %s)
             GROUP BY 1, 2, 3
            """,
            self.company_id.id,
            MONTHS,
        )

    def _whitespace_deals_sql(self):
        return SQL(
            """
            SELECT t.site, l.categ_id, CASE d.won_status WHEN 'lost' THEN 'lost'
                                                         ELSE 'open' END,
                   sum(l.price_subtotal), count(DISTINCT d.id)
              FROM tree t
              JOIN crm_lead d ON d.partner_id = t.id
              JOIN crm_lead_line l ON l.lead_id = d.id
             WHERE d.won_status IN ('pending', 'lost')
               AND (d.company_id IS NULL OR d.company_id = %s)
               AND (d.won_status = 'pending' AND d.active
                    OR d.date_closed >= now() - make_interval(months => %s))
             GROUP BY 1, 2, 3
            """,
            self.company_id.id,
            MONTHS,
        )

    @api.depends("partner_id", "company_id")
    def _compute_rollup(self):
        for plan in self:
            plan.rollup = plan.partner_id and plan._get_rollup()

    def _get_rollup(self):
        """Figures of each company of the group over twelve months, and their total."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH RECURSIVE tree AS (
                    SELECT id, id AS company, 0 AS depth, name::text AS path
                      FROM res_partner WHERE id = %(root)s
                    UNION ALL
                    SELECT c.id, CASE WHEN c.is_company THEN c.id ELSE t.company END,
                           t.depth + CASE WHEN c.is_company THEN 1 ELSE 0 END,
                           CASE WHEN c.is_company THEN t.path || '/' || c.name
                                ELSE t.path END
                      FROM res_partner c JOIN tree t ON c.parent_id = t.id
                ), invoiced AS (
                    SELECT t.company, sum(v.amount_untaxed_signed) FILTER (
                               WHERE v.invoice_date
                                   >= current_date - interval '12 months') AS amount,
                           sum(v.amount_residual_signed) FILTER (
                               WHERE v.invoice_date_due < current_date) AS overdue
                      FROM tree t JOIN account_move v ON v.partner_id = t.id
                     WHERE v.state = 'posted' AND v.company_id = %(company)s
                       AND v.move_type IN ('out_invoice', 'out_refund')
                       AND (v.invoice_date >= current_date - interval '12 months'
                            OR v.amount_residual_signed <> 0)
                     GROUP BY t.company
                ), ordered AS (
                    SELECT t.company, sum(o.amount_untaxed
                           / coalesce(nullif(o.currency_rate, 0), 1)) AS amount
                      FROM tree t JOIN sale_order o ON o.partner_id = t.id
                     WHERE o.state = 'sale' AND o.company_id = %(company)s
                       AND o.date_order >= now() - interval '12 months'
                     GROUP BY t.company
                ), open AS (
                    SELECT t.company, sum(d.expected_revenue) AS amount
                      FROM tree t JOIN crm_lead d ON d.partner_id = t.id
                     WHERE d.active AND d.won_status = 'pending'
                       AND d.type = 'opportunity'
                       AND (d.company_id IS NULL OR d.company_id = %(company)s)
                     GROUP BY t.company
                )
                SELECT c.id, min(t.depth) AS depth, min(t.path) AS path, c.name,
                       coalesce(i.amount, 0) AS invoiced, coalesce(i.overdue, 0) AS
                       overdue, coalesce(o.amount, 0) AS ordered,
                       coalesce(p.amount, 0) AS pipeline
                  FROM tree t
                  JOIN res_partner c ON c.id = t.company
                  LEFT JOIN invoiced i ON i.company = c.id
                  LEFT JOIN ordered o ON o.company = c.id
                  LEFT JOIN open p ON p.company = c.id
                 WHERE t.id = t.company AND (c.active OR i.amount IS NOT NULL)
                 GROUP BY c.id, i.amount, i.overdue, o.amount, p.amount
                 ORDER BY 3
                """,
                root=self.partner_id._origin.id,
                company=self.company_id.id,
            )
        )
        figures = ("invoiced", "ordered", "pipeline", "overdue")
        for row in rows:
            row.update({key: float(row[key]) for key in figures})
            row.pop("path")
        return {
            "currency_id": self.currency_id.id,
            "rows": rows,
            "total": {key: sum(row[key] for row in rows) for key in figures},
        }

    def action_open_cell(self, site_id, family_id, state):
        """Open the documents behind a cell, or a new deal where the cell is white."""
        self.ensure_one()
        self.check_access("read")
        site = self.env["res.partner"].browse(int(site_id))
        family = self.env["product.category"].browse(int(family_id))
        if state == "open" or (state == "lost" and self._has_lost_deal(site, family)):
            return self._get_deal_action(site, family, state)
        if state == "white":
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("New Opportunity"),
                "res_model": "crm.lead",
                "views": [[False, "form"]],
                "context": {
                    "default_type": "opportunity",
                    "default_partner_id": site.id,
                    "default_name": f"{family.name}: {site.name}",
                    "default_user_id": self.user_id.id,
                    "default_line_ids": [(0, 0, {"categ_id": family.id})],
                },
            }
        states = {"bought": ["sale"], "quoted": ["draft", "sent"], "lost": ["cancel"]}
        return {
            "type": "ir.actions.act_window",
            "name": f"{family.name}: {site.name}",
            "res_model": "sale.order",
            "views": [[False, "list"], [False, "form"]],
            "domain": [
                ("partner_shipping_id", "in", self._get_people(site).ids),
                ("state", "in", states[state]),
                ("order_line.product_id.categ_id", "=", family.id),
            ],
        }

    @api.model
    def _get_people(self, site):
        """Return the site with those under it that are no site of their own."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        below = Partner.search([("id", "child_of", site.id)])
        inner = below.filtered(
            lambda item: item != site and (item.is_company or item.type == "delivery")
        )
        return below - (
            Partner.search([("id", "child_of", inner.ids)]) if inner else inner
        )

    def _get_lost_domain(self, site, family):
        return [
            ("partner_id", "in", self._get_people(site).ids),
            ("line_ids.categ_id", "=", family.id),
            ("won_status", "=", "lost"),
        ]

    def _has_lost_deal(self, site, family):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        return bool(Lead.search_count(self._get_lost_domain(site, family), limit=1))

    def _get_deal_action(self, site, family, state):
        domain = self._get_lost_domain(site, family)
        if state == "open":
            domain = [*domain[:2], ("won_status", "=", "pending")]
        return {
            "type": "ir.actions.act_window",
            "name": f"{family.name}: {site.name}",
            "res_model": "crm.lead",
            "views": [[False, "list"], [False, "form"]],
            "domain": domain,
            "context": {"active_test": False},
        }
