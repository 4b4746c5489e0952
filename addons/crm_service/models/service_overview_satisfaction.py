from odoo import api, models
from odoo.fields import Domain


class ServiceOverview(models.AbstractModel):
    """Start page: what customers thought in the last twelve months."""

    _inherit = "service.overview"

    @api.model
    @api.readonly
    def get_overview(self):
        return super().get_overview() | {"satisfaction": self._get_satisfaction()}

    def _get_satisfaction(self):
        """Return the two figures with their number, None for who may not see them."""
        report = self.env["service.satisfaction.report"]
        if not report.has_access("read"):
            return None
        year = Domain("date", ">=", "today -12m")
        [(content, rated)] = report._read_group(
            year & Domain("kind", "!=", "survey"), [], ["content:avg", "__count"]
        )
        found = report._get_nps(year)
        lines = [
            {
                "key": "content",
                "label": self.env._("Content after service"),
                "value": f"{round(content)} %" if rated else "-",
                "number": self.env._("of %(number)d", number=rated),
            },
            {
                "key": "nps",
                "label": self.env._("NPS, 12 months"),
                "value": f"{found.score:+.0f}" if found.number else "-",
                "number": self.env._(
                    "%(low)d to %(high)d", low=found.low, high=found.high
                )
                if found.number
                else "",
            },
        ]
        action = self._open(
            self.env._("Satisfaction"), report._name, year, "graph,pivot,list"
        )
        return {
            "lines": lines,
            "action": action
            | {
                "context": {
                    "search_default_group_month": 1,
                    "search_default_group_measure": 1,
                }
            },
        }
