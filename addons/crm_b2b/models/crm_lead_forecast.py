from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from .crm_stage_forecast import CATEGORIES


class CrmLead(models.Model):
    _inherit = "crm.lead"

    forecast_category = fields.Selection(
        CATEGORIES,
        compute="_compute_forecast_category",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        help="How sure you are of this deal. Follows the stage until you change it,"
        " and again when the deal moves on. Won deals are closed, lost ones omitted.",
    )

    def _auto_init(self):
        """Fill the new column in one statement: a pipeline may hold 100,000 deals."""
        if not column_exists(self.env.cr, "crm_lead", "forecast_category"):
            create_column(self.env.cr, "crm_lead", "forecast_category", "varchar")
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE crm_lead
                       SET forecast_category = CASE won_status
                           WHEN 'won' THEN 'closed' WHEN 'lost' THEN 'omitted'
                           ELSE 'pipeline' END
                    """
                )
            )
        return super()._auto_init()

    @api.depends("stage_id", "won_status")
    def _compute_forecast_category(self):
        for lead in self:
            if lead.won_status == "won":
                lead.forecast_category = "closed"
            elif lead.won_status == "lost":
                lead.forecast_category = "omitted"
            else:
                category = lead.stage_id.forecast_category or "pipeline"
                lead.forecast_category = "commit" if category == "closed" else category

    @api.constrains("forecast_category", "won_status")
    def _check_forecast_category(self):
        for lead in self:
            if lead.forecast_category == "closed" and lead.won_status != "won":
                raise ValidationError(
                    self.env._(
                        "%(deal)s is not won, so its forecast cannot be closed."
                        " Mark it as won or choose another category.",
                        deal=lead.display_name,
                    )
                )
