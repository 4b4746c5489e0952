from odoo import fields, models
from odoo.tools import SQL


class CrmVisitDue(models.Model):
    """Who is due for a visit: every account with a rhythm, and the days it is late."""

    _name = "crm.visit.due"
    _description = "Visit due"
    _auto = False
    _order = "date_due, id"
    _rec_name = "partner_id"
    _depends = {
        "crm.visit.plan": [
            "sequence",
            "interval_days",
            "category_ids",
            "team_id",
            "company_id",
            "customers_only",
            "active",
        ],
        "crm.visit.report": ["partner_id", "date", "state", "company_id"],
        "res.partner": ["user_id", "visit_plan_id", "category_id", "parent_id"],
        "res.users": ["sale_team_id"],
        "sale.order": ["state", "partner_id"],
    }

    partner_id = fields.Many2one("res.partner", "Account", readonly=True)
    plan_id = fields.Many2one("crm.visit.plan", "Rhythm", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    city = fields.Char(readonly=True)
    date_last = fields.Date("Last Visit", readonly=True)
    date_due = fields.Date("Due", readonly=True)
    date_planned = fields.Date("Planned", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="avg")

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            WITH account AS (
                SELECT p.id, p.user_id, u.sale_team_id AS team_id, p.country_id, p.city,
                       p.visit_plan_id, p.company_id, p.create_date::date AS known,
                       EXISTS (SELECT 1 FROM sale_order o
                                 JOIN res_partner b ON b.id = o.partner_id
                                WHERE o.state = 'sale'
                                  AND b.commercial_partner_id = p.id) AS customer
                  FROM res_partner p
                  LEFT JOIN res_users u ON u.id = p.user_id
                 WHERE p.is_company AND p.active
                   AND p.id = p.commercial_partner_id
                   AND (p.visit_plan_id IS NOT NULL OR p.customer_rank > 0)
            ), rhythm AS (
                SELECT DISTINCT ON (a.id, c.id)
                       a.id AS partner_id, c.id AS company_id, v.id AS plan_id,
                       v.interval_days, a.user_id, a.team_id, a.country_id, a.city,
                       a.known
                  FROM account a
                  CROSS JOIN res_company c
                  JOIN crm_visit_plan v ON v.active
                   AND (v.company_id IS NULL OR v.company_id = c.id)
                   AND (v.id = a.visit_plan_id OR (
                        (a.customer OR NOT coalesce(v.customers_only, FALSE))
                    AND (v.team_id IS NULL OR v.team_id = a.team_id)
                    AND (NOT EXISTS (SELECT 1 FROM %(tags)s t
                                      WHERE t.crm_visit_plan_id = v.id)
                      OR EXISTS (SELECT 1 FROM %(tags)s t
                                   JOIN res_partner_res_partner_category_rel r
                                     ON r.category_id = t.res_partner_category_id
                                  WHERE t.crm_visit_plan_id = v.id
                                    AND r.partner_id = a.id))))
                 WHERE a.company_id IS NULL OR a.company_id = c.id
                 ORDER BY a.id, c.id, (v.id = a.visit_plan_id) DESC NULLS LAST,
                          v.sequence, v.id
            ), visited AS (
                SELECT p.commercial_partner_id AS partner_id, r.company_id,
                       max(r.date) FILTER (WHERE r.state = 'done')::date AS date_last,
                       min(r.date) FILTER (WHERE r.state = 'planned'
                           AND r.date >= current_date)::date AS date_planned
                  FROM crm_visit_report r JOIN res_partner p ON p.id = r.partner_id
                 GROUP BY 1, 2
            )
            SELECT (r.partner_id::bigint * 1000 + r.company_id) AS id,
                   r.partner_id, r.company_id, r.plan_id, r.user_id, r.team_id,
                   r.country_id, r.city, v.date_last, v.date_planned,
                   coalesce(v.date_last, r.known) + r.interval_days AS date_due,
                   greatest(0, current_date
                       - (coalesce(v.date_last, r.known) + r.interval_days))
                       AS days_late
              FROM rhythm r
              LEFT JOIN visited v ON v.partner_id = r.partner_id
                   AND v.company_id = r.company_id
            """,
            tags=SQL.identifier("crm_visit_plan_res_partner_category_rel"),
        )

    def action_plan_visit(self):
        """Open a new visit of the account, on the next working morning."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a visit"),
            "res_model": "crm.visit.report",
            "views": [[False, "form"]],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_name": self.env._(
                    "Visit %(account)s", account=self.partner_id.name
                ),
                "default_company_id": self.company_id.id,
            },
        }
