from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestScoreWindow(ValueCommon):
    """Covers: ANA-01, ANA-03: the window over a score."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.seller = new_test_user(
            cls.env, "score_seller", "sales_team.group_sale_salesman", **make
        )
        cls.clerk = new_test_user(cls.env, "score_clerk", "base.group_user", **make)
        cls.acme = cls.customer("Acme", user_id=cls.seller.id)
        cls.other = cls.customer("Other", user_id=cls.env.user.id)
        for customer in (cls.acme, cls.other):
            for month in (1, 4, 8, 15):
                cls.document(customer, cls.day(month), 100 + month)
        cls.refresh()

    def _entries(self, value):
        action = value.action_open_entries()
        return self.env[action["res_model"]].search(action["domain"])

    def test_each_score_tells_words_day_policy_and_entries(self):
        value = self.value(self.acme)
        for score in value._get_score_words():
            with self.subTest(score=score):
                told = value.get_score(score)
                self.assertTrue(told["title"])
                self.assertTrue(told["words"])
                self.assertEqual(told["as_of"], "2026-06-30")
                self.assertEqual(told["policy"], value.policy_id.display_name)
                self.assertEqual(told["entries"], 3)
                self.assertTrue(told["items"])

    def test_words_are_those_of_the_score(self):
        value = self.value(self.acme)
        self.assertIn(
            f"scores {'-'.join(value.cell)}.", value.get_score("cell")["words"]
        )
        self.assertEqual(value.get_score("loyalty")["words"], value.loyalty_words)
        self.assertIn(f"rank {value.rank} of 2", value.get_score("abc")["words"])
        self.assertIn(f"Tier {value.tier}:", value.get_score("tier")["words"])
        self.assertIn(
            value.get_score("value_class")["words"], value.explanation.split("\n")
        )

    def test_the_entries_are_the_journal_items_of_the_revenue(self):
        value = self.value(self.acme)
        items = self._entries(value)
        self.assertEqual(items._name, "account.move.line")
        self.assertEqual(len(items), value.get_score("monetary")["entries"])
        self.assertAlmostEqual(-sum(items.mapped("balance")), value.monetary)

    def test_a_seller_learns_no_contribution(self):
        value = self.value(self.acme).with_user(self.seller)
        for score, (_method, for_analysts) in value._get_score_words().items():
            words = value.get_score(score)["words"]
            if for_analysts:
                self.assertIn("which analysts see", words)
                self.assertFalse(any(letter.isdigit() for letter in words))
        told = value.get_score("cell")
        self.assertFalse(told["items"], "documents, not journal items")
        self.assertIn("scores", told["words"])
        action = value.action_open_entries()
        self.assertEqual(action["res_model"], "account.move")
        seen = self.env["account.move"].with_user(self.seller)
        self.assertEqual(told["entries"], seen.search_count(action["domain"]))

    def test_who_does_not_see_the_customer_learns_nothing(self):
        for user, partner in ((self.seller, self.other), (self.clerk, self.acme)):
            value = self.value(partner).with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    value.get_score("cell")
                with self.assertRaises(AccessError):
                    value.action_open_entries()
