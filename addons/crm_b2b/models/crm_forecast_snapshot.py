from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_stage_forecast import CATEGORIES

STATUSES = [("pending", "Open"), ("won", "Won"), ("lost", "Lost")]


class CrmForecastSnapshotMixin(models.AbstractModel):
    """Nobody enters, changes or deletes a snapshot, on whichever way."""

    _name = "crm.forecast.snapshot.mixin"
    _description = "Kept as it was taken"

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "Forecast snapshots are taken by the weekly job, not entered by hand."
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self._get_refusal())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_refusal())

    def _get_refusal(self):
        return self.env._(
            "A forecast snapshot is kept as it was taken: it can be neither changed nor"
            " deleted, by nobody."
        )


class CrmForecastSnapshotRow(models.Model):
    """What the pipeline looked like on a day: one row for each open deal.

    Deals won or lost since the snapshot before get one last row with their outcome.
    Rows are written by ``_take`` of ``crm.forecast.snapshot`` alone and never change
    again, not even when their deal, stage or customer is deleted: hence all numbers are
    without foreign keys. These would also take four times as long as the rows, and
    rewrite history when a stage goes.
    """

    _name = "crm.forecast.snapshot.row"
    _inherit = ["crm.forecast.snapshot.mixin"]
    _description = "Row of a Forecast Snapshot"
    _log_access = False

    snapshot_date = fields.Date(required=True, readonly=True)
    lead_key = fields.Integer("Deal Number", readonly=True, required=True)
    company_key = fields.Integer("Company Number", readonly=True, required=True)
    user_key = fields.Integer("Salesperson Number", readonly=True)
    team_key = fields.Integer("Sales Team Number", readonly=True)
    stage_key = fields.Integer("Stage Number", readonly=True)
    partner_key = fields.Integer("Customer Number", readonly=True)
    forecast_category = fields.Selection(CATEGORIES, readonly=True)
    status = fields.Selection(STATUSES, readonly=True, required=True)
    probability = fields.Float(readonly=True)
    predicted = fields.Float("Predictive Score", readonly=True)
    amount = fields.Float("Expected Revenue", digits=(16, 4), readonly=True)
    weighted_amount = fields.Float("Weighted", digits=(16, 4), readonly=True)
    date_deadline = fields.Date("Expected Closing", readonly=True)

    _unique_deal = models.UniqueIndex("(snapshot_date, lead_key)")


class CrmForecastSnapshot(models.Model):
    """The rows with what their numbers stand for, as long as it exists."""

    _name = "crm.forecast.snapshot"
    _inherit = ["crm.forecast.snapshot.mixin"]
    _description = "Forecast Snapshot"
    _order = "snapshot_date desc, amount desc, id"
    _auto = False

    snapshot_date = fields.Date(readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", "Deal", compute="_compute_lead_id", search="_search_lead_id"
    )
    lead_key = fields.Integer("Deal Number", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    forecast_category = fields.Selection(CATEGORIES, readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    probability = fields.Float(readonly=True, aggregator="avg")
    predicted = fields.Float("Predictive Score", readonly=True, aggregator="avg")
    amount = fields.Monetary("Expected Revenue", readonly=True)
    weighted_amount = fields.Monetary("Weighted", readonly=True)
    date_deadline = fields.Date("Expected Closing", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT r.id, r.snapshot_date, r.lead_key, c.id AS company_id,
                   u.id AS user_id, t.id AS team_id, s.id AS stage_id,
                   p.id AS partner_id, r.forecast_category, r.status, r.probability,
                   r.predicted, r.amount, r.weighted_amount, r.date_deadline
              FROM crm_forecast_snapshot_row r
              LEFT JOIN res_company c ON c.id = r.company_key
              LEFT JOIN res_users u ON u.id = r.user_key
              LEFT JOIN crm_team t ON t.id = r.team_key
              LEFT JOIN crm_stage s ON s.id = r.stage_key
              LEFT JOIN res_partner p ON p.id = r.partner_key
            """
        )

    @api.depends("lead_key")
    def _compute_lead_id(self):
        """The deal, as long as it exists."""
        leads = self.env["crm.lead"].browse(self.mapped("lead_key")).exists()
        for row in self:
            lead = leads.browse(row.lead_key)
            row.lead_id = lead if lead in leads else False

    def _search_lead_id(self, operator, value):
        if operator == "in":
            return Domain("lead_key", "in", [key for key in value if key])
        if operator not in ("ilike", "any"):
            return NotImplemented
        domain = value if operator == "any" else [("display_name", operator, value)]
        leads = self.env["crm.lead"].with_context(active_test=False).search(domain)
        return Domain("lead_key", "in", leads.ids)

    @api.model
    def _take(self, date):
        """Write the rows of ``date`` in one statement; return how many there are new.

        Taking the same day twice adds nothing. The amounts of deals without a company
        belong to the current company.
        """
        self.env["crm.lead"].flush_model()
        # the number of rows tells what RETURNING would have to carry over
        self.env.cr.execute(
            SQL(
                """
                WITH previous AS (
                    SELECT coalesce(max(snapshot_date), %(date)s::date - 7) AS day
                      FROM crm_forecast_snapshot_row WHERE snapshot_date < %(date)s
                )
                INSERT INTO crm_forecast_snapshot_row (
                    snapshot_date, lead_key, company_key, user_key, team_key,
                    stage_key, partner_key, forecast_category, status, probability,
                    predicted, amount, weighted_amount, date_deadline
                )
                SELECT %(date)s, l.id, coalesce(l.company_id, %(company)s),
                       l.user_id, l.team_id, l.stage_id, l.partner_id,
                       l.forecast_category, l.won_status, l.probability,
                       l.automated_probability, coalesce(l.expected_revenue, 0),
                       coalesce(l.expected_revenue, 0) * l.probability / 100,
                       l.date_deadline
                  FROM crm_lead l CROSS JOIN previous
                 WHERE l.type = 'opportunity'
                   AND (l.active AND l.won_status = 'pending'
                        OR l.won_status IN ('won', 'lost')
                           AND l.date_closed >= previous.day + 1
                           AND l.date_closed < %(date)s::date + 1)
                ON CONFLICT (snapshot_date, lead_key) DO NOTHING
                """,
                date=date,
                company=self.env.company.id,
            )
        )
        added = self.env.cr.rowcount
        self.invalidate_model()
        return added

    @api.model
    def _cron_take(self):
        """Weekly job: photograph the pipeline of today."""
        return self._take(fields.Date.context_today(self))

    @api.model
    def _get_states(self, date, domain):
        """Return {lead key: row} of the snapshot of ``date``, for the waterfall."""
        rows = self.search_fetch([("snapshot_date", "=", date), *domain])
        return {row.lead_key: row for row in rows}
