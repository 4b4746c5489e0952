from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.result_sql import row_id


class CrmMarketingCost(models.Model):
    """What an activity really cost: lines of posted bills and expenses.

    A line belongs to an activity by the part of its analytic distribution that names
    the activity's analytic account. Amounts without taxes that come back, in the
    company's currency, at the date of the document.
    """

    _name = "crm.marketing.cost"
    _description = "Marketing Cost"
    _auto = False
    _rec_name = "move_id"
    _order = "date desc, id desc"
    _depends = {
        "account.move": ["state", "move_type", "date", "company_id"],
        "account.move.line": [
            "analytic_distribution",
            "balance",
            "display_type",
            "expense_id",
            "account_id",
        ],
        "account.account": ["account_type"],
        "crm.marketing.activity": ["analytic_account_id", "campaign_id", "plan_id"],
    }

    activity_id = fields.Many2one("crm.marketing.activity", readonly=True)
    plan_id = fields.Many2one("crm.marketing.plan", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    kind = fields.Selection(
        [("bill", "Vendor Bill"), ("expense", "Expense")], readonly=True
    )
    date = fields.Date(readonly=True)
    move_id = fields.Many2one("account.move", "Document", readonly=True)
    line_id = fields.Many2one("account.move.line", "Entry", readonly=True)
    partner_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Cost", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT %(id)s AS id, a.id AS activity_id, a.plan_id, a.campaign_id,
                   CASE WHEN l.expense_id IS NULL THEN 'bill' ELSE 'expense' END
                       AS kind,
                   m.date, m.id AS move_id, l.id AS line_id,
                   m.commercial_partner_id AS partner_id, m.company_id,
                   round(l.balance * d.share / 100, 2) AS amount
              FROM crm_marketing_activity a
              JOIN account_move_line l
                ON l.analytic_distribution IS NOT NULL
               AND l.company_id = a.company_id
               AND l.parent_state = 'posted'
               AND %(names)s && ARRAY[a.analytic_account_id::text]
        CROSS JOIN LATERAL (
            SELECT sum(part.value::numeric) AS share
              FROM jsonb_each_text(l.analytic_distribution) part
             WHERE a.analytic_account_id::text
                   = ANY(string_to_array(part.key, ','))) d
              JOIN account_move m ON m.id = l.move_id
              JOIN account_account account ON account.id = l.account_id
             WHERE d.share <> 0
               AND (m.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
                    OR l.expense_id IS NOT NULL)
               AND (l.display_type = 'product'
                    OR account.account_type LIKE 'expense%%')
            """,
            id=row_id(0, SQL("l.id"), SQL("a.id")),
            # the expression of core's index over the accounts of a distribution
            names=self.env["account.move.line"]._query_analytic_accounts("l"),
        )

    @api.model
    def _get_action(self, domain, name):
        """Action to the cost lines of a domain."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_marketing.crm_marketing_cost_action"
        )
        return action | {
            "domain": domain,
            "display_name": self.env._("Cost of %(name)s", name=name),
            "context": {},
        }

    def action_open_document(self):
        """Open the bill or the entry of the expense."""
        self.ensure_one()
        return self.move_id._get_records_action()
