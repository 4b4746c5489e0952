from odoo import fields, models
from odoo.tools import SQL


class CrmPipelineReport(models.Model):
    """Open pipeline by stage, age and kind of business."""

    _name = "crm.pipeline.report"
    _description = "Pipeline by stage, age and kind"
    _auto = False
    _rec_name = "lead_id"
    _order = "age_days desc"
    _depends = {
        "crm.lead": [
            "active", "type", "stage_id", "team_id", "user_id", "company_id",
            "partner_id", "business_kind", "expected_revenue", "probability",
            "won_status", "date_deadline", "date_last_stage_update", "create_date",
            "qualification_score",
        ],
        "res.partner": ["commercial_partner_id", "industry_id"],
    }  # fmt: skip

    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Account", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    business_kind = fields.Selection(
        [
            ("new_customer", "New customer"),
            ("new_product", "New product to existing customer"),
            ("repeat", "Repeat business"),
        ],
        string="Kind of business",
        readonly=True,
    )
    age_days = fields.Integer(string="Age (days)", aggregator="avg", readonly=True)
    stage_days = fields.Integer(string="Days in stage", aggregator="avg", readonly=True)
    age_class = fields.Selection(
        [
            ("1", "up to 30 days"),
            ("2", "31 to 90 days"),
            ("3", "91 to 180 days"),
            ("4", "181 to 365 days"),
            ("5", "more than a year"),
        ],
        string="Age",
        readonly=True,
    )
    overdue = fields.Boolean(string="Closing date passed", readonly=True)
    expected_revenue = fields.Monetary(readonly=True)
    weighted_revenue = fields.Monetary(
        readonly=True, help="Expected revenue x probability."
    )
    qualification_score = fields.Float(string="Score", aggregator="avg", readonly=True)
    create_date = fields.Datetime(string="Created on", readonly=True)
    date_deadline = fields.Date(string="Expected closing", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            "SELECT %s FROM %s WHERE %s",
            SQL(", ").join(
                SQL("%s AS %s", expression, SQL.identifier(name))
                for name, expression in self._select().items()
            ),
            self._from(),
            self._where(),
        )

    def _select(self):
        age = SQL("(CURRENT_DATE - l.create_date::date)")
        return {
            "id": SQL("l.id"),
            "lead_id": SQL("l.id"),
            "stage_id": SQL("l.stage_id"),
            "team_id": SQL("l.team_id"),
            "user_id": SQL("l.user_id"),
            "company_id": SQL("l.company_id"),
            "currency_id": SQL(
                "COALESCE(c.currency_id, %s)", self.env.company.currency_id.id
            ),
            "partner_id": SQL("p.commercial_partner_id"),
            "industry_id": SQL("cp.industry_id"),
            "business_kind": SQL("l.business_kind"),
            "age_days": age,
            "stage_days": SQL(
                "(CURRENT_DATE - COALESCE(l.date_last_stage_update, "
                "l.create_date)::date)"
            ),
            "age_class": SQL(
                "CASE WHEN %(age)s <= 30 THEN '1' WHEN %(age)s <= 90 THEN '2' "
                "WHEN %(age)s <= 180 THEN '3' WHEN %(age)s <= 365 THEN '4' "
                "ELSE '5' END",
                age=age,
            ),
            "overdue": SQL("COALESCE(l.date_deadline < CURRENT_DATE, FALSE)"),
            "expected_revenue": SQL("l.expected_revenue"),
            "weighted_revenue": SQL("l.expected_revenue * l.probability / 100"),
            "qualification_score": SQL("l.qualification_score"),
            "create_date": SQL("l.create_date"),
            "date_deadline": SQL("l.date_deadline"),
        }

    def _from(self):
        return SQL(
            """crm_lead l
               LEFT JOIN res_company c ON c.id = l.company_id
               LEFT JOIN res_partner p ON p.id = l.partner_id
               LEFT JOIN res_partner cp ON cp.id = p.commercial_partner_id"""
        )

    def _where(self):
        return SQL("l.type = 'opportunity' AND l.active AND l.won_status = 'pending'")

    def action_open_lead(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }
