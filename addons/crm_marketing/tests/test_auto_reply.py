from odoo.tests import tagged

from .common_sending import SendingCommon

REPLY = """Return-Path: <{sender}>
To: catchall@ours.example
From: {sender}
Subject: Re: {subject}
Message-Id: <{message_id}@customer.example>
In-Reply-To: {reference}
References: {reference}
Date: Mon, 01 Jun 2026 10:00:00 +0000
Content-Type: text/plain; charset=utf-8
{headers}
{text}
"""


@tagged("post_install", "-at_install")
class TestAutoReply(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.alias_domain_id = cls.env["mail.alias.domain"].create(
            {
                "name": "ours.example",
                "catchall_alias": "catchall",
                "bounce_alias": "bounce",
            }
        )
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Sample",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "subject": "Your sample",
                "body_html": '<p>On its way, <t t-out="object.name"/></p>',
                "email_from": "news@ours.example",
                "partner_to": "{{ object.id }}",
            }
        )
        Rule = cls.env["crm.auto.reply"]
        Rule.search([]).active = False
        cls.sample = Rule.create(
            {
                "name": "Sample",
                "keywords": "sample",
                "template_id": cls.template.id,
                "sequence": 1,
                "activity_type_id": cls.env.ref("mail.mail_activity_data_call").id,
            }
        )
        cls.stop = Rule.create(
            {"name": "Stop", "keywords": "stop", "withdraw_consent": True}
        )
        cls.letter = cls.mailing(audience_id=cls.audience().id, reply_to_mode="update")
        cls.letter._action_send_mail()

    def _reply(self, text, sender=None, headers="", message_id="1"):
        trace = self.letter.mailing_trace_ids.filtered(
            lambda trace: trace.res_id == self.ada.id
        )
        self.env["mail.thread"].message_process(
            False,
            REPLY.format(
                sender=sender or self.ada.email,
                subject=self.letter.subject,
                message_id=message_id,
                reference=trace.message_id,
                headers=headers,
                text=text,
            ),
        )
        return self.env["crm.auto.reply.log"].search([], limit=1)

    def _answers(self):
        return self.env["mail.mail"].search([("subject", "=", "Your sample")])

    def test_a_reply_is_answered_once_and_the_seller_is_told(self):
        """Covers: MKT-02"""
        log = self._reply("Please send a sample")
        self.assertRecordValues(
            log,
            [
                {
                    "state": "answered",
                    "partner_id": self.ada.id,
                    "mailing_id": self.letter.id,
                }
            ],
        )
        answer = self._answers()
        self.assertEqual(answer.recipient_ids, self.ada)
        self.assertIn("auto-replied", answer.headers)
        self.assertIn("Ada Works", answer.body_html)
        self.assertEqual(self.ada.activity_ids.user_id, self.seller)
        self.assertEqual(self.letter.replied, 1)
        again = self._reply("Where is the sample?", message_id="2")
        self.assertEqual((again.state, again.reason), ("suppressed", "once"))
        self.assertEqual(len(self._answers()), 1)

    def test_a_machine_is_not_answered(self):
        """Covers: MKT-02"""
        for number, headers in enumerate(
            (
                "Auto-Submitted: auto-replied\n",
                "Precedence: bulk\n",
                "X-Autoreply: yes\n",
            )
        ):
            log = self._reply("sample", headers=headers, message_id=f"m{number}")
            self.assertEqual(log.reason, "automatic")
            log.unlink()
        self.assertFalse(self._answers())

    def test_our_own_people_and_strangers_are_not_answered(self):
        """Covers: MKT-02"""
        log = self._reply("sample", sender="seller@ours.example")
        self.assertEqual(log.reason, "own")
        log = self._reply("sample", sender="eve@evil.example", message_id="2")
        self.assertEqual(log.reason, "other", "the answer is the recipient's own")
        self.assertFalse(self._answers())

    def test_stop_withdraws_the_consent(self):
        """Covers: MKT-05"""
        self._reply("STOP")
        self.assertRecordValues(
            self.ada.consent_ids,
            [
                {
                    "purpose_id": self.purpose.id,
                    "state": "withdrawn",
                    "source": "mail",
                }
            ],
        )
        self.assertEqual(self.members(self.audience())[self.ada], "refused")

    def test_what_our_mail_said_does_not_count(self):
        self._reply("Thank you\n> write STOP to stop")
        self.assertFalse(self.ada.consent_ids)
