from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models import service_article
from .desk_common import DeskCase


@tagged("post_install", "-at_install")
class TestServiceArticle(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.articles = cls.env["service.article"].create(
            [
                {
                    "name": "Xylopump leaks oil at the shaft",
                    "symptom": "Oil under the xylopump",
                    "cause": "Seal worn",
                },
                {
                    "name": "液压泵漏油鑫鑫",
                    "symptom": "泵下面有油",
                    "cause": "密封磨损",
                },
                {"name": "Xylopump display is dark", "cause": "Fuse blown"},
            ]
        )
        cls.leak, cls.chinese, cls.dark = cls.articles

    def suggest(self, text, **options):
        found = (
            self.env["service.article"].with_user(self.agent).suggest(text, **options)
        )
        return [article["id"] for article in found]

    def test_what_is_typed_finds_the_solution_in_english_and_chinese(self):
        """Covers: SRV-11"""
        self.assertEqual(self.suggest("xylopump has an oil leak")[0], self.leak.id)
        self.assertEqual(self.suggest("客户说鑫鑫漏油")[0], self.chinese.id)
        self.assertNotIn(self.dark.id, self.suggest("液压泵漏油鑫鑫"))
        self.assertEqual(self.suggest(""), [])

    def test_words_of_no_solution_do_not_hide_those_that_are_known(self):
        """Covers: SRV-11"""
        text = "yesterday nonsensical xylopump leaks shaft customer"
        self.assertEqual(self.suggest(text)[0], self.leak.id)
        self.assertEqual(self.suggest("nonsensical qwertyuiop"), [])

    def test_enough_solutions_with_all_words_are_found_by_the_index_alone(self):
        """Covers: SRV-11; no article with only some of the words is read."""
        self.articles.copy({"name": "Xylopump leaks oil"})  # more with all words
        self.patch(service_article, "CANDIDATES", 3)
        articles = self.env["service.article"]
        found = articles._get_candidates("xylopump oil")
        self.assertEqual(len(found), 3)
        self.assertNotIn(self.dark, found)
        self.env.flush_all()
        with self.assertQueryCount(2):  # which words are known, which have them all
            articles._get_candidates("xylopump oil")

    def test_solutions_with_more_words_come_before_those_with_fewer(self):
        """Covers: SRV-11"""
        found = self.env["service.article"]._get_candidates("xylopump oil fuse blown")
        self.assertEqual(set(found[:2].ids), {self.leak.id, self.dark.id})
        self.assertEqual(found[0], self.dark)  # blown, fuse, xylopump

    def test_the_product_of_the_request_comes_first(self):
        """Covers: SRV-11"""
        product = self.product()
        self.dark.product_ids = product
        self.assertEqual(
            self.suggest("xylopump", product_id=product.id)[0], self.dark.id
        )

    def test_used_solutions_are_counted_once_a_request(self):
        """Covers: SRV-11"""
        ticket = self.ticket()
        article = self.leak.with_user(self.agent)
        article.action_use(ticket.id)
        article.action_use(ticket.id)
        self.assertEqual(self.leak.used_count, 1)
        self.assertEqual(ticket.article_ids, self.leak)
        article.action_helpful()
        article.action_not_helpful()
        self.assertEqual((self.leak.helpful_count, self.leak.unhelpful_count), (1, 1))

    def test_a_request_becomes_one_draft(self):
        """Covers: SRV-11"""
        ticket = self.ticket(cause="Bearing dry", resolution="<p>Grease it</p>")
        action = ticket.with_user(self.agent).action_create_article()
        article = self.env["service.article"].browse(action["res_id"])
        self.assertEqual((article.state, article.cause), ("draft", "Bearing dry"))
        self.assertEqual(ticket.action_create_article()["res_id"], article.id)

    def test_portal_users_read_published_solutions_and_may_not_write(self):
        """Covers: SRV-13"""
        portal = new_test_user(self.env, "desk_reader", groups="base.group_portal")
        articles = self.env["service.article"].with_user(portal)
        self.assertFalse(articles.search([("id", "in", self.articles.ids)]))
        self.leak.action_publish()
        self.assertEqual(articles.search([("id", "in", self.articles.ids)]), self.leak)
        self.leak.with_user(portal).action_helpful()
        with self.assertRaises(AccessError):
            self.leak.with_user(portal).name = "mine"
        with self.assertRaises(AccessError):
            self.dark.with_user(portal).action_helpful()
