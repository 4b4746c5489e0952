from odoo import models


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    # how often was this address written to, and did this mailing reach it
    _email_idx = models.Index("(email, mass_mailing_id) WHERE email IS NOT NULL")
