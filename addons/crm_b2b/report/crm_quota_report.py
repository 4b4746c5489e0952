from odoo import fields, models
from odoo.tools import SQL

from ..tools.quota_sql import quota_attainment


class CrmQuotaReport(models.Model):
    """Targets with attainment and rank, for pivot and graph."""

    _name = "crm.quota.report"
    _description = "Target Attainment"
    _auto = False
    _order = "date_start desc, kind, rank"
    _depends = {
        "crm.quota": ["kind", "target", "basis", "date_start", "date_end", "active"],
        "sale.order.line": ["price_subtotal", "state"],
        "account.move.line": ["balance", "parent_state"],
    }

    quota_id = fields.Many2one("crm.quota", "Target", readonly=True)
    kind = fields.Selection(lambda self: self._get_quota_choices("kind"), readonly=True)
    basis = fields.Selection(
        lambda self: self._get_quota_choices("basis"), readonly=True
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Family", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(readonly=True)
    date_end = fields.Date(readonly=True)
    target = fields.Monetary("Target Amount", readonly=True)
    attained = fields.Monetary(readonly=True)
    attainment = fields.Float("Attainment (%)", readonly=True, aggregator="avg")
    rank = fields.Integer(readonly=True, aggregator=None)

    def _get_quota_choices(self, name):
        """The choices of a target, in the language of the user."""
        return self.env["crm.quota"]._fields[name]._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT q.id, q.id AS quota_id, q.kind, q.basis, q.user_id, q.team_id,
                   q.categ_id, q.partner_id, q.company_id, q.date_start, q.date_end,
                   q.target, a.attained, 100 * a.attained / q.target AS attainment,
                   rank() OVER (
                       PARTITION BY q.company_id, q.kind, q.basis, q.date_start
                       ORDER BY a.attained / q.target DESC) AS rank
              FROM crm_quota q JOIN (%s) AS a ON a.quota_id = q.id
             WHERE q.active
            """,
            quota_attainment(),
        )

    def action_open_documents(self):
        return self.quota_id.action_open_documents()
