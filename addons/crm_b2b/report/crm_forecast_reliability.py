from odoo import fields, models
from odoo.tools import SQL


class CrmForecastReliability(models.Model):
    """What was said of deals, and how they ended: one row a deal, snapshot and score.

    Groups of equal probability should win in that share; Brier is the mean of
    (probability - outcome) squared, 0 is perfect.
    """

    _name = "crm.forecast.reliability"
    _description = "Reliability of Probabilities"
    _auto = False
    _order = "snapshot_date desc, id"
    _depends = {
        "crm.forecast.snapshot": ["probability", "predicted", "status"],
        "crm.lead": ["won_status"],
    }

    source = fields.Selection(
        [("stage", "Probability of the deal"), ("predicted", "Predictive score")],
        readonly=True,
    )
    bin = fields.Selection(
        [(f"{low:02d}", f"{low} % to {low + 20} %") for low in range(0, 100, 20)],
        "Said",
        readonly=True,
    )
    snapshot_date = fields.Date(readonly=True)
    lead_id = fields.Many2one("crm.lead", "Deal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    horizon = fields.Integer("Weeks to the end", readonly=True, aggregator="avg")
    probability = fields.Float("Said (%)", readonly=True, aggregator="avg")
    won = fields.Float("Won (%)", readonly=True, aggregator="avg")
    brier = fields.Float("Brier Score", readonly=True, aggregator="avg", digits=(8, 4))

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT 2 * s.id + v.number AS id, v.source, s.snapshot_date,
                   l.id AS lead_id,
                   s.company_id, s.team_id, s.user_id, s.stage_id, v.probability,
                   lpad((20 * least(4, floor(v.probability / 20)))::int::text, 2, '0')
                       AS bin,
                   ceil((l.date_closed::date - s.snapshot_date) / 7.0)::int AS horizon,
                   CASE l.won_status WHEN 'won' THEN 100.0 ELSE 0.0 END AS won,
                   (v.probability / 100 - (l.won_status = 'won')::int) ^ 2 AS brier
              FROM (%s) s
              JOIN crm_lead l ON l.id = s.lead_key AND l.won_status IN ('won', 'lost')
             CROSS JOIN LATERAL (VALUES
                   (0, 'stage', s.probability), (1, 'predicted', s.predicted)
             ) AS v(number, source, probability)
             WHERE s.status = 'pending' AND v.probability IS NOT NULL
            """,
            self.env["crm.forecast.snapshot"]._table_query,
        )
