from odoo import fields, models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    purpose_id = fields.Many2one("crm.marketing.purpose")
