from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import cost_compare_sql, cost_sql


class CrmCustomerCost(models.Model):
    """What serving a customer has cost, record by record: no table, the truth itself.

    The monthly facts are the sums of these rows, so each opens its documents.
    """

    _name = "crm.customer.cost"
    _description = "Cost to Serve"
    _inherit = ["crm.insight.visible"]
    _auto = False
    _rec_name = "partner_id"
    _order = "date desc, id desc"
    _depends = {
        "account.partial.reconcile": ["amount", "max_date"],
        "calendar.event": ["duration", "start", "user_id", "opportunity_id"],
        "crm.lead": ["partner_id", "company_id"],
        "crm.visit.report": [
            "colleague_ids",
            "date",
            "duration",
            "event_id",
            "partner_id",
            "state",
            "user_id",
        ],
        "hr.expense": [
            "crm_lead_id",
            "crm_partner_id",
            "date",
            "state",
            "total_amount",
            "untaxed_amount_currency",
        ],
        "crm.value.policy": ["interest_rate", "sales_hour_cost", "activity_minutes"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    date = fields.Date(readonly=True)
    kind = fields.Selection(
        [
            ("sales", "Sales"),
            ("service", "Service"),
            ("logistics", "Freight"),
            ("finance", "Late Payment"),
            ("marketing", "Marketing"),
        ],
        readonly=True,
    )
    res_model = fields.Char("Kind of Document", readonly=True)
    res_id = fields.Many2oneReference(
        "Document Number", model_field="res_model", readonly=True
    )
    quantity = fields.Float(
        readonly=True, aggregator=None, help="Days paid late, or hours."
    )
    rate = fields.Float(
        readonly=True, aggregator=None, help="Yearly interest, or cost of an hour."
    )
    amount = fields.Monetary(readonly=True)
    document = fields.Char(compute="_compute_document")

    @property
    def _table_query(self) -> SQL:
        _kinds, sources = self._get_sources()
        return cost_sql.together(sources)

    @api.depends("res_model", "res_id")
    def _compute_document(self):
        for model, rows in self.grouped("res_model").items():
            # Whoever sees the cost may read what caused it, not the document itself.
            records = self.env[model].sudo().browse(rows.mapped("res_id")).exists()
            names = {record.id: record.display_name for record in records}
            for row in rows:
                row.document = names.get(row.res_id, False)

    @api.model
    def _get_sources(self, policy=None):
        """Kinds that have a source, and the statements; the hook of other addons.

        :param policy: the policy whose rates apply, those in force when left out
        """
        which = cost_sql.policies(policy and policy.id)
        hourly = "hourly_cost" in self._get_fields("hr.employee")
        sources = [
            ("finance", cost_sql.late_payments(which)),
            ("sales", cost_sql.meetings(which, hourly)),
            ("sales", cost_sql.visits(which, hourly)),
            ("sales", cost_sql.activities(which)),
            (
                "sales",
                cost_sql.expenses(
                    which, "sale_order_id" in self._get_fields("hr.expense")
                ),
            ),
        ]
        if "carrier_price" in self._get_fields("stock.picking"):
            sources.append(("logistics", cost_sql.freight(which)))
        needed = {
            "company_id",
            "partner_id",
            "date",
            "kind",
            "cost",
            "coverage",
            "state",
        }
        if needed.issubset(self._get_fields("service.work.line")):
            sources.append(("service", cost_sql.service_work(which)))
        if "cost_goods" in self._get_fields("service.return"):
            sources.append(("service", cost_sql.return_goods(which)))
            sources.append(("logistics", cost_sql.return_freight(which)))
        return {kind for kind, _query in sources}, [query for _kind, query in sources]

    @api.model
    def _get_fields(self, model):
        """Stored fields of a model that may not be there."""
        if model not in self.env:
            return ()
        return [name for name, field in self.env[model]._fields.items() if field.store]

    @api.model
    def _get_costs_condition(self, run):
        """Costs ``c`` that count in a run: what is planned has cost nothing yet."""
        return SQL(
            "c.company_id = %s AND (c.code = %s OR c.date <= %s)",
            run.company_id.id,
            cost_sql.LATE_PAYMENT,
            run.as_of,
        )

    @api.model
    def _mark_differing(self, run):
        """Mark, for this run, the months whose cost is not what the records say."""
        _kinds, sources = self._get_sources(run.policy_id)
        company = run.company_id.id
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_customer_dirty (company_id, partner_id, month, run_id)
                SELECT %s, d.partner_id, d.month, %s FROM (%s) d RETURNING id""",
                company,
                run.id,
                cost_compare_sql.differing_months(
                    company, sources, self._get_costs_condition(run)
                ),
            )
        )

    @api.model
    def _has_other_kinds(self, company):
        """Whether a kind got or lost its source since the months were written.

        They tell by what is empty; a full run writes them alike.
        """
        kinds, _sources = self._get_sources()
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM crm_customer_month WHERE company_id = %s LIMIT 1",
                SQL(", ").join(
                    SQL("%s IS NOT NULL", SQL.identifier(f"cost_{kind}"))
                    for kind in cost_sql.KINDS
                ),
                company.id,
            )
        )
        return bool(rows) and set(kinds) != {
            kind for kind, known in zip(cost_sql.KINDS, rows[0], strict=True) if known
        }

    @api.model
    def _get_action(self, domain):
        """A window on costs."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_analytics.crm_customer_cost_action"
        )
        return action | {"domain": list(domain), "context": {}}

    def action_open_document(self):
        """Open the document that caused the cost."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
