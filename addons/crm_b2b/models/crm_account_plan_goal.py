from odoo import api, fields, models
from odoo.tools import SQL

MONEY = ("invoiced", "ordered", "margin")


class CrmAccountPlanGoal(models.Model):
    """A goal is measured by the ERP's own records wherever they know the figure."""

    _name = "crm.account.plan.goal"
    _description = "Goal of an account plan"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "crm.account.plan", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Goal", required=True)
    measure = fields.Selection(
        [
            ("invoiced", "Invoiced (net)"),
            ("ordered", "Ordered (net)"),
            ("margin", "Margin of orders"),
            ("families", "Product families bought"),
            ("visits", "Visits reported"),
            ("manual", "Entered by hand"),
        ],
        required=True,
        default="invoiced",
    )
    categ_id = fields.Many2one(
        "product.category", "Product Family", help="Count this family only."
    )
    target = fields.Float(required=True)
    manual_value = fields.Float("Reached by Hand")
    actual = fields.Float("Reached", compute="_compute_actual")
    progress = fields.Float("Progress (%)", compute="_compute_actual")
    note = fields.Char()

    _target = models.Constraint("CHECK (target > 0)", "A goal needs a target above 0.")

    @api.depends("measure", "target", "manual_value", "categ_id")
    @api.depends("plan_id.partner_id", "plan_id.date_start", "plan_id.date_end")
    def _compute_actual(self):
        """One statement a measure for all goals, however many plans they belong to."""
        saved = self.filtered(lambda goal: goal._origin.id and goal.plan_id._origin.id)
        self.env.flush_all()
        values = {}
        for measure, goals in saved.grouped("measure").items():
            if measure != "manual":
                values |= dict(self.env.execute_query(goals._measure_sql(measure)))
        for goal in self:
            if goal.measure == "manual":
                goal.actual = goal.manual_value
            else:
                goal.actual = values.get(goal._origin.id) or 0.0
            goal.progress = 100 * goal.actual / goal.target if goal.target else 0.0

    def _measure_sql(self, measure):
        """Return SQL of rows (goal id, value) for goals of one measure."""
        source = {
            "invoiced": self._invoiced_sql,
            "ordered": self._ordered_sql,
            "margin": self._ordered_sql,
            "families": self._invoiced_sql,
            "visits": self._visits_sql,
        }[measure]
        value = {
            "invoiced": SQL("sum(f.amount)"),
            "ordered": SQL("sum(f.amount)"),
            "margin": SQL("sum(f.margin)"),
            "families": SQL("count(DISTINCT f.categ_id) FILTER (WHERE f.amount > 0)"),
            "visits": SQL("count(f.id)"),
        }[measure]
        return SQL(
            """
            WITH RECURSIVE family AS (
                SELECT g.id AS goal_id, p.partner_id, p.company_id, p.date_start,
                       p.date_end, c.parent_path
                  FROM crm_account_plan_goal g
                  JOIN crm_account_plan p ON p.id = g.plan_id
                  LEFT JOIN product_category c ON c.id = g.categ_id
                 WHERE g.id = ANY(%(ids)s)
            ), members AS (
                SELECT goal_id, partner_id FROM family
                UNION
                SELECT m.goal_id, r.id FROM members m
                  JOIN res_partner r ON r.parent_id = m.partner_id
            ), facts AS (%(source)s)
            SELECT f.goal_id, %(value)s FROM facts f GROUP BY f.goal_id
            """,
            ids=self._origin.ids,
            source=source(),
            value=value,
        )

    @api.model
    def _invoiced_sql(self):
        return SQL(
            """
            SELECT g.goal_id, t.categ_id, -l.balance AS amount
              FROM family g
              JOIN members m ON m.goal_id = g.goal_id
              JOIN account_move v ON v.partner_id = m.partner_id
               AND v.company_id = g.company_id AND v.state = 'posted'
               AND v.move_type IN ('out_invoice', 'out_refund')
               AND v.invoice_date BETWEEN g.date_start AND g.date_end
              JOIN account_move_line l ON l.move_id = v.id
               AND l.display_type = 'product'
              LEFT JOIN product_product pp ON pp.id = l.product_id
              LEFT JOIN product_template t ON t.id = pp.product_tmpl_id
              LEFT JOIN product_category c ON c.id = t.categ_id
             WHERE g.parent_path IS NULL OR c.parent_path LIKE g.parent_path || '%%'
            """
        )

    @api.model
    def _ordered_sql(self):
        return SQL(
            """
            SELECT g.goal_id,
                   l.price_subtotal / coalesce(nullif(o.currency_rate, 0), 1) AS amount,
                   l.margin / coalesce(nullif(o.currency_rate, 0), 1) AS margin
              FROM family g
              JOIN members m ON m.goal_id = g.goal_id
              JOIN sale_order o ON o.partner_id = m.partner_id
               AND o.company_id = g.company_id AND o.state = 'sale'
               AND o.date_order >= g.date_start
               AND o.date_order < g.date_end + 1
              JOIN sale_order_line l ON l.order_id = o.id AND l.display_type IS NULL
              LEFT JOIN product_product pp ON pp.id = l.product_id
              LEFT JOIN product_template t ON t.id = pp.product_tmpl_id
              LEFT JOIN product_category c ON c.id = t.categ_id
             WHERE g.parent_path IS NULL OR c.parent_path LIKE g.parent_path || '%%'
            """
        )

    @api.model
    def _visits_sql(self):
        return SQL(
            """
            SELECT g.goal_id, r.id
              FROM family g
              JOIN members m ON m.goal_id = g.goal_id
              JOIN crm_visit_report r ON r.partner_id = m.partner_id
               AND r.company_id = g.company_id AND r.state = 'done'
               AND r.date >= g.date_start AND r.date < g.date_end + 1
            """
        )
