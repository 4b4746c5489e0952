from odoo import fields, models


class MailActivityPlan(models.Model):
    """Plans are known by one language only; those of playbooks are read by all."""

    _inherit = "mail.activity.plan"

    name = fields.Char(translate=True)


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    summary = fields.Char(translate=True)

    def _get_summary_for(self, user):
        """What to do, in the language of who has to do it."""
        self.ensure_one()
        return self.with_context(lang=user.lang or self.env.lang).summary
