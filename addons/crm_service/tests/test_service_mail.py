import smtplib
from email.message import EmailMessage
from email.policy import SMTP

from psycopg2.errors import UniqueViolation

from odoo.tests import tagged

from .mail_common import MailCase


@tagged("post_install", "-at_install")
class TestServiceMail(MailCase):
    """Requests by mail, over a real SMTP server and the gateway programs."""

    def test_a_mail_becomes_a_request_and_its_answers_stay_with_it(self):
        """In and out and in again. Covers: SRV-01, SRV-03"""
        self.send(self.mail())
        ticket = self.tickets()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.name, "Pump stands")
        self.assertEqual(ticket.partner_id, self.partner)
        self.assertIn("does not turn", ticket.description)
        self.assertEqual(
            ticket.channel_id,
            self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email"),
        )
        self.assertTrue(ticket.decision_id, "checked like any other request")
        self.assertEqual(ticket.clock_ids.mapped("state"), ["running", "running"])
        ticket.user_id = self.agent
        self.server.outbox.clear()
        ticket.with_user(self.agent).message_post(
            body="We come tomorrow.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner.ids,
        )
        [answer] = [m for m in self.server.outbox if "ana@customer" in m["To"]]
        self.assertIn("support@desk.example", answer["Reply-To"])
        self.assertTrue(ticket.first_response_date)
        self.send(
            self.mail(
                "Re: Pump stands",
                "<two@customer.example>",
                In_Reply_To=answer["Message-Id"],
                References=answer["Message-Id"],
                body="Thank you, ten o'clock suits us.",
            )
        )
        self.assertEqual(self.tickets(), ticket)
        self.assertIn("ten o'clock", ticket.message_ids[0].body)
        self.assertEqual(ticket.message_ids[0].author_id, self.partner)

    def test_the_same_mail_twice_is_one_request(self):
        """Covers: SRV-01"""
        for _time in range(2):
            self.send(self.mail())
        self.assertEqual(len(self.tickets()), 1)

    def test_the_same_mail_twice_at_once_is_one_request(self):
        """Both have passed the look-up of the gateway: the index refuses the second."""
        message = {
            "message_id": "<one@customer.example>",
            "subject": "Pump",
            "body": "<p>x</p>",
            "from": "x@y.example",
        }
        tickets = self.env["helpdesk.ticket"]
        tickets.message_new(dict(message), {"team_id": self.team.id})
        with (
            self.assertLogs("odoo.sql_db", "ERROR"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            tickets.message_new(dict(message), {"team_id": self.team.id})
        other = self.team.copy({"name": "Second desk"})
        tickets.message_new(dict(message), {"team_id": other.id})
        self.assertEqual(len(self.tickets()), 1)

    def test_an_absence_note_opens_no_request_and_is_a_note_in_its_thread(self):
        """Covers: SRV-01"""
        away = {"Auto_Submitted": "auto-replied", "body": "I am on holiday."}
        self.send(self.mail(message_id="<away@customer.example>", **away))
        self.assertFalse(self.tickets())
        self.send(self.mail())
        ticket = self.tickets()
        ticket.message_post(
            body="Which pump?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner.ids,
        )
        sent = [m for m in self.server.outbox if "ana@customer" in m["To"]][-1]
        ticket.message_subscribe(self.customer("C", email="c@customer.example").ids)
        self.server.outbox.clear()
        self.send(
            self.mail(
                "Away",
                "<away2@customer.example>",
                In_Reply_To=sent["Message-Id"],
                **away,
            )
        )
        self.assertIn("holiday", ticket.message_ids[0].body)
        self.assertTrue(ticket.message_ids[0].subtype_id.internal)
        self.assertFalse(self.server.outbox, "nobody is told, so nobody answers")

    def test_a_machine_that_reports_a_fault_opens_a_request(self):
        self.send(self.mail(Auto_Submitted="auto-generated"))
        self.assertEqual(len(self.tickets()), 1)

    def test_our_own_address_opens_no_request(self):
        """Covers: SRV-01"""
        self.send(self.mail(From="support@desk.example"), sender="support@desk.example")
        self.assertFalse(self.tickets())

    def test_a_sender_gone_wild_is_stopped(self):
        """Odoo's threshold needs to know where a request keeps its sender."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        for number in range(6):
            self.send(self.mail(message_id=f"<wild{number}@customer.example>"))
        self.assertEqual(len(self.tickets()), 3)

    def test_a_bounce_opens_no_request_and_is_told_at_the_answer(self):
        """Covers: SRV-01"""
        self.send(self.mail())
        ticket = self.tickets()
        message = ticket.message_post(
            body="We come.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner.ids,
        )
        report = (
            "From: MAILER-DAEMON@customer.example\r\nTo: bounce@desk.example\r\n"
            "Subject: Undelivered\r\nMessage-Id: <bounce@customer.example>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/report; "
            'report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nUnknown user.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Final-Recipient: rfc822; ana@customer.example\r\nAction: failed\r\n"
            "Status: 5.1.1\r\n\r\n"
            "--b\r\nContent-Type: message/rfc822\r\n\r\n"
            f"Message-Id: {message.message_id}\r\nSubject: Pump\r\n\r\nWe come.\r\n"
            "--b--\r\n"
        )
        self.send(report, sender="", to="bounce@desk.example")
        self.assertEqual(self.tickets(), ticket)
        notification = message.notification_ids.filtered(
            lambda n: n.res_partner_id == self.partner
        )
        self.assertEqual(notification.notification_status, "bounce")
        self.assertEqual(self.partner.message_bounce, 1)

    def test_broken_mails_get_through(self):
        """Covers: SRV-01"""
        text = "Content-Type: text/plain; charset="
        broken = {
            "unknown charset": self.mail(
                Content_Type="text/plain; charset=klingon", body="Pumpe"
            ),
            "no subject": self.mail(subject=None),
            "no text": self.mail(body=""),
            "no date": self.mail(Date=None),
            "bad date": self.mail(Date="yesterday, about noon"),
            "no message id": self.mail(message_id=None),
            "nul": self.mail("Pu\0mp", body="It \0 stands"),
            "bad subject": self.mail("=?utf-8?b?4pi6broken"),
            "endless subject": self.mail("very " * 150),
            "bad boundary": self.mail(
                Content_Type='multipart/mixed; boundary="never there"'
            ),
            "part cut off": self.mail(
                Content_Type='multipart/mixed; boundary="b"',
                body=f"--b\r\n{text}utf-8\r\n\r\nPumpe\r\n--b\r\nContent-Type: appl",
            ),
            "bad base64": self.mail(
                Content_Transfer_Encoding="base64", body="####not base64"
            ),
            "bare line feeds": self.mail().replace("\r\n", "\n"),
            "no sender": self.mail(From=None),
        }
        for name, mail in broken.items():
            with self.subTest(mail=name):
                before = self.tickets()
                key = f"<{name.replace(' ', '-')}@customer.example>"
                self.send(mail.replace("<one@customer.example>", key))
                self.assertEqual(len(self.tickets() - before), 1)
                self.assertTrue((self.tickets() - before).decision_id)
                self.assertLessEqual(len((self.tickets() - before).name), 250)

    def test_mail_in_the_bytes_of_another_encoding_gets_through(self):
        """Odoo's own script cannot read it; ours hands the bytes over."""
        mail = self.mail(
            Content_Type="text/plain; charset=iso-8859-1",
            Content_Transfer_Encoding="8bit",
            body="Die Pumpe läuft über",
        ).encode("latin-1")
        self.server.gate = self.own_gate
        self.send(mail)
        self.assertIn("läuft über", self.tickets().description)

    def test_a_mail_of_25_megabytes_keeps_its_attachment(self):
        """Covers: SRV-01"""
        message = EmailMessage()
        message["From"], message["To"] = "ana@customer.example", "support@desk.example"
        message["Subject"], message["Message-Id"] = "Video", "<big@customer.example>"
        message.set_content("See the film.")
        film = bytes(range(256)) * (18 * 1024 * 4)
        message.add_attachment(film, "video", "mp4", filename="pump.mp4")
        raw = message.as_bytes(policy=SMTP)
        self.assertGreater(len(raw), 25_000_000)
        self.server.gate = self.own_gate
        self.send(raw)
        ticket = self.tickets()
        [attachment] = ticket.message_ids.attachment_ids
        self.assertEqual(attachment.file_size, len(film))
        self.assertEqual(attachment.raw, film)

    def test_what_we_cannot_take_now_the_mail_server_keeps(self):
        """Nothing is lost while the CRM is away, nothing said for unknown addresses."""
        self.server.gate = self.own_gate
        here, self.http_port = self.http_port, lambda: 1
        with self.assertRaises(smtplib.SMTPDataError) as refused:
            self.send(self.mail())
        self.assertEqual(refused.exception.smtp_code, 451)
        self.http_port = here
        self.send(self.mail())
        self.assertEqual(len(self.tickets()), 1)
