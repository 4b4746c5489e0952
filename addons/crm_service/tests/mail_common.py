import os
import smtplib
import socket
import subprocess
import sys
from email import message_from_bytes
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.mail import __path__ as mail_path

from .desk_common import DeskCase

CORE_GATE = Path(mail_path[0]) / "static/scripts/odoo-mailgate.py"
OWN_GATE = Path(__file__).parents[3] / "tool/mailgate.py"
HUGE = 64 * 1024 * 1024


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class MailServer:
    """A mail server: pipes what is sent to us into the gateway, keeps the rest."""

    def __init__(self, gate):
        self.gate = gate  # bytes -> (exit code, what it said)
        self.outbox, self.refused = [], []

    async def handle_DATA(self, server, session, envelope):
        recipients = ", ".join(envelope.rcpt_tos)
        if not recipients.endswith("@desk.example"):
            self.outbox.append(message_from_bytes(envelope.content, policy=SMTP_POLICY))
            return "250 Kept"
        code, said = await server.loop.run_in_executor(
            None, self.gate, envelope.content
        )
        if code:
            self.refused.append((code, said))
            return "451 Try again" if code == 75 else "554 Refused"
        return "250 Delivered"


class MailCase(HttpCase, DeskCase):
    """Mail through a real SMTP server and the real gateway programs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias.domain"].search([]).write({"name": "other.example"})
        cls.domain = cls.env["mail.alias.domain"].create({"name": "desk.example"})
        cls.company.alias_domain_id = cls.domain
        cls.team.alias_id.write(
            {"alias_domain_id": cls.domain.id, "alias_name": "support"}
        )
        cls.partner.email = "ana@customer.example"
        cls.env["ir.mail_server"].search([]).active = False
        cls.gate_user = cls.env.ref("base.user_admin")
        cls.gate_user.password = "mail gate secret"

    def setUp(self):
        super().setUp()
        self.server = MailServer(self.core_gate)
        port = free_port()
        controller = Controller(
            self.server, hostname="127.0.0.1", port=port, data_size_limit=HUGE
        )
        controller.start()
        self.addCleanup(controller.stop)
        self.smtp_port = port
        self.env["ir.mail_server"].create(
            {"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": port}
        )
        self.startPatcher(
            patch.object(IrMail_Server, "_disable_send", classmethod(lambda cls: False))
        )

    # -- the two gateways ------------------------------------------------------------

    def run_gate(self, command, mail):
        done = subprocess.run(
            [sys.executable, *command],
            input=mail,
            capture_output=True,
            timeout=120,
            check=False,
            env={**os.environ, "MAILGATE_KEY": "mail gate secret"},
        )
        return done.returncode, done.stderr.decode(errors="replace")

    def core_gate(self, mail):
        """odoo-mailgate.py, as a pipe alias calls it."""
        options = {
            "-d": self.env.cr.dbname,
            "-u": self.gate_user.id,
            "-p": "mail gate secret",
            "--host": "127.0.0.1",
            "--port": self.http_port(),
        }
        flat = [str(part) for pair in options.items() for part in pair]
        return self.run_gate([str(CORE_GATE), *flat], mail)

    def own_gate(self, mail):
        """tool/mailgate.py"""
        return self.run_gate(
            [
                str(OWN_GATE),
                f"--url=http://127.0.0.1:{self.http_port()}",
                f"--database={self.env.cr.dbname}",
                f"--user={self.gate_user.id}",
            ],
            mail,
        )

    # -- sending ---------------------------------------------------------------------

    def send(self, mail, sender="ana@customer.example", to="support@desk.example"):
        """Send ``mail``, bytes or text, as a customer's program does."""
        mail = mail.encode() if isinstance(mail, str) else mail
        self.env.flush_all()
        with (
            # Odoo announces the end of XML-RPC at each call; its own gateway needs it
            mute_logger("odoo.addons.rpc.controllers.xmlrpc"),
            self.allow_requests(all_requests=True),
            smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=120) as client,
        ):
            client.sendmail(sender, [to], mail, ["BODY=8BITMIME"])
        self.env.invalidate_all()

    def mail(self, subject="Pump stands", message_id="<one@customer.example>", **more):
        """Return a plain mail; ``more`` are headers, ``body`` its text."""
        body = more.pop("body", "It does not turn any more.")
        headers = {
            "From": "Ana <ana@customer.example>",
            "To": "support@desk.example",
            "Subject": subject,
            "Message-Id": message_id,
            "Date": "Mon, 02 Nov 2026 10:00:00 +0100",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
        } | {name.replace("_", "-"): value for name, value in more.items()}
        lines = [f"{name}: {value}" for name, value in headers.items() if value]
        return "\r\n".join([*lines, "", body, ""])

    def tickets(self):
        return self.env["helpdesk.ticket"].search([("team_id", "=", self.team.id)])
