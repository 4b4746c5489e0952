from odoo.tests import TransactionCase, tagged

from ..tools import demo_words


@tagged("post_install", "-at_install")
class TestServiceDemo(TransactionCase):
    """The demo shows one customer through sales and service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls.env.ref("crm_service.demo_user_agent", False)
        if not cls.agent:
            cls.skipTest(cls, "there is no demo company in this database")
        cls.customer = cls.env["service.demo"]._find_customers()[:1]

    def test_the_biggest_customer_has_products_contract_and_requests(self):
        for model in ("service.asset", "contract.contract", "helpdesk.ticket"):
            with self.subTest(model):
                found = self.env[model].search_count(
                    [("commercial_partner_id", "=", self.customer.id)]
                )
                self.assertGreater(found, 0)

    def test_past_requests_were_answered_and_solved_at_their_time(self):
        solved = self.env["helpdesk.ticket"].search(
            [("closed_date", "!=", False), ("team_id.name", "=", "Service desk")]
        )
        self.assertGreater(len(solved), 15)
        for ticket in solved:
            self.assertLess(ticket.create_date, ticket.first_response_date)
            self.assertLessEqual(ticket.first_response_date, ticket.closed_date)
        states = solved.clock_ids.mapped("state")
        self.assertEqual(set(states), {"met", "missed"})
        self.assertGreater(states.count("met"), states.count("missed"))

    def test_what_is_set_up_reads_in_chinese(self):
        """Covers: FRM-03"""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["service.demo"]._say_in_chinese()
        for (model, field), words in demo_words.WORDS.items():
            records = self.env[model].with_context(lang="en_US")
            for english, chinese in words.items():
                found = records.search([(field, "=", english)])
                with self.subTest(english):
                    self.assertTrue(found)
                    self.assertEqual(
                        set(found.with_context(lang="zh_CN").mapped(field)), {chinese}
                    )
