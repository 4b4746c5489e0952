from odoo import models


class MailComposeMessage(models.TransientModel):
    """The last look before a mail is made: who must not get it, batch by batch."""

    _inherit = "mail.compose.message"

    def _process_mail_values_state(self, mail_values_dict):
        mailing = self.mass_mailing_id.sudo()  # consents are not the sender's to read
        snapshot = mailing.campaign_id.snapshot_id or mailing.snapshot_id
        if not mailing.purpose_id and not snapshot:
            return super()._process_mail_values_state(mail_values_dict)
        recipients = self._get_recipients_data(mail_values_dict)
        emails = {
            email
            for info in recipients.values()
            for email in info["mail_to_normalized"]
        }
        refusals = mailing._get_refusals(emails)
        composer = self.with_context(
            crm_marketing_batch=emails, crm_marketing_refusals=refusals
        )
        values = super(MailComposeMessage, composer)._process_mail_values_state(
            mail_values_dict
        )
        self._explain_refusals(values, recipients, refusals)
        return values

    def _get_optout_emails(self, mail_values_dict):
        emails = super()._get_optout_emails(mail_values_dict)
        return [*emails, *self.env.context.get("crm_marketing_refusals", ())]

    def _explain_refusals(self, values, recipients, refusals):
        labels = dict(
            self.env["crm.audience.member"]
            ._fields["excluded_reason"]
            ._description_selection(self.env)
        )
        labels["holdout"] = self.env._("Held out from the campaign")
        for record_id, mail_values in values.items():
            for email in recipients[record_id]["mail_to_normalized"]:
                if mail_values.get("state") == "cancel" and email in refusals:
                    mail_values["failure_reason"] = labels[refusals[email]]

    def _prepare_mail_values_mailing_traces(self, mail_values_all):
        traces = super()._prepare_mail_values_mailing_traces(mail_values_all)
        for record_id, mail_values in mail_values_all.items():
            if traces[record_id] and mail_values.get("failure_reason"):
                traces[record_id]["failure_reason"] = mail_values["failure_reason"]
        return traces
