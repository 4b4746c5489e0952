from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import rfm


class CrmRfmCell(models.Model):
    """One of the 125 cells; that each has exactly one row makes the cover exact."""

    _name = "crm.rfm.cell"
    _description = "RFM Cell"
    _order = "r_score desc, f_score desc, m_score desc"

    r_score = fields.Integer(string="R", required=True, readonly=True, aggregator=None)
    f_score = fields.Integer(string="F", required=True, readonly=True, aggregator=None)
    m_score = fields.Integer(string="M", required=True, readonly=True, aggregator=None)
    group_id = fields.Many2one("crm.rfm.group", required=True, ondelete="cascade")

    _cell_uniq = models.Constraint(
        "UNIQUE (r_score, f_score, m_score)", "Each RFM cell belongs to one group."
    )
    _scores_range = models.Constraint(
        "CHECK (r_score BETWEEN 1 AND 5 AND f_score BETWEEN 1 AND 5"
        " AND m_score BETWEEN 1 AND 5)",
        "RFM scores run from 1 to 5.",
    )

    @api.depends("r_score", "f_score", "m_score")
    def _compute_display_name(self):
        for cell in self:
            cell.display_name = f"{cell.r_score}-{cell.f_score}-{cell.m_score}"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The 125 RFM cells stay complete: give the cell another group instead"
                " of deleting it."
            )
        )

    @api.model
    def _create_missing_cells(self):
        """Create the cells that are not there yet, in their default groups."""
        there = {
            cell.r_score * 100 + cell.f_score * 10 + cell.m_score
            for cell in self.search([])
        }
        groups = {
            group.code: group.id for group in self.env["crm.rfm.group"].search([])
        }
        self.create(
            [
                {
                    "r_score": cell // 100,
                    "f_score": cell // 10 % 10,
                    "m_score": cell % 10,
                    "group_id": groups[code],
                }
                for cell, code in rfm.group_by_cell().items()
                if cell not in there
            ]
        )
