from odoo import api, fields, models

from ..tools import rfm, score_sql, value_sql

KEPT = ("score_method", "score_customer_count", "score_limits")


class CrmValueRun(models.Model):
    """The limits that gave the scores of a run: whoever sees a part of the customers
    could not find them again.
    """

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    score_method = fields.Selection(
        [("quintile", "Quintiles"), ("fixed", "Fixed Limits")],
        "Method of the Scores",
        readonly=True,
    )
    score_customer_count = fields.Integer("Customers Scored", readonly=True)
    score_limits = fields.Json(
        readonly=True,
        help="Of recency the most days that give 5, 4, 3 and 2; of frequency and"
        " monetary the least that gives 2, 3, 4 and 5; empty where nobody has it.",
    )
    score_limits_text = fields.Text(
        "Limits of the Scores", compute="_compute_score_limits_text"
    )

    @api.depends("score_limits", "score_method", "score_customer_count")
    @api.depends_context("lang")
    def _compute_score_limits_text(self):
        for run in self:
            run.score_limits_text = run.score_limits and "\n".join(
                run._get_limit_words(name) for name in rfm.Cuts._fields
            )

    def _keep_score_limits(self, limits):
        """Find, keep and return the limits of the scores."""
        [row] = self.env.execute_query(
            value_sql.score_limits(self.company_id.id, self._get_windows(), limits)
        )
        cuts = score_sql.cuts(limits, *row)
        by_rank = row[0] >= limits.quintile_minimum
        self.write(
            {
                "score_method": "quintile" if by_rank else "fixed",
                "score_customer_count": row[0],
                "score_limits": {
                    name: [
                        None if abs(cut) == rfm.UNREACHABLE else cut for cut in those
                    ]
                    for name, those in cuts._asdict().items()
                },
            }
        )
        return cuts

    def _get_score_limits(self):
        return {name: self[name] for name in KEPT}

    def _get_score_cuts(self):
        """The limits as the kernel takes them; None where they were not kept."""
        if not self.score_limits:
            return None
        nobody = {"recency": -rfm.UNREACHABLE}
        return rfm.Cuts(
            *(
                tuple(
                    nobody.get(name, rfm.UNREACHABLE) if cut is None else cut
                    for cut in self.score_limits[name]
                )
                for name in rfm.Cuts._fields
            )
        )

    # --- words -------------------------------------------------------------------

    def _get_limit_words(self, name):
        """Method, number of customers and limits of a score."""
        limits = (self.score_limits or {}).get(name)
        if not limits:
            return False
        scores = (5, 4, 3, 2) if name == "recency" else (2, 3, 4, 5)
        terms = zip(scores, limits, strict=True)
        known = {
            "count": self.score_customer_count,
            "limits": ", ".join(
                self._get_limit_term(name, score, limit)
                for score, limit in sorted(terms, reverse=True)
            ),
        }
        if self.score_method == "quintile":
            words = {
                "recency": self.env._(
                    "Recency by quintiles of %(count)s customers: %(limits)s, else 1."
                ),
                "frequency": self.env._(
                    "Frequency by quintiles of %(count)s customers: %(limits)s, else 1."
                ),
                "monetary": self.env._(
                    "Monetary by quintiles of %(count)s customers: %(limits)s, else 1."
                ),
            }
        else:
            words = {
                "recency": self.env._(
                    "Recency by the policy's fixed limits, as %(count)s customers are"
                    " too few for quintiles: %(limits)s, else 1."
                ),
                "frequency": self.env._(
                    "Frequency by the policy's fixed limits, as %(count)s customers"
                    " are too few for quintiles: %(limits)s, else 1."
                ),
                "monetary": self.env._(
                    "Monetary by the policy's fixed limits, as %(count)s customers are"
                    " too few for quintiles: %(limits)s, else 1."
                ),
            }
        return words[name] % known

    def _get_limit_term(self, name, score, limit):
        if limit is None:
            return self.env._("%(score)s nobody", score=score)
        if name == "recency":
            return self.env._(
                "%(score)s up to %(days)s days", score=score, days=round(limit)
            )
        if name == "frequency":
            return self.env._(
                "%(score)s from %(days)s days", score=score, days=round(limit)
            )
        return self.env._(
            "%(score)s from %(money)s",
            score=score,
            money=self.currency_id.format(limit),
        )
