from odoo import api, fields, models

from ..tools.backtest import chosen_quality


class CrmValueRun(models.Model):
    """How good the risk of leaving was that a run told: to be compared between runs.

    Half a year of history is judged by what came after it, at the risk from which the
    policy of the run calls a customer lost.
    """

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    risk_judged_count = fields.Integer(
        "Customers Judged", compute="_compute_backtest", store=True, aggregator=None
    )
    risk_lost_count = fields.Integer(
        "Really Lost",
        compute="_compute_backtest",
        store=True,
        aggregator=None,
        help="Customers that bought nothing in the half year.",
    )
    risk_flagged_count = fields.Integer(
        "Flagged",
        compute="_compute_backtest",
        store=True,
        aggregator=None,
        help="Customers whose risk, told before, had reached the limit of the policy.",
    )
    risk_precision = fields.Float(
        "Precision",
        compute="_compute_backtest",
        store=True,
        aggregator=None,
        help="Share of the flagged customers that were really lost.",
    )
    risk_recall = fields.Float(
        "Recall",
        compute="_compute_backtest",
        store=True,
        aggregator=None,
        help="Share of the lost customers that had been flagged.",
    )
    risk_auc = fields.Float(
        "AUC",
        compute="_compute_backtest",
        store=True,
        aggregator=None,
        digits=(16, 3),
        help="How often a lost customer had been given a higher risk than one that"
        " stayed: 0.5 is chance, 1 perfect.",
    )
    risk_brier = fields.Float(
        "Brier Score",
        compute="_compute_backtest",
        store=True,
        aggregator=None,
        digits=(16, 4),
        help="Mean squared error of the risk: 0 is perfect.",
    )
    risk_own_weights = fields.Boolean(
        "Own Weights",
        compute="_compute_backtest",
        store=True,
        help="The weights were estimated on the history of the company, and did better"
        " than the published ones.",
    )

    @api.depends("model_fit")
    def _compute_backtest(self):
        for run in self:
            report = (run.model_fit or {}).get("churn") or {}
            found = chosen_quality(report) or {}
            known = "flagged" in found  # of runs before, precision was not computed
            run.risk_judged_count = known and report["judged"]
            run.risk_lost_count = known and report["judged_lost"]
            run.risk_flagged_count = found.get("flagged")
            run.risk_precision = found.get("precision")
            run.risk_recall = found.get("recall")
            run.risk_auc = found.get("auc")
            run.risk_brier = found.get("brier")
            run.risk_own_weights = bool(report.get("fitted"))
