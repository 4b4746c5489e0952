from odoo import fields, models
from odoo.fields import Domain


class HelpdeskTicket(models.Model):
    """A closed request asks its contact how it went."""

    _name = "helpdesk.ticket"
    _inherit = ["service.rating.mixin", "helpdesk.ticket"]

    def _get_rating_domain(self):
        """Not what was cancelled, was a duplicate, or is asked about with its visit."""
        solved = Domain("state", "=", "done") & Domain("solved", "=", True)
        return (
            super()._get_rating_domain()
            & Domain("stage_id.closed", "=", True)
            & Domain("stage_id.service_void", "=", False)
            & Domain("duplicate_id", "=", False)
            & Domain("closed_date", ">=", self._get_rating_since())
            & Domain("visit_ids", "not any", solved)
        )

    def _get_rating_template(self):
        return self.env.ref("crm_service.mail_template_rating_ticket")

    def _get_rating_manager(self):
        return self.team_id.user_id

    def _follow_stage(self):
        result = super()._follow_stage()
        if any(stage.closed and not stage.service_void for stage in self.stage_id):
            self.env.ref("crm_service.ir_cron_rating_ticket")._trigger(
                fields.Datetime.now()
            )
        return result
