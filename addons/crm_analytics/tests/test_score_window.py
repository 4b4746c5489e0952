from odoo.exceptions import AccessError
from odoo.fields import Command
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

    def _entries(self, value, score="monetary"):
        action = value.action_open_entries(score)
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
                found = self._entries(value, score)
                self.assertEqual(told["entries"], len(found))
                self.assertTrue(found)
                kinds = {"items": "account.move.line", "months": "crm.customer.month"}
                self.assertEqual(found._name, kinds[told["kind"]])

    def test_words_are_those_of_the_score(self):
        value = self.value(self.acme)
        self.assertIn(
            f"scores {'-'.join(value.cell)}.", value.get_score("cell")["words"]
        )
        self.assertEqual(value.get_score("loyalty")["words"], value.loyalty_words)
        self.assertIn("Bought in 3 of the last 12 months", value.loyalty_words)
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
        self.assertEqual(told["kind"], "documents", "not journal items")
        self.assertIn("scores", told["words"])
        for score in value._get_score_words():
            action = value.action_open_entries(score)
            self.assertEqual(action["res_model"], "account.move")
            seen = self.env["account.move"].with_user(self.seller)
            self.assertEqual(
                value.get_score(score)["entries"], seen.search_count(action["domain"])
            )

    def test_who_does_not_see_the_customer_learns_nothing(self):
        for user, partner in ((self.seller, self.other), (self.clerk, self.acme)):
            value = self.value(partner).with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    value.get_score("cell")
                for score in ("monetary", "abc", "churn_risk"):
                    with self.assertRaises(AccessError):
                        value.action_open_entries(score)

    def _revenue(self, value, score):
        return -sum(self._entries(value, score).mapped("balance"))

    def test_what_a_score_opens_adds_up_to_its_figure(self):
        """Covers: ANA-01, ANA-02, ANA-03"""
        value = self.value(self.acme)
        fact = self.env["crm.customer.fact"].search([("partner_id", "=", self.acme.id)])
        for score, figure in (
            ("monetary", value.monetary),
            ("frequency", value.monetary),
            ("recency", 101),
            ("monetary_previous", value.monetary_previous),
            ("revenue_change", fact.revenue_half + fact.revenue_half_before),
            ("loyalty", fact.revenue),
            ("churn_risk", fact.revenue),
            ("p_active", fact.revenue),
        ):
            with self.subTest(score=score):
                self.assertTrue(figure)
                self.assertAlmostEqual(self._revenue(value, score), figure)
        for score, figure in (
            ("contribution", value.contribution),
            ("abc", value.contribution),
            ("value_at_risk", value.contribution),
            ("abc_before", value.contribution_previous),
            ("lifetime_value", fact.contribution_half),
            ("lifecycle", fact.contribution_total),
        ):
            with self.subTest(score=score):
                self.assertTrue(figure)
                months = self._entries(value, score)
                self.assertAlmostEqual(sum(months.mapped("contribution")), figure)

    def test_a_dormant_customer_shows_its_last_purchase(self):
        """Covers: ANA-01"""
        quiet = self.customer("Quiet")
        for days in (900, 814):
            self.document(quiet, self.day(0, days), 50 + days)
        self.refresh()
        value = self.value(quiet)
        told = value.get_score("recency")
        self.assertIn("814 days before 2026-06-30: score 1.", told["words"])
        self.assertEqual(told["entries"], 1)
        for score in ("recency", "value_class", "cell"):
            self.assertAlmostEqual(self._revenue(value, score), 864)
        self.assertEqual(value.get_score("monetary")["entries"], 0)

    def test_words_name_method_number_and_limits(self):
        """Covers: ANA-01"""
        value, run = self.value(self.acme), self.Run._get_judge(self.company)
        self.assertEqual((run.score_method, run.score_customer_count), ("fixed", 2))
        words = value.get_score("cell")["words"]
        self.assertIn("fixed limits, as 2 customers are too few", words)
        self.assertIn("5 up to 30 days, 4 up to 60 days, 3 up to 120 days", words)
        self.assertIn("5 from 12 days", words)
        self.assertIn("2 up to 240 days", value.get_score("recency")["words"])
        self.assertNotIn("up to", value.get_score("monetary")["words"].split("\n")[1])

    def test_revenue_of_two_half_years_is_told(self):
        """Covers: ANA-02"""
        words = self.value(self.acme).get_score("revenue_change")["words"]
        for amount in (101 + 104, 115):
            self.assertIn(self.company.currency_id.format(amount), words)
        self.assertIn("Change 78.26 %.", words)

    def test_what_opens_is_of_the_company_of_the_figure(self):
        """Covers: ANA-01"""
        other = self.setup_other_company()["company"]
        move = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.acme.id,
                    "invoice_date": self.day(1),
                    "date": self.day(1),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product_a.id,
                                "price_unit": 7000,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        self.refresh(company=other)
        both = {"allowed_company_ids": [self.company.id, other.id]}
        acme = self.acme.with_context(**both)
        value = self.value(self.acme).with_context(**both)
        theirs = self.value(self.acme, other).with_context(**both)
        self.assertEqual((value.monetary, theirs.monetary), (313, 7000))
        self.assertEqual(acme.customer_value_id, value)
        for score in value._get_score_words():
            self.assertEqual(self._entries(value, score).company_id, self.company)
        for step in acme.value_profit["steps"]:
            action = acme.action_open_profit_step(step["code"])
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertLessEqual(found.company_id, self.company)
        for open_list in (
            acme.action_open_value_recency,
            acme.action_open_value_frequency,
            acme.action_open_value_monetary,
            acme.action_open_value_months,
        ):
            action = open_list()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found.company_id, self.company)
        self.assertEqual(self._entries(theirs).company_id, other)
