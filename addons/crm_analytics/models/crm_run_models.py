import re

from odoo import api, fields, models
from odoo.tools import SQL


class CrmValueRun(models.Model):
    """What a run says of its models, and the groups of cells that it rests on."""

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    model_fit_shown = fields.Json(
        "Models and How They Did", compute="_compute_model_fit_shown"
    )
    is_last = fields.Boolean("The Last Run", compute="_compute_is_last")

    @api.depends("model_fit")
    @api.depends_context("lang")
    def _compute_model_fit_shown(self):
        for run in self:
            run.model_fit_shown = run._translate_refusals(run.model_fit or False)

    @api.depends("company_id", "state")
    def _compute_is_last(self):
        for run in self:
            run.is_last = run._origin == run._get_last(run.company_id)

    def action_open_proof(self):
        """Download the workbook whose formulas compute this run's values again."""
        self.ensure_one()
        return self.env["crm.customer.value"].action_export()

    # --- groups of the cells ----------------------------------------------------

    def _is_settled(self):
        """Values rest on the groups of the cells too, which anybody may rearrange."""
        last = self._get_last(self.company_id)
        known = (last.model_fit or {}).get("groups")
        return super()._is_settled() and known == self._get_groups_key()

    def _step_values(self):
        written = super()._step_values()
        key = {"groups": self._get_groups_key()}
        self.model_fit = {**(self.model_fit or {}), **key}
        return written

    def _get_groups_key(self):
        """A number that differs when a cell belongs to another group."""
        self.env["crm.rfm.cell"].flush_model()
        [(key,)] = self.env.execute_query(
            SQL(
                "SELECT hashtext(string_agg(concat_ws(' ', r_score, f_score, m_score,"
                " group_id), ',' ORDER BY r_score, f_score, m_score))"
                " FROM crm_rfm_cell"
            )
        )
        return key

    # --- words -------------------------------------------------------------------

    def _translate_refusals(self, report):
        """The report with every reason of a refusal in the reader's language."""
        if isinstance(report, dict):
            return {
                key: self._get_refusal_words(value)
                if key == "refused" and isinstance(value, str)
                else self._translate_refusals(value)
                for key, value in report.items()
            }
        if isinstance(report, list):
            return [self._translate_refusals(item) for item in report]
        return report

    def _get_refusal_words(self, reason):
        """What a kernel refused; its own words where there are no others."""
        for pattern, words in self._get_refusals().items():
            if found := re.fullmatch(pattern, reason):
                return words % found.groupdict()
        return reason

    def _get_refusals(self):
        """Reasons of the kernels, and the sentences that tell them."""
        env = self.env
        return {
            r"not enough history: (?P<some>\d+) of (?P<all>\d+) customers bought again;"
            r" (?P<least>\d+) are needed": env._(
                "Not enough history: %(some)s of %(all)s customers bought again,"
                " %(least)s are needed."
            ),
            r"not enough history: (?P<some>\d+) customers with a mean value;"
            r" (?P<least>\d+) are needed": env._(
                "Not enough history: %(some)s customers with a positive mean value,"
                " %(least)s are needed."
            ),
            r"not enough history: (?P<some>\d+) customers": env._(
                "Not enough history: %(some)s customers can be judged."
            ),
            r"not enough history: (?P<some>\d+) months; (?P<least>\d+) are needed": (
                env._(
                    "Not enough history to estimate weights of its own: %(some)s"
                    " months, %(least)s are needed. The published weights are used."
                )
            ),
            "not enough history: nothing before half a year ago": env._(
                "Not enough history: nothing before half a year ago."
            ),
            "not enough history: nothing before a year ago": env._(
                "Not enough history: nothing before a year ago."
            ),
            r"(?P<some>\d+) customers are too few to re-estimate:"
            r" (?P<least>\d+)": env._(
                "%(some)s customers are too few to estimate weights of their own:"
                " %(least)s are needed. The published weights are used."
            ),
            r"(?P<lost>\d+) of (?P<all>\d+) customers were lost; at least"
            r" (?P<least>\d+) lost and as many kept are needed": env._(
                "%(lost)s of %(all)s customers were lost; at least %(least)s lost and"
                " as many kept are needed."
            ),
            "all mean values are equal: there is nothing to estimate": env._(
                "All mean values are equal: there is nothing to estimate."
            ),
            r"fewer than (?P<least>\d+) contracts: nothing is said about"
            r" renewals": env._(
                "Fewer than %(least)s contracts: nothing is said about renewals."
            ),
            r"no model of purchases: its fit did not converge"
            r" \((?P<why>.*)\)": env._(
                "No model of purchases: its fit did not converge (%(why)s). The"
                " histories tell nothing about who leaves."
            ),
            r"no model of purchases: it expects no number for (?P<some>\d+) of"
            r" (?P<all>\d+) customers": env._(
                "No model of purchases: it expects no number for %(some)s of %(all)s"
                " customers."
            ),
            r"no model of values: its fit did not converge \((?P<why>.*)\)": env._(
                "No model of values: its fit did not converge (%(why)s)."
            ),
            r"no model of values: they vary so much that no mean exists"
            r" \(q = (?P<q>[\d.]+), above 1 is needed\)": env._(
                "No model of values: they vary so much that no mean exists (q = %(q)s,"
                " above 1 is needed)."
            ),
            "too few orders": env._("Too few orders."),
            "AUC needs customers that were lost and others that stayed": env._(
                "Everybody stayed, or everybody left: nothing can be judged."
            ),
        }
