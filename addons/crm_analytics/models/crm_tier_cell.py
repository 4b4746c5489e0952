from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import tier


class CrmTierCell(models.Model):
    """One of the 25 cells of the grid that gives customers their service tier."""

    _name = "crm.tier.cell"
    _description = "Service Tier Cell"
    _order = "loyalty_quintile desc, contribution_quintile desc"

    loyalty_quintile = fields.Integer(
        required=True,
        readonly=True,
        aggregator=None,
        help="1 to 5; 5 is the most loyal fifth of the customers.",
    )
    contribution_quintile = fields.Integer(
        required=True,
        readonly=True,
        aggregator=None,
        help="1 to 5; 5 is the fifth of the customers that contributes most.",
    )
    tier = fields.Integer(
        "Service Tier",
        required=True,
        aggregator=None,
        help="1 to 5; 1 gets the most service.",
    )

    _cell_uniq = models.Constraint(
        "UNIQUE (loyalty_quintile, contribution_quintile)",
        "Each cell of the tier grid exists once.",
    )
    _quintiles_range = models.Constraint(
        "CHECK (loyalty_quintile BETWEEN 1 AND 5"
        " AND contribution_quintile BETWEEN 1 AND 5)",
        "Quintiles run from 1 to 5.",
    )
    _tier_range = models.Constraint(
        "CHECK (tier BETWEEN 1 AND 5)",
        "Service tiers run from 1 (most service) to 5.",
    )

    @api.depends("loyalty_quintile", "contribution_quintile")
    def _compute_display_name(self):
        for cell in self:
            cell.display_name = f"{cell.loyalty_quintile}-{cell.contribution_quintile}"

    @api.constrains("loyalty_quintile", "contribution_quintile", "tier")
    def _check_order(self):
        """The kernel refuses a grid that serves a better customer less."""
        self.flush_recordset()  # numbers out of range have a sentence of their own
        cells = self._get_cells()
        found = tier.disorder(cells)
        if found:
            worse, better = found
            raise ValidationError(
                self.env._(
                    "Cell %(better)s would get less service (tier %(better_tier)s) than"
                    " cell %(worse)s (tier %(worse_tier)s), though its customers are"
                    " better. Change the other cell first, or both at once.",
                    better="-".join(map(str, better)),
                    better_tier=cells[better],
                    worse="-".join(map(str, worse)),
                    worse_tier=cells[worse],
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The 25 cells of the tier grid stay complete: give the cell another"
                " tier instead of deleting it."
            )
        )

    @api.model
    def _get_cells(self):
        """Tier by loyalty quintile and contribution quintile, read at once."""
        cells = self.search_fetch(
            [], ["loyalty_quintile", "contribution_quintile", "tier"]
        )
        return {
            (cell.loyalty_quintile, cell.contribution_quintile): cell.tier
            for cell in cells
        }

    @api.model
    def _get_grid(self):
        """The grid as the kernel takes it."""
        return tier.grid_of(self._get_cells())

    @api.model
    def _get_cell(self, loyalty_quintile, contribution_quintile):
        """The cell of two quintiles."""
        return self.search(
            [
                ("loyalty_quintile", "=", loyalty_quintile),
                ("contribution_quintile", "=", contribution_quintile),
            ]
        )
