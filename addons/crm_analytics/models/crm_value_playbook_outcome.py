from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import playbook_sql
from .crm_customer_value import VALUE_CLASSES


class CrmValuePlaybookOutcome(models.Model):
    """Started playbooks by what was done of them, and what was invoiced since.

    As many days before the start as after it, at most half a year, so that a start of
    last month is not measured by a time that has not come yet.
    """

    _name = "crm.value.playbook.outcome"
    _description = "Playbook Outcome"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _auto = False
    _rec_name = "partner_id"
    _order = "date desc, id desc"
    _depends = {
        "account.move": ["amount_untaxed_signed", "invoice_date", "state"],
        "crm.value.playbook.start": ["activity_ids", "date", "planned_count"],
        "mail.activity": ["active"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    playbook_id = fields.Many2one("crm.value.playbook", readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    date = fields.Date("Started on", readonly=True)
    measure = fields.Selection(
        [("all", "All done"), ("some", "Some done"), ("none", "Nothing done")],
        "Measures",
        readonly=True,
        help="How much of what the playbook planned has been done.",
    )
    planned_count = fields.Integer("Planned", readonly=True)
    done_count = fields.Integer("Done", readonly=True)
    days = fields.Integer(
        "Days Compared",
        readonly=True,
        aggregator="avg",
        help="Days since the start, at most half a year; as many before it.",
    )
    revenue_before = fields.Monetary(readonly=True)
    revenue_after = fields.Monetary(readonly=True)
    change = fields.Monetary(
        "Change of Revenue", readonly=True, help="Revenue after less revenue before."
    )
    mean_change = fields.Monetary(
        readonly=True, aggregator="avg", help="Change a customer."
    )

    @property
    def _table_query(self) -> SQL:
        return playbook_sql.outcome(fields.Date.context_today(self))

    def action_open_moves(self):
        """Open the documents that were invoiced after the start."""
        self.ensure_one()
        return self.env["crm.customer.value"]._get_period_action(
            self,
            self.env._("Invoices After the Start"),
            self.date,
            fields.Date.add(self.date, days=self.days),
        )

    @api.readonly
    def action_open_start(self):
        """Open the start with its activities."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.value.playbook.start",
            "domain": [("id", "=", self.id)],
            "name": self.env._("Started Playbooks"),
            "views": [(False, "list")],
        }
