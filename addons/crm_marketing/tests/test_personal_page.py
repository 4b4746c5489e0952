from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common_result import ResultCommon


class PersonalCommon(ResultCommon, HttpCase):
    """A customer with a suggestion and news, and a contact of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry = cls.env["res.partner.industry"].create({"name": "Furniture"})
        cls.account = cls.customer(
            "Own Ltd.",
            industry_id=cls.industry.id,
            customer_rank=1,
            user_id=cls.seller.id,
        )
        cls.rival = cls.customer("Rival Ltd.", customer_rank=1, user_id=cls.seller.id)
        cls.buyer = cls.portal("mk_buyer", cls.account)
        cls.stranger = cls.portal("mk_stranger", cls.rival)
        cls.hardener = cls.env["product.product"].create(
            {"name": "Hardener Z9", "list_price": 55, "sale_ok": True}
        )
        rule = (
            cls.env["crm.association.rule"]
            .sudo()
            .create(
                {
                    "company_id": cls.company.id,
                    "left_id": cls.product_a.id,
                    "product_id": cls.hardener.id,
                    "count": 7,
                    "left_count": 9,
                    "lift": 2,
                    "confidence": 0.7,
                }
            )
        )
        cls.env["crm.customer.suggestion"].sudo().create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.account.id,
                "product_id": cls.hardener.id,
                "rule_id": rule.id,
                "score": 1,
                "place": 1,
            }
        )
        cls.news = cls.env["crm.news"].create(
            {
                "name": "Primer for furniture",
                "summary": "Dries in half the time",
                "body": "<p>Ask for the sheet.</p>",
                "industry_ids": [Command.set(cls.industry.ids)],
                "is_published": True,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def portal(cls, login, account):
        contact = cls.env["res.partner"].create(
            {
                "name": f"Contact {login}",
                "parent_id": account.id,
                "email": f"{login}@example.com",
            }
        )
        return cls.env["res.users"].create(
            {
                "name": contact.name,
                "login": login,
                "password": login,
                "partner_id": contact.id,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    def page(self, path, user=None):
        user = user or self.buyer
        self.authenticate(user.login, user.login)
        return self.url_open(path, allow_redirects=False)

    def post(self, path, data=(), user=None):
        user = user or self.buyer
        self.authenticate(user.login, user.login)
        values = [*data, ("csrf_token", Request.csrf_token(self))]
        return self.url_open(path, data=values, allow_redirects=False)


@tagged("post_install", "-at_install")
class TestPersonalPage(PersonalCommon):
    def test_the_page_shows_what_fits_with_reasons(self):
        """Covers: MKT-08, CUS-08"""
        text = self.page("/my/premier").text
        self.assertIn("Hardener Z9", text)
        self.assertIn("Because you bought product_a", text)
        self.assertNotIn("7 of 9", text, "what others bought is not said")
        self.assertIn("Primer for furniture", text)

    def test_another_company_s_contact_sees_nothing_of_it(self):
        """Covers: MKT-08, SAL-18"""
        text = self.page("/my/premier", self.stranger).text
        self.assertNotIn("Hardener Z9", text)
        self.assertNotIn("Primer for furniture", text)
        for path in (
            f"/my/premier/news/{self.news.id}",
            f"/my/premier/suggestion/{self.hardener.id}",
        ):
            self.assertEqual(self.page(path, self.stranger).status_code, 404, path)
        asked = self.post(
            f"/my/premier/ask/product/{self.hardener.id}", user=self.stranger
        )
        self.assertEqual(asked.status_code, 404)
        self.assertFalse(
            self.env["crm.interest"].search(
                [("partner_id", "=", self.stranger.partner_id.id)]
            )
        )

    def test_a_click_counts_once_a_day(self):
        """Covers: MKT-08"""
        for _time in range(3):
            self.assertEqual(
                self.page(f"/my/premier/news/{self.news.id}").status_code, 200
            )
        self.page(f"/my/premier/suggestion/{self.hardener.id}")
        interests = self.buyer.partner_id.interest_ids
        self.assertEqual(sorted(interests.mapped("kind")), ["news", "product"])
        self.assertEqual(interests.commercial_partner_id, self.account)
        self.assertEqual(self.news.interest_count, 1)

    def test_a_question_becomes_a_task_of_the_account_owner_once(self):
        """Covers: MKT-08"""
        self.page(f"/my/premier/suggestion/{self.hardener.id}")
        for _time in range(2):
            answer = self.post(f"/my/premier/ask/product/{self.hardener.id}")
            self.assertEqual(answer.status_code, 303)
        task = self.account.activity_ids
        self.assertEqual((len(task), task.user_id), (1, self.seller))
        self.assertIn("Hardener Z9", task.summary)
        self.assertTrue(self.buyer.partner_id.interest_ids.is_question)

    def test_what_is_due_can_be_ordered_again(self):
        """Covers: MKT-08"""
        for days in (90, 60, 31):
            order = self.sell(self.account, invoice=False)
            order.date_order = fields.Datetime.now() - relativedelta(days=days)
        self.env.flush_all()
        self.assertIn("Time to order again", self.page("/my/premier").text)
        self.assertNotIn(
            "Time to order again", self.page("/my/premier", self.stranger).text
        )

    def test_news_have_an_audience_and_a_time(self):
        """Covers: MKT-08"""
        News, today = self.env["crm.news"], self.today
        find = lambda account: News._find_for(account, self.company)  # noqa: E731
        self.assertEqual(find(self.account), self.news)
        self.assertEqual(self.news.customer_count, 1)
        for values in (
            {"date_from": today + relativedelta(days=1)},
            {
                "date_from": today - relativedelta(days=9),
                "date_to": today - relativedelta(days=1),
            },
            {"date_from": today, "date_to": False, "is_published": False},
        ):
            self.news.write(values)
            self.assertFalse(find(self.account), values)
        self.news.write({"is_published": True, "industry_ids": [Command.clear()]})
        self.assertIn(self.news, find(self.rival))
        categ = self.env["product.category"].create({"name": "Resins"})
        self.news.categ_ids = categ
        self.assertFalse(find(self.rival))
        self.product_a.categ_id = categ
        self.document(self.rival, 100)
        self.env.flush_all()
        self.assertEqual(find(self.rival), self.news)
        self.news.value_domain = "[('value_class', '=', 'dormant')]"
        self.assertFalse(find(self.rival))

    def test_preferences_are_the_contact_s_own(self):
        """Covers: MKT-05, MKT-08"""
        events = self.env.ref("crm_marketing.purpose_events")
        products = self.env.ref("crm_marketing.purpose_products")
        page = self.page("/my/premier/preferences")
        self.assertEqual(page.status_code, 200)
        self.assertIn(products.name, page.text)
        answer = self.post(
            "/my/premier/preferences",
            [
                ("purpose", str(events.id)),
                ("channel", "phone"),
                ("frequency", "month"),
                ("partner_id", str(self.stranger.partner_id.id)),
            ],
        )
        self.assertEqual(answer.status_code, 303)
        contact = self.buyer.partner_id
        said = contact._get_consents()[contact]
        self.assertEqual(said[events].state, "granted")
        self.assertEqual(said[products].state, "withdrawn")
        self.assertEqual(said[events].source, "portal")
        self.assertEqual(
            (contact.marketing_channel, contact.marketing_frequency), ("phone", "month")
        )
        self.assertFalse(self.stranger.partner_id.consent_ids)
        count = len(contact.consent_ids)
        self.post(
            "/my/premier/preferences", [("purpose", str(events.id)), ("channel", "spy")]
        )
        self.assertEqual(len(contact.consent_ids), count, "the same again is no news")
        self.assertEqual(contact.marketing_channel, "phone")

    def test_trainings_to_come_can_be_asked_for(self):
        """Covers: MKT-07, MKT-08"""
        begin = fields.Datetime.now() + relativedelta(days=20)
        training = self.env["event.event"].create(
            {
                "name": "Spraying course",
                "marketing_kind": "training",
                "date_begin": begin,
                "date_end": begin + relativedelta(hours=4),
                "company_id": self.company.id,
            }
        )
        self.assertIn("Spraying course", self.page("/my/premier").text)
        self.post(f"/my/premier/ask/training/{training.id}")
        self.assertEqual(self.buyer.partner_id.interest_ids.event_id, training)
        self.assertEqual(self.post("/my/premier/ask/secret/1").status_code, 404)
