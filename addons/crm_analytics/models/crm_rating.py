from odoo import api, models
from odoo.tools import SQL

from ..tools import rating_sql


class CrmInsight(models.AbstractModel):
    """Ratings by company, and what is planned for its records."""

    # By subject.
    _inherit = "crm.insight"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_ratings(self, company, after, until):
        """The ratings of a company in ``(after, until]``, as a statement."""
        if "rating.rating" not in self.env:
            return rating_sql.NOBODY
        return rating_sql.given(
            company.id, after, until, list(self._get_rated_tables())
        )

    @api.model
    def _get_rated_tables(self):
        """Models that were rated and whose records have a company, with their table."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT res_model FROM rating_rating WHERE consumed")
        )
        for (name,) in sorted(row for row in rows if row[0] in self.env):
            field = self.env[name]._fields.get("company_id")
            if field and field.store and field.comodel_name == "res.company":
                yield name, self.env[name]._table

    @api.model
    def _get_planned(self, company, names):
        """Planned activities that the user sees, on records of a company or of all."""
        found = self.env["mail.activity"].search_fetch(
            [("res_model", "in", names)], ["res_model", "res_id", "date_deadline"]
        )
        here = set()
        for name, activities in found.grouped("res_model").items():
            # Only the company is asked: what was planned for the user is counted.
            Model = self.env[name].sudo().with_context(active_test=False)
            records = Model.search(
                [
                    ("id", "in", activities.mapped("res_id")),
                    ("company_id", "in", (company.id, False)),
                ]
            )
            here.update((name, record_id) for record_id in records._ids)
        return found.filtered(lambda item: (item.res_model, item.res_id) in here)
