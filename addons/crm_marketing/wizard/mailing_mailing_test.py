from odoo import models


class MailingMailingTest(models.TransientModel):
    _inherit = "mailing.mailing.test"

    def send_mail_test(self):
        """Show the testers the mail of a recipient, and not that of any contact."""
        mailing = self.mass_mailing_id
        mailing._check_not_to_everybody()
        recipient = mailing.audience_id and mailing._get_first_recipient()
        this = self.with_context(
            one_to_one_test_recipient_id=recipient and recipient.id
        )
        return super(MailingMailingTest, this).send_mail_test()
