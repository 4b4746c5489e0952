from lxml import html

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTicketPortalClose(HttpCase):
    """The close button of the portal changes the own ticket, and only that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attacker, cls.owner = (
            new_test_user(
                cls.env, login, groups="base.group_portal", password=f"{login}-secret"
            )
            for login in ("portal_close_attacker", "portal_close_owner")
        )
        stages = cls.env["helpdesk.ticket.stage"]
        cls.stage_open = stages.create({"name": "Fresh", "sequence": 1})
        cls.stage_closed = stages.create(
            {"name": "Solved", "closed": True, "close_from_portal": True}
        )
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Pump leaks",
                "description": "It leaks.",
                "partner_id": cls.owner.partner_id.id,
                "stage_id": cls.stage_open.id,
            }
        )

    def _login(self, user):
        self.authenticate(user.login, f"{user.login}-secret")

    def _values(self, **values):
        return {
            "ticket_id": self.ticket.id,
            "stage_id": self.stage_closed.id,
        } | values

    def _post(self, **values):
        """POST with a valid token against request forgery."""
        token = Request.csrf_token(self)
        return self.url_open("/ticket/close", data=self._values(csrf_token=token))

    def test_a_link_of_a_stranger_does_not_close_the_ticket(self):
        """The hole of helpdesk_mgmt 19.0.1.3.2: GET with another one's ticket id.

        Covers: SRV-13
        """
        self._login(self.attacker)
        self.url_open(
            f"/ticket/close?ticket_id={self.ticket.id}&stage_id={self.stage_closed.id}"
        )
        self.assertEqual(self.ticket.stage_id, self.stage_open)

    def test_a_link_does_not_close_even_the_own_ticket(self):
        """A picture in a mail must not be able to close it: no GET."""
        self._login(self.owner)
        answer = self.url_open(
            f"/ticket/close?ticket_id={self.ticket.id}&stage_id={self.stage_closed.id}"
        )
        self.assertEqual(answer.status_code, 405)
        self.assertEqual(self.ticket.stage_id, self.stage_open)

    @mute_logger("odoo.http")
    def test_a_post_without_token_is_refused(self):
        self._login(self.owner)
        answer = self.url_open("/ticket/close", data=self._values())
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.ticket.stage_id, self.stage_open)

    def test_a_post_of_a_stranger_changes_nothing(self):
        self._login(self.attacker)
        self._post()
        self.assertEqual(self.ticket.stage_id, self.stage_open)

    def test_a_stage_that_the_portal_may_not_set_is_refused(self):
        self.stage_closed.close_from_portal = False
        self._login(self.owner)
        self._post()
        self.assertEqual(self.ticket.stage_id, self.stage_open)

    def test_the_owner_closes_with_the_button(self):
        self._login(self.owner)
        answer = self._post()
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.ticket.stage_id, self.stage_closed)
        self.assertTrue(self.ticket.closed_date)

    def test_the_page_of_the_ticket_offers_a_form_that_posts(self):
        self._login(self.owner)
        page = self.url_open(f"/my/ticket/{self.ticket.id}").text
        forms = html.fromstring(page).xpath("//form[@action='/ticket/close']")
        self.assertTrue(forms)
        for form in forms:
            self.assertEqual(form.method, "POST")
            self.assertTrue(form.xpath(".//input[@name='csrf_token']/@value"))
