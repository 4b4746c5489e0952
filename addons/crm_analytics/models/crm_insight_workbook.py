from odoo import api, models

from ..tools import workbook_curves


class CrmInsightWorkbook(models.AbstractModel):
    """The curves as Excel workbooks, with what the user may see on the screen."""

    # By subject.
    _inherit = "crm.insight"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_curve_words(self):
        env = self.env
        return {
            "whale": env._("Whale curve"),
            "grid": env._("Recency and frequency"),
            "moves": env._("Moves between classes"),
            "cohorts": env._("Cohorts"),
            "curve": env._("Curve"),
            "rank": env._("Rank"),
            "customer": env._("Customer"),
            "contribution": env._("Contribution"),
            "cumulative": env._("Cumulative"),
            "share": env._("Share of customers"),
            "count": env._("Customers"),
            "revenue": env._("Revenue"),
            "from": env._("From"),
            "to": env._("To"),
            "nowhere": env._("Not classified"),
            "cohort": env._("First purchase"),
            "size": env._("Customers won"),
            "age": env._("Quarters later"),
            "month": env._("Month"),
            "stage": env._("Lifecycle Stage"),
            **self._get_bucket_words(),
        }

    @api.model
    def _get_bucket_words(self):
        env = self.env
        return {
            "bucket": env._("Leaking bucket"),
            "bridge": env._("Bridge of"),
            "step": env._("Step"),
            "amount": env._("Amount"),
            "before": env._("Before"),
            "now": env._("Now"),
            "periods": env._("Customers gained and lost"),
            "period": env._("Period"),
            "opening": env._("Opening"),
            "gained": env._("Gained"),
            "regained": env._("Regained"),
            "lost": env._("Lost"),
            "closing": env._("Closing"),
            "gross": env._("Gross retention"),
            "net": env._("Net retention"),
        }

    @api.model
    def _get_curves_workbook(self):
        """Open file with whale curve, grid, moves, cohorts and leaking bucket."""
        data = self.get_curves()
        return workbook_curves.curves(data["company"], self._get_curve_words(), data)

    @api.model
    def _get_customer_curve_workbook(self, partner_id):
        """Open file with the value curve of a customer."""
        data = self.get_gcv(partner_id)
        return workbook_curves.customer_curve(
            data["name"], self._get_curve_words(), data["points"]
        )
