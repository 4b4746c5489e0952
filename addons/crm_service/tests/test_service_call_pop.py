import json
import resource
import shutil
import urllib.request
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.bus.models.bus import dispatch
from odoo.addons.bus.websocket import WebsocketConnectionHandler
from odoo.addons.crm_service.models.service_call import SCOPE

try:
    from playwright.sync_api import sync_playwright
except ImportError:  # tests only
    sync_playwright = None

OPTIONS = "--no-sandbox --disable-gpu --disable-background-networking --disable-sync"


@tagged("post_install", "-at_install")
class TestServiceCallPop(HttpCase):
    """The screen pop in real browsers: two agents at work, one is called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chromium = shutil.which("chromium") or shutil.which("google-chrome")
        if not (sync_playwright and cls.chromium):
            cls.skipTest(cls, "needs playwright and chromium")
        cls.env.company.country_id = cls.env.ref("base.be")
        cls.called, cls.other = (
            new_test_user(
                cls.env,
                f"pop_agent_{name}",
                groups="crm_service.group_service_user",
                tz="UTC",
            )
            for name in ("a", "b")
        )
        cls.called.service_extension = "8801x"
        cls.other.service_extension = "8802x"
        cls.partner = cls.env["res.partner"].create(
            {"name": "Popping Ltd.", "is_company": True, "phone": "+32 2 555 11 99"}
        )
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.called)
            .sudo()
            ._generate(SCOPE, "exchange", fields.Datetime.now() + timedelta(days=1))
        )

    def log_in(self, browser, user):
        page = browser.new_context().new_page()
        page.goto(f"{self.base_url()}/web/login")
        page.fill("input[name=login]", user.login)
        page.fill("input[name=password]", user.login)
        page.press("input[name=password]", "Enter")
        page.wait_for_selector(".o_main_navbar", timeout=60000)
        return page

    def connect(self, pages, users):
        """Wait until the browsers of ``users`` listen."""
        for _attempt in range(100):
            listening = {
                channel[-1] for channel in dispatch._channels_to_ws if len(channel) == 3
            }
            if {user.partner_id.id for user in users} <= listening:
                return
            pages[0].wait_for_timeout(100)
        self.fail("the browsers do not listen")

    def ring(self):
        request = urllib.request.Request(
            f"{self.base_url()}/crm_service/call",
            data=json.dumps({"number": "025551199", "extension": "8801x"}).encode(),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            found = json.load(answer)
        # the database does not notify inside a test: wake every browser
        for sockets in list(dispatch._channels_to_ws.values()):
            for socket in list(sockets):
                socket.trigger_notification_dispatching()
        return found

    def test_the_call_pops_up_at_its_agent_and_not_at_the_other(self):
        """Covers: CUS-09"""
        users = (self.called, self.other)
        logins = [(user.login, user.partner_id.id) for user in users]
        self.assertEqual(len({login for login, _id in logins}), 2)
        self.env.flush_all()
        # the browser needs more room than the limit of the server under test
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))
        self.startPatcher(
            patch.object(
                WebsocketConnectionHandler, "websocket_allowed", return_value=True
            )
        )
        with (
            self.allow_requests(all_requests=True),
            sync_playwright() as play,
        ):
            browser = play.chromium.launch(
                executable_path=self.chromium,
                args=OPTIONS.split(),
            )
            pages = [self.log_in(browser, user) for user in users]
            self.connect(pages, users)
            answer = self.ring()
            pages[0].wait_for_selector(".o_service_call", timeout=20000)
            pages[0].wait_for_selector(
                ".o_form_view :text('Popping Ltd.'), .o_form_view input", timeout=20000
            )
            popped = pages[0].inner_text(".o_service_call")
            pages[1].wait_for_timeout(1500)
            quiet = pages[1].locator(".o_service_call").count()
            browser.close()
        self.assertTrue(answer["known"])
        self.assertIn("Popping Ltd.", popped)
        self.assertEqual(quiet, 0)
