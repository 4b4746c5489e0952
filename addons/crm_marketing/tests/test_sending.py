import email
import socket
import unittest
from email import policy
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common_sending import SendingCommon

try:
    from aiosmtpd.controller import Controller
except ImportError:
    Controller = None


class Inbox:
    """Keeps what an SMTP server is given."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((tuple(envelope.rcpt_tos), message))
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@tagged("post_install", "-at_install")
class TestSending(SendingCommon):
    def _campaign(self, **values):
        return self.env["utm.campaign"].create(
            {
                "title": "Test campaign",
                "audience_id": self.audience(holdout_percent=34).id,
                "purpose_id": self.purpose.id,
                **values,
            }
        )

    def _run_queue(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "mass_mailing.ir_cron_mass_mailing_queue"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_a_mailing_goes_to_the_frozen_audience_without_who_is_held_out(self):
        """Covers: MKT-02, MKT-03"""
        campaign = self._campaign()
        letter = self.mailing(campaign_id=campaign.id)
        self.assertEqual(letter.audience_id, campaign.audience_id)
        letter.action_launch()
        self._run_queue()
        snapshot = campaign.snapshot_id
        self.assertEqual(letter.state, "done")
        self.assertEqual(letter.snapshot_id, snapshot)
        self.assertEqual((snapshot.holdout_count, snapshot.recipient_count), (1, 2))
        held = snapshot.member_ids.filtered("is_holdout")
        self.assertEqual(
            self.sent_to(letter),
            set((snapshot.member_ids - held).mapped("email_normalized")),
        )

    def test_several_campaigns_wait_for_their_own_day(self):
        """Covers: MKT-02"""
        now, later = self.mailing(), self.mailing()
        for letter in now | later:
            letter.campaign_id = self._campaign(title=f"Campaign {letter.id}")
        now.action_launch()
        later.write({"schedule_type": "scheduled", "schedule_date": "2099-01-01"})
        later.action_schedule()
        self._run_queue()
        self.assertEqual(now.state, "done")
        self.assertEqual(later.state, "in_queue")
        self.assertFalse(later.snapshot_id)

    def test_the_hold_out_group_stays_for_the_whole_campaign(self):
        """Covers: MKT-03"""
        campaign = self._campaign()
        first = self.mailing(campaign_id=campaign.id)
        first._action_send_mail()
        held = campaign.snapshot_id.member_ids.filtered("is_holdout").partner_id
        reminder = self.mailing(
            campaign_id=campaign.id,
            audience_id=False,
            mailing_domain=repr([("id", "in", (self.ada | self.bob | self.cyn).ids)]),
        )
        reminder.audience_id = False
        reminder._action_send_mail()
        self.assertEqual(self.sent_to(reminder), self.sent_to(first))
        refused = reminder.mailing_trace_ids.filtered(
            lambda trace: trace.res_id in held.ids
        )
        self.assertEqual(refused.mapped("trace_status"), ["cancel"])
        self.assertEqual(refused.failure_reason, "Held out from the campaign")

    def test_consent_is_looked_at_again_when_the_mail_is_made(self):
        """Covers: MKT-05"""
        letter = self.mailing(audience_id=self.audience().id)
        letter._freeze_audience()
        self.assertEqual(letter.snapshot_id.recipient_count, 3)
        self.ada._record_consent(self.purpose, "withdrawn", "portal")
        letter._action_send_mail()
        self.assertNotIn("office@ada.example", self.sent_to(letter))
        trace = letter.mailing_trace_ids.filtered(
            lambda trace: trace.res_id == self.ada.id
        )
        self.assertEqual(trace.failure_type, "mail_optout")
        self.assertEqual(trace.failure_reason, "Refused this purpose")

    def test_a_plain_mailing_of_a_purpose_respects_consent_and_limit(self):
        """Covers: MKT-05"""
        self.company.write({"marketing_cap_count": 1, "marketing_cap_days": 30})
        self.ada._record_consent(self.purpose, "refused", "phone")
        everybody = repr([("id", "in", (self.ada | self.bob).ids)])
        first = self.mailing(mailing_domain=everybody)
        first._action_send_mail()
        self.assertEqual(self.sent_to(first), {"office@bob.example"})
        second = self.mailing(mailing_domain=everybody, subject="Second")
        second._action_send_mail()
        self.assertFalse(self.sent_to(second))

    def test_a_mailing_list_of_a_purpose_respects_consent_by_address(self):
        """Covers: MKT-05"""
        mailing_list = self.env["mailing.list"].create(
            {
                "name": "Test list",
                "contact_ids": [
                    fields.Command.create({"name": "A", "email": self.ada.email}),
                    fields.Command.create({"name": "N", "email": "new@x.example"}),
                ],
            }
        )
        self.ada._record_consent(self.purpose, "refused", "phone")
        letter = self.mailing(
            mailing_model_id=self.env["ir.model"]._get_id("mailing.list"),
            contact_list_ids=mailing_list.ids,
        )
        letter._action_send_mail()
        self.assertEqual(self.sent_to(letter), {"new@x.example"})

    def test_nobody_gets_a_mailing_twice_when_it_starts_again(self):
        """Covers: MKT-02"""
        letter = self.mailing(audience_id=self.audience().id)
        letter._action_send_mail([self.ada.id])  # as if killed after the first batch
        letter.state = "sending"
        self._run_queue()
        emails = letter.mailing_trace_ids.mapped("email")
        self.assertEqual(sorted(emails), sorted(set(emails)))
        self.assertEqual(len(emails), 3)

    def test_an_audience_needs_a_purpose_and_contacts(self):
        letter = self.mailing(audience_id=self.audience().id, purpose_id=False)
        with self.assertRaises(UserError):
            letter.action_put_in_queue()
        with self.assertRaises(ValidationError):
            letter.mailing_model_id = self.env["ir.model"]._get("mailing.list")


@unittest.skipUnless(Controller, "aiosmtpd is not installed")
@tagged("post_install", "-at_install")
class TestSmtp(SendingCommon):
    """Mails as a real SMTP server gets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inbox = Inbox()
        controller = Controller(cls.inbox, hostname="127.0.0.1", port=free_port())
        controller.start()
        cls.addClassCleanup(controller.stop)
        cls.server = cls.env["ir.mail_server"].create(
            {
                "name": "Test SMTP",
                "smtp_host": "127.0.0.1",
                "smtp_port": controller.port,
                "smtp_encryption": "none",
            }
        )

    def setUp(self):
        super().setUp()
        self.inbox.mails.clear()
        self.startPatcher(
            patch.object(IrMail_Server, "_disable_send", lambda _s: False)
        )

    def _deliver(self, mailing):
        mailing.write({"mail_server_id": self.server.id})
        mailing._action_send_mail()
        mails = self.env["mail.mail"].search(
            [("mailing_id", "=", mailing.id), ("state", "=", "outgoing")]
        )
        mails.send()
        return {recipients: message for recipients, message in self.inbox.mails}

    def test_each_mail_has_one_recipient_text_part_and_unsubscribe(self):
        """Covers: MKT-02, MKT-04"""
        block = self.env["crm.content.block"].create(
            {"name": "B", "body": '<p>Only for <b t-out="object.name"/></p>'}
        )
        place = '<p>Dear</p><t t-out="object.one_to_one_content"/>'
        letter = self.mailing(
            audience_id=self.audience().id,
            block_ids=block.ids,
            body_html=place,
            body_arch=place,
        )
        delivered = self._deliver(letter)
        self.assertEqual(
            set(delivered),
            {(p.email,) for p in (self.ada, self.bob, self.cyn)},
        )
        message = delivered["office@ada.example",]
        self.assertEqual(message["To"].count("@"), 1)
        self.assertFalse(message["Cc"] or message["Bcc"])
        parts = {part.get_content_type(): part for part in message.walk()}
        text = parts["text/plain"].get_content()
        self.assertIn("Only for *Ada Works*", text)
        self.assertIn("Ada Works", parts["text/html"].get_content())
        self.assertNotIn("Bob Works", message.as_string())
        self.assertIn("unsubscribe_oneclick", message["List-Unsubscribe"])
        self.assertEqual(message["Precedence"], "list")
        self.assertEqual(set(letter.mailing_trace_ids.mapped("trace_status")), {"sent"})

    def test_opens_clicks_replies_and_bounces_come_back(self):
        """Covers: MKT-02"""
        letter = self.mailing(
            audience_id=self.audience().id,
            body_html='<p><a href="https://ours.example/paint">Paint</a></p>',
        )
        delivered = self._deliver(letter)
        html = delivered["office@ada.example",].get_body(("html",)).get_content()
        self.assertIn("/r/", html, "links are followed")
        self.assertIn("/mail/track/", html, "opening is seen")
        self.assertEqual(letter.delivered, 3)
        traces = {trace.email: trace for trace in letter.mailing_trace_ids}
        self.env["link.tracker.click"].sudo().add_click(
            self.env["link.tracker"]
            .search([("mass_mailing_id", "=", letter.id)], limit=1)
            .code,
            ip="1.2.3.4",
            country_code="DE",
            mailing_trace_id=traces["office@ada.example"].id,
        )
        traces["office@bob.example"].set_replied()
        traces["office@cyn.example"].set_bounced()
        letter.invalidate_recordset()
        self.assertRecordValues(
            letter, [{"clicked": 1, "opened": 2, "replied": 1, "bounced": 1}]
        )
