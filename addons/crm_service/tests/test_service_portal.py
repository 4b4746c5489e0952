from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .visit_common import VisitCase


@tagged("post_install", "-at_install")
class TestServicePortal(HttpCase, VisitCase):
    """Covers: SRV-13"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.customer("Stranger Ltd")
        cls.users = {}
        for login, parent in (
            ("portal_mine", cls.partner),
            ("portal_colleague", cls.partner),
            ("portal_other", cls.stranger),
        ):
            user = new_test_user(cls.env, login, groups="base.group_portal")
            user.partner_id.parent_id = parent
            cls.users[login] = user
        cls.installed = cls.asset(
            product=cls.product("Zephyr 40"), delivery_date=cls.today
        )
        cls.done = cls.visit(
            employee_id=cls.ann.id,
            date_start=cls.at(9),
            asset_ids=cls.installed.ids,
        )
        cls.done.action_plan()
        cls.open_visit = cls.visit(summary="Only an idea")
        cls.owed = cls.entitlement(kind="hours", quantity=12.0, name="Hours on site")
        cls.article = cls.env["service.article"].create(
            {
                "name": "Pump is loud",
                "symptom": "It rattles",
                "remedy": "<p>Oil it</p>",
                "state": "published",
            }
        )
        cls.hidden = cls.env["service.article"].create(
            {"name": "Internal rattle note", "state": "checked"}
        )

    def setUp(self):
        super().setUp()
        if self.done.state != "done":
            self.finish(self.done)

    def page(self, login, url):
        self.authenticate(login, login)
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return response

    def test_a_customer_reads_products_visits_contract_and_solutions(self):
        page = self.page("portal_mine", "/my/assets")
        self.assertIn(self.installed.name, page.text)
        page = self.page("portal_mine", f"/my/assets/{self.installed.id}")
        self.assertIn("Warranty until", page.text)
        self.assertIn(self.done.name, page.text)
        page = self.page("portal_mine", "/my/visits")
        self.assertIn(self.done.name, page.text)
        self.assertNotIn("Only an idea", page.text)
        page = self.page("portal_mine", f"/my/visits/{self.done.id}")
        self.assertIn("Seal replaced", page.text)
        page = self.page("portal_mine", f"/my/contracts/{self.owed.contract_id.id}")
        self.assertIn("What is left", page.text)
        self.assertIn("Hours on site", page.text)
        page = self.page("portal_mine", f"/my/visits/{self.done.id}/report")
        self.assertTrue(page.url.endswith("/report"))
        self.assertIn("attachment", page.headers["Content-Disposition"])

    def test_solutions_are_found_by_likeness_and_drafts_are_not(self):
        page = self.page("portal_mine", "/my/solutions?search=rattles")
        self.assertIn("Pump is loud", page.text)
        self.assertNotIn("Internal rattle note", page.text)
        page = self.page("portal_mine", f"/my/solutions/{self.hidden.id}")
        self.assertNotIn("Internal rattle note", page.text)
        page = self.page("portal_mine", f"/my/solutions/{self.article.id}")
        self.assertIn("Oil it", page.text)

    def test_a_vote_counts_once_and_needs_a_token(self):
        self.authenticate("portal_mine", "portal_mine")
        url = f"/my/solutions/{self.article.id}/vote"
        before = self.article.helpful_count
        with mute_logger("odoo.http"):  # it warns of the missing token
            self.url_open(url, data={"helpful": "1"})
        self.assertEqual(self.article.helpful_count, before)
        from odoo import http  # noqa: PLC0415

        token = http.Request.csrf_token(self)
        for _twice in range(2):
            self.url_open(url, data={"helpful": "1", "csrf_token": token})
        self.article.invalidate_recordset()
        self.assertEqual(self.article.helpful_count, before + 1)

    def test_another_customer_reaches_nothing_by_id_route_or_token(self):
        secrets = (self.installed.name, self.done.name, "Seal replaced")
        for url in (
            "/my/assets",
            "/my/visits",
            f"/my/assets/{self.installed.id}",
            f"/my/visits/{self.done.id}",
            f"/my/visits/{self.done.id}?access_token=1234",
            f"/my/visits/{self.done.id}/report",
            f"/my/contracts/{self.owed.contract_id.id}",
            f"/my/contracts/{self.owed.contract_id.id}?access_token=1234",
            "/my/assets?search=Zeph",
        ):
            text = self.page("portal_other", url).text
            for secret in (*secrets, "Hours on site"):
                self.assertNotIn(secret, text, url)
        user = self.users["portal_other"]
        for record in (
            self.installed,
            self.done,
            self.owed,
            self.owed.move_ids[:1],
            self.owed.contract_id,
        ):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["id", "display_name", "create_date"])
        for model in ("service.work.line", "service.decision", "crm.credit.check"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).search([]).read(["id"])

    def test_photos_and_signature_are_not_served_to_another_customer(self):
        photo = self.env["ir.attachment"].create(
            {
                "name": "photo.png",
                "raw": b"photo",
                "res_model": "service.visit",
                "res_id": self.done.id,
            }
        )
        self.done.photo_ids = photo
        self.authenticate("portal_other", "portal_other")
        for url in (
            f"/web/content/{photo.id}",
            f"/web/content/{photo.id}?access_token=1234",
            f"/web/image/service.visit/{self.done.id}/signature",
        ):
            response = self.url_open(url)
            self.assertNotIn(b"photo", response.content)
            if "signature" in url:
                self.assertNotEqual(response.content, self.signature_bytes())

    def signature_bytes(self):
        import base64  # noqa: PLC0415

        return base64.b64decode(self.done.signature)

    def test_nobody_without_login_sees_anything(self):
        for url in (f"/my/visits/{self.done.id}", f"/my/assets/{self.installed.id}"):
            response = self.url_open(url)
            self.assertIn("/web/login", response.url)

    def test_a_contact_with_own_rights_sees_own_requests_and_visits_only(self):
        mine = self.users["portal_mine"].partner_id
        colleague = self.users["portal_colleague"]
        ticket = self.ticket(partner_id=mine.id)
        visit = self.visit(
            ticket_id=ticket.id,
            employee_id=self.ann.id,
            date_start=self.at(9) + timedelta(days=1),
        )
        visit.action_plan()
        colleague.partner_id.portal_scope = "company"
        records = ((ticket, "helpdesk.ticket"), (visit, "service.visit"))
        for record, model in records:
            found = self.env[model].with_user(colleague).search([])
            self.assertIn(record, found.with_user(self.env.user))
        colleague.partner_id.portal_scope = "own"
        for record, model in records:
            found = self.env[model].with_user(colleague).search([])
            self.assertNotIn(record, found.with_user(self.env.user))
            own = self.env[model].with_user(self.users["portal_mine"]).search([])
            self.assertIn(record, own.with_user(self.env.user))
        url = f"/my/ticket/{ticket.id}"
        self.assertNotIn(ticket.name, self.page("portal_colleague", url).text)
