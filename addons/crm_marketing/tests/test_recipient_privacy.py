import re

from odoo.tests import HttpCase, new_test_user, tagged

from .common_sending import SendingCommon

BODY = """<p>Dear <t t-out="object.name"/></p>
<t t-out="object.one_to_one_content"/>
<a href="/view">In the browser</a>
<a href="/unsubscribe_from_list">No more</a>"""


@tagged("post_install", "-at_install")
class TestRecipientPrivacy(SendingCommon, HttpCase):
    """What a recipient sees of others: nothing. Covers: MKT-05"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        block = cls.env["crm.content.block"].create(
            {"name": "B", "body": '<p>Only for <t t-out="object.name"/></p>'}
        )
        cls.letter = cls.mailing(
            audience_id=cls.audience().id,
            block_ids=block.ids,
            body_html=BODY,
            body_arch=BODY,
        )
        cls.letter._action_send_mail()
        cls.env.flush_all()
        cls.other = cls.mailing(subject="Other", audience_id=cls.audience().id)
        cls.env.flush_all()

    def _url(self, page, email=None, partner=None, mailing=None, token=None):
        """A link of the mail to Ada, with what somebody changed in it."""
        make = {
            "view": self.letter._get_view_url,
            "unsubscribe": self.letter._get_unsubscribe_url,
            "oneclick": self.letter._get_unsubscribe_oneclick_url,
        }[page]
        url = make(self.ada.email, self.ada.id)
        url = url[url.index("/mailing") :]
        for mine, theirs in (
            (f"document_id={self.ada.id}", partner and f"document_id={partner.id}"),
            ("office%40ada.example", email and email.replace("@", "%40")),
            (f"/mailing/{self.letter.id}/", mailing and f"/mailing/{mailing.id}/"),
        ):
            self.assertIn(mine, url)
            url = url.replace(mine, theirs) if theirs else url
        if token is not None:
            url = re.sub("&hash_token=[^&]+", token, url)
        return url

    def _changed(self, page):
        """Links with somebody else's name in them, and without proof."""
        return [
            self._url(page, partner=self.bob),
            self._url(page, email=self.bob.email),
            self._url(page, email=self.bob.email, partner=self.bob),
            self._url(page, mailing=self.other),
            self._url(page, token="&hash_token=0"),
            self._url(page, token=""),
        ]

    def test_the_page_in_the_browser_is_the_recipient_s_own(self):
        response = self.url_open(self._url("view"))
        self.assertEqual(response.status_code, 200)
        self.assertIn("Only for Ada Works", response.text)
        for other in (self.bob, self.cyn):
            self.assertNotIn(other.name, response.text)
            self.assertNotIn(other.email, response.text)

    def test_changed_links_show_nothing_to_anybody_outside(self):
        new_test_user(
            self.env, "mkt_guest", "base.group_portal", email="guest@else.example"
        )
        for login in (None, "mkt_guest"):
            self.authenticate(login, login)
            for page in ("view", "unsubscribe"):
                for url in self._changed(page):
                    with self.subTest(login=login, url=url):
                        response = self.url_open(url, allow_redirects=False)
                        self.assertIn(response.status_code, (400, 401, 403, 404))
                        for name in ("Ada", "Bob", "Cyn"):
                            self.assertNotIn(f"{name} Works", response.text)

    def test_changed_links_withdraw_nobody(self):
        for url in self._changed("oneclick"):
            self.url_open(url, method="POST")
        page = self._changed("unsubscribe")
        for url in page:
            self.url_open(url.replace("/confirm_unsubscribe", "/unsubscribe"))
        everybody = self.ada | self.bob | self.cyn
        self.assertFalse(everybody.consent_ids)
        self.assertFalse(
            self.env["mail.blacklist"].search_count(
                [("email", "in", everybody.mapped("email"))]
            )
        )

    def test_a_mail_names_no_other_recipient_in_text_links_or_headers(self):
        mails = self.letter.mailing_trace_ids.mail_mail_id.sudo()
        self.assertEqual(len(mails), 3)
        everybody = self.ada | self.bob | self.cyn
        for mail in mails:
            for prepared in mail._prepare_outgoing_list():
                [to] = prepared["email_to"]
                self.assertFalse(prepared["email_cc"])
                text = repr(prepared)
                for partner in everybody:
                    own = partner.email in to
                    self.assertEqual(partner.email in text, own)
                    self.assertEqual(
                        partner.email.replace("@", "%40") in text, own, "links"
                    )
                    self.assertEqual(partner.name in prepared["body"], own)
