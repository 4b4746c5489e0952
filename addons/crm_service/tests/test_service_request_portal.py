from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.crm_service.models.service_upload import LIMITS

from .desk_common import DeskCase


@tagged("post_install", "-at_install")
class TestServiceRequestPortal(HttpCase, DeskCase):
    """Covers: SRV-01, SRV-13"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "helpdesk_mgmt_portal_select_category": True,
                "helpdesk_mgmt_portal_category_id_required": True,
            }
        )
        cls.machine, cls.sheet, cls.inner = cls.env["helpdesk.ticket.category"].create(
            [
                {
                    "name": "Test machine",
                    "service_asset": "required",
                    "service_contract": True,
                    "service_hint": "A picture of the type plate helps.",
                    "service_question_ids": [
                        Command.create(
                            {
                                "name": "Does it stand?",
                                "kind": "choice",
                                "choices": "Yes\nNo",
                                "required": True,
                            }
                        ),
                        Command.create({"name": "Running hours", "kind": "number"}),
                    ],
                },
                {
                    "name": "Test sheet",
                    "service_kind": "question",
                    "service_asset": "no",
                },
                {"name": "Test inner", "show_in_portal": False},
            ]
        )
        cls.stands, cls.hours = cls.machine.service_question_ids
        cls.other = cls.customer("Desk stranger")
        cls.asset, cls.foreign = cls.env["service.asset"].create(
            [
                {
                    "product_id": cls.product(name).id,
                    "partner_id": partner.id,
                    "state": "active",
                }
                for partner, name in (
                    (cls.partner, "Own pump"),
                    (cls.other, "Foreign pump"),
                )
            ]
        )
        cls.user = new_test_user(
            cls.env,
            "request_mine",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.user.partner_id.parent_id = cls.partner
        cls.user.partner_id.portal_scope = "company"

    def page(self, url, data=None, files=None):
        self.authenticate("request_mine", "request_mine")
        if data is not None:
            data = data | {"csrf_token": http.Request.csrf_token(self)}
        response = self.url_open(url, data=data, files=files)
        self.assertEqual(response.status_code, 200)
        return response.text

    def send(self, files=None, **values):
        form = {
            "category": str(self.machine.id),
            "asset_id": str(self.asset.id),
            f"question_{self.stands.id}": "Yes",
            "subject": "Pump is loud",
            "description": "Since this morning",
        }
        return self.page("/submitted/ticket", form | values, files)

    def tickets(self):
        return self.env["helpdesk.ticket"].search(
            [("partner_id", "=", self.user.partner_id.id)]
        )

    def assertRefused(self, page, sentence):
        self.assertIn(sentence, page)
        self.assertIn("Pump is loud", page, "what was written is kept")
        self.assertFalse(self.tickets())

    def test_the_form_shows_the_own_products_and_the_questions(self):
        page = self.page(f"/new/ticket?asset_id={self.asset.id}")
        self.assertIn(f'<option value="{self.asset.id}" selected', page)
        self.assertNotIn("Foreign pump", page)
        for text in ("Own pump", "Test machine", "Does it stand?", "type plate helps"):
            self.assertIn(text, page)
        self.assertNotIn("Test inner", page)
        page = self.page("/new/ticket?error=Call+another+number")
        self.assertNotIn("Call another number", page, "nobody else writes on the page")

    def test_a_request_has_product_kind_answers_and_a_decision(self):
        self.send(**{f"question_{self.hours.id}": "1200,5"})
        ticket = self.tickets()
        self.assertEqual(ticket.asset_id, self.asset)
        self.assertEqual(ticket.kind, "incident")
        self.assertEqual(ticket.category_id, self.machine)
        self.assertIn("Does it stand?", ticket.description)
        self.assertIn("1200.5", ticket.description)
        self.assertTrue(ticket.decision_id)

    def test_the_category_gives_the_kind(self):
        self.send(category=str(self.sheet.id), asset_id="")
        self.assertEqual(self.tickets().kind, "question")
        self.assertFalse(self.tickets().asset_id)

    def test_what_is_missing_is_said_and_nothing_is_lost(self):
        page = self.send(asset_id="", **{f"question_{self.stands.id}": ""})
        self.assertRefused(page, "Please choose the product it is about.")
        self.assertIn("Please answer: Does it stand?", page)
        self.assertRefused(self.send(category=""), "Please choose what it is about.")

    def test_a_wrong_answer_is_named(self):
        page = self.send(**{f"question_{self.hours.id}": "many"})
        self.assertRefused(page, "Running hours: many is not a number.")

    def test_what_is_not_the_customers_cannot_be_chosen(self):
        contract = self.env["contract.contract"].create(
            {"name": "Foreign", "partner_id": self.other.id}
        )
        for values in (
            {"asset_id": str(self.foreign.id)},
            {"asset_id": "999999999"},
            {"asset_id": "1 or 1"},
            {"contract_id": str(contract.id)},
            {"category": str(self.inner.id)},
            {"category": "abc"},
        ):
            with self.subTest(values):
                self.assertRefused(self.send(**values), "no longer there")

    def test_a_team_that_is_no_number_is_ignored(self):
        self.send(team="abc")
        self.assertEqual(len(self.tickets()), 1)

    def test_files_come_along_unless_they_are_too_large(self):
        huge = b"x" * (LIMITS.size + 1)
        page = self.send(files=[("attachment", ("huge.log", huge, "text/plain"))])
        self.assertRefused(page, "huge.log is too large")
        self.send(files=[("attachment", ("small.log", b"E-14", "text/plain"))])
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "helpdesk.ticket"), ("res_id", "=", self.tickets().id)]
        )
        self.assertEqual(attachment.mapped("raw"), [b"E-14"])

    def test_html_in_an_answer_stays_text(self):
        self.stands.category_id.service_question_ids = [
            Command.create({"name": "Code", "kind": "text"})
        ]
        code = self.machine.service_question_ids - self.stands - self.hours
        self.send(**{f"question_{code.id}": "<script>alert(1)</script>"})
        self.assertNotIn("<script>", self.tickets().description)
        self.assertIn("&lt;script&gt;", self.tickets().description)

    def test_choices_need_lines(self):
        with self.assertRaisesRegex(Exception, "one a line"):
            self.stands.choices = " \n "
