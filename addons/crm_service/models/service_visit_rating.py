from odoo import models
from odoo.fields import Domain


class ServiceVisit(models.Model):
    """A confirmed visit asks the customer how it went."""

    _name = "service.visit"
    _inherit = ["service.rating.mixin", "service.visit"]

    def _get_rating_domain(self):
        return (
            super()._get_rating_domain()
            & Domain("state", "=", "done")
            & Domain("confirmed_on", ">=", self._get_rating_since())
        )

    def _get_rating_template(self):
        return self.env.ref("crm_service.mail_template_rating_visit")

    def _get_rating_manager(self):
        return self.ticket_id.sudo().team_id.user_id  # the manager's name only

    def action_confirm(self):
        result = super().action_confirm()
        self.env.ref("crm_service.ir_cron_rating_visit")._trigger()
        return result
