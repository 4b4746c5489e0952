from odoo import fields, models
from odoo.tools import SQL

from ..tools.result_sql import row_id


class CrmMarketingBudget(models.Model):
    """Planned against actual cost: a plan on the day it begins, a cost on its own."""

    _name = "crm.marketing.budget"
    _description = "Planned and Actual Marketing Cost"
    _auto = False
    _rec_name = "activity_id"
    _order = "date, id"
    _depends = {
        "crm.marketing.activity": [
            "planned_cost",
            "date_from",
            "plan_id",
            "state",
            "type_id",
            "user_id",
            "campaign_id",
        ],
        "crm.marketing.cost": ["amount"],
    }

    activity_id = fields.Many2one("crm.marketing.activity", readonly=True)
    plan_id = fields.Many2one("crm.marketing.plan", readonly=True)
    type_id = fields.Many2one("crm.marketing.activity.type", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True)
    planned_cost = fields.Monetary("Planned", readonly=True)
    actual_cost = fields.Monetary("Actual", readonly=True)
    cost_left = fields.Monetary("Left", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT %s AS id, a.id AS activity_id, a.plan_id, a.type_id, a.campaign_id,
                   a.user_id, a.company_id, a.date_from AS date, a.planned_cost,
                   0::numeric AS actual_cost, a.planned_cost AS cost_left
              FROM crm_marketing_activity a
             WHERE a.state <> 'refused'
            UNION ALL
            SELECT c.id + %s, c.activity_id, c.plan_id, a.type_id, c.campaign_id,
                   a.user_id, c.company_id, c.date, 0, c.amount, -c.amount
              FROM (%s) c
              JOIN crm_marketing_activity a ON a.id = c.activity_id
            """,
            SQL("a.id"),
            row_id(1, SQL("0")),
            self.env["crm.marketing.cost"]._table_query,
        )

    def action_open_document(self):
        """Open the activity."""
        self.ensure_one()
        return self.activity_id._get_records_action()
