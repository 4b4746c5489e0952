import base64

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_service.models.service_upload import LIMITS

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestServiceReturnPortal(HttpCase, ReturnCase):
    """Covers: SRV-09, SRV-13, SAL-18"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {}
        for login, parent in (
            ("return_mine", cls.customer),
            ("return_colleague", cls.customer),
            ("return_other", cls.stranger),
        ):
            user = new_test_user(
                cls.env,
                login,
                groups="base.group_portal",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            user.partner_id.parent_id = parent
            user.partner_id.portal_scope = "company"
            cls.users[login] = user
        cls.order = cls.sell()
        cls.pump_order = cls.sell(lot=cls.serials[0])
        cls.asset = cls.asset_of(cls.serials[0])
        cls.case = cls.returned(cls.order, 4)
        cls.case.customer_reference = "SECRET-88"
        cls.case.action_authorise()

    def page(self, login, url, data=None, photos=None):
        self.authenticate(login, login)
        if data is not None:
            data = data | {"csrf_token": http.Request.csrf_token(self)}
        files = [("photos", photo) for photo in photos or ()]
        response = self.url_open(url, data=data, files=files or None)
        self.assertEqual(response.status_code, 200)
        return response

    def key(self, order, lot=None):
        return f"quantity_{order.order_line.move_ids[0].id}-{lot.id if lot else 0}"

    def created(self, login):
        return self.env["service.return"].search(
            [("partner_id", "=", self.users[login].partner_id.id)]
        )

    def test_a_customer_follows_his_returns(self):
        page = self.page("return_mine", "/my/returns")
        self.assertIn(self.case.name, page.text)
        page = self.page("return_mine", "/my/returns?search=SECRET-88")
        self.assertIn(self.case.name, page.text)
        page = self.page("return_mine", f"/my/returns/{self.case.id}")
        for text in ("It leaks", "Resin", "Authorised", "Return slip"):
            self.assertIn(text, page.text)
        self.assertNotIn("Cost", page.text)
        page = self.page("return_mine", f"/my/returns/{self.case.id}/slip")
        self.assertIn("attachment", page.headers["Content-Disposition"])

    def test_a_customer_asks_for_a_return_of_what_was_delivered(self):
        page = self.page("return_mine", "/my/returns/new")
        self.assertIn(self.key(self.order), page.text)
        self.assertIn("SN-1", page.text)
        self.assertIn('name="reason"', page.text)
        page = self.page(
            "return_mine",
            "/my/returns/new",
            {self.key(self.order): "3", "reason": "Gels in the drum"},
        )
        self.assertIn("created=1", page.url)
        case = self.created("return_mine")
        self.assertRecordValues(
            case,
            [{"state": "draft", "origin": "portal", "reason": "Gels in the drum"}],
        )
        self.assertEqual(case.line_ids.quantity, 3)
        self.assertEqual(case.line_ids.sale_line_id, self.order.order_line)
        self.assertEqual(case.ticket_id.kind, "return")
        self.assertTrue(case.ticket_id.decision_id)

    def test_more_than_was_delivered_is_refused_in_words(self):
        for text, words in (
            ("7", "at most"),  # four of ten are on their way back
            ("-1", "is not a quantity"),
            ("nan", "is not a quantity"),
            ("", "Enter the quantity"),
        ):
            page = self.page(
                "return_mine",
                "/my/returns/new",
                {self.key(self.order): text, "reason": "Bad"},
            )
            self.assertIn(words, page.text, text)
        self.assertFalse(self.created("return_mine"))

    def test_a_return_of_an_installed_product(self):
        url = f"/my/returns/new?asset_id={self.asset.id}"
        page = self.page("return_mine", url)
        self.assertIn("SN-1", page.text)
        self.assertNotIn(self.key(self.order), page.text)
        self.page(
            "return_mine",
            "/my/returns/new",
            {
                "asset_id": self.asset.id,
                self.key(self.pump_order, self.serials[0]): "1",
                "reason": "Loud",
            },
        )
        self.assertEqual(self.created("return_mine").line_ids.asset_id, self.asset)

    PNG = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )

    def test_pictures_of_the_customer_are_on_the_return_for_our_people(self):
        """Several at once, more later; he sees them again on his page."""
        self.page(
            "return_mine",
            "/my/returns/new",
            {self.key(self.order): "1", "reason": "Dented"},
            [("dent.png", self.PNG), ("report.pdf", b"%PDF-1.4 report")],
        )
        case = self.created("return_mine")
        self.page(
            "return_mine",
            f"/my/returns/{case.id}/photos",
            {},
            [("label.png", self.PNG)],
        )
        photos = case._get_photos()
        self.assertEqual(
            {photo.name: photo.mimetype for photo in photos},
            {
                "dent.png": "image/png",
                "report.pdf": "application/pdf",
                "label.png": "image/png",
            },
        )
        said = case.message_ids.filtered("attachment_ids")
        self.assertEqual(said.author_id, self.users["return_mine"].partner_id)
        self.assertFalse(any(photos.mapped("public")))
        case.message_post(
            body="For us",
            subtype_xmlid="mail.mt_note",
            attachments=[("ours.png", self.PNG)],
        )
        page = self.page("return_mine", f"/my/returns/{case.id}").text
        self.assertIn("dent.png", page)
        self.assertNotIn("ours.png", page)
        for photo in photos:
            url = f"/my/returns/{case.id}/photos/{photo.id}"
            self.assertEqual(self.url_open(url).content, photo.raw)
        small = self.url_open(f"{url}?small=1")
        self.assertEqual(
            (small.status_code, small.headers["Content-Type"][:6]), (200, "image/")
        )
        ours = case.message_ids.attachment_ids - photos
        self.assertEqual(ours.name, "ours.png")
        url = f"/my/returns/{case.id}/photos/{ours.id}"
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_a_file_that_is_no_picture_is_refused_in_words(self):
        too_many = [(f"{n}.png", self.PNG) for n in range(LIMITS.number + 1)]
        for photos, words in (
            ([("fine.png", self.PNG), ("page.png", b"<svg/>")], "page.png is neither"),
            ([("virus.exe", b"MZ...")], "virus.exe is neither"),
            ([("nothing.png", b"")], "nothing.png is empty"),
            ([("huge.png", self.PNG + b"x" * LIMITS.size)], "huge.png is too large"),
            (too_many, "10 files at most"),
        ):
            page = self.page(
                "return_mine",
                "/my/returns/new",
                {self.key(self.order): "1", "reason": "Dented"},
                photos,
            )
            self.assertIn(words, page.text)
            self.assertIn("Dented", page.text, "what was typed is kept")
            self.assertFalse(self.created("return_mine"))
        self.case.action_cancel()
        page = self.page(
            "return_mine",
            f"/my/returns/{self.case.id}/photos",
            {},
            [("late.png", self.PNG)],
        )
        self.assertIn("This return is closed", page.text)

    def test_pictures_are_for_the_own_company_only(self):
        user = self.users["return_mine"]
        photo = self.case._add_photos(user, [("secret.png", self.PNG)])
        token = photo.generate_access_token()[0]
        photo.access_token = False
        for login in ("return_other", None):
            self.authenticate(login, login)
            for url in (
                f"/my/returns/{self.case.id}/photos/{photo.id}",
                f"/my/returns/{self.case.id}/photos/{photo.id}?access_token={token}",
                f"/web/content/{photo.id}",
                f"/web/content/{photo.id}?access_token={token}",
                f"/web/image/{photo.id}",
                f"/web/image/{photo.id}/288x224?access_token={token}",
            ):
                self.assertNotIn(self.PNG[:40], self.url_open(url).content, url)
        self.page(
            "return_other",
            f"/my/returns/{self.case.id}/photos",
            {},
            [("mine.png", self.PNG)],
        )
        self.assertEqual(self.case._get_photos(), photo)
        mine = self.returned(self.order, 1)
        mine.partner_id = self.users["return_other"].partner_id
        self.authenticate("return_other", "return_other")
        url = f"/my/returns/{mine.id}/photos/{photo.id}"
        self.assertEqual(self.url_open(url).status_code, 404, "not by an own return")
        with self.assertRaises(AccessError):
            photo.with_user(self.users["return_other"]).read(["raw"])

    def test_a_post_without_token_makes_nothing(self):
        self.authenticate("return_mine", "return_mine")
        with mute_logger("odoo.http"):
            self.url_open(
                "/my/returns/new", data={self.key(self.order): "1", "reason": "Bad"}
            )
        self.assertFalse(self.created("return_mine"))

    def test_another_customer_reaches_nothing_by_id_route_or_token(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"SECRET-PHOTO",
                "res_model": "service.return",
                "res_id": self.case.id,
            }
        )
        for url in (
            "/my/returns",
            "/my/returns?search=SECRET-88",
            "/my/returns/new",
            f"/my/returns/{self.case.id}",
            f"/my/returns/{self.case.id}?access_token=1234",
            f"/my/returns/{self.case.id}/slip",
            f"/my/returns/new?order_id={self.order.id}",
            f"/my/returns/new?asset_id={self.asset.id}",
        ):
            text = self.page("return_other", url).text
            for secret in (self.case.name, "It leaks", self.order.name, "SN-1"):
                self.assertNotIn(secret, text, url)
        for url in (
            f"/web/content/{attachment.id}",
            f"/web/content/{attachment.id}?access_token=1234",
        ):
            self.assertNotIn(b"SECRET-PHOTO", self.url_open(url).content)
        # keys of another customer are as unknown as made-up ones
        for post in (
            {self.key(self.order): "1"},
            {self.key(self.order): "1", "order_id": self.order.id},
            {f"quantity_asset-{self.asset.id}": "1", "asset_id": self.asset.id},
            {f"quantity_asset-{self.asset.id}": "1"},
        ):
            self.page("return_other", "/my/returns/new", post | {"reason": "Mine"})
            self.assertFalse(self.created("return_other"), post)

    def test_the_api_gives_a_customer_no_more_than_the_pages(self):
        user = self.users["return_other"]
        for record in (self.case, self.case.line_ids):
            self.assertFalse(record.with_user(user).search([("id", "=", record.id)]))
            with self.assertRaises(AccessError):
                record.with_user(user).read(["display_name"])
        mine = self.case.with_user(self.users["return_mine"])
        self.assertEqual(mine.reason, "It leaks")
        for values in ({"reason": "x"}, {"state": "done"}):
            with self.assertRaises(AccessError):
                mine.write(values)
        for action in ("action_authorise", "action_settle", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(mine, action)()
        with self.assertRaises(AccessError):
            mine.read(["cost_total"])
        for model in (
            "service.complaint",
            "service.complaint.step",
            "service.complaint.report",
            "service.return.select",
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.users["return_mine"]).search([])

    def test_a_contact_with_own_rights_sees_own_returns_only(self):
        colleague = self.users["return_colleague"]
        page = self.page("return_colleague", "/my/returns")
        self.assertIn(self.case.name, page.text)
        colleague.partner_id.portal_scope = "own"
        page = self.page("return_colleague", "/my/returns")
        self.assertNotIn(self.case.name, page.text)
        page = self.page("return_colleague", f"/my/returns/{self.case.id}")
        self.assertNotIn("It leaks", page.text)
        self.case.partner_id = colleague.partner_id
        page = self.page("return_colleague", "/my/returns")
        self.assertIn(self.case.name, page.text)

    def test_nobody_without_login_sees_anything(self):
        for url in (f"/my/returns/{self.case.id}", "/my/returns/new"):
            self.assertIn("/web/login", self.url_open(url).url)
