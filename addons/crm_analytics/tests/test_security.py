from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestSecurity(ValueCommon):
    """Covers: ANA-01"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.seller = new_test_user(
            cls.env, "value_seller", "sales_team.group_sale_salesman", **make
        )
        cls.analyst = new_test_user(
            cls.env, "value_analyst", "crm_analytics.group_analyst", **make
        )
        cls.mine = cls.customer("Mine", user_id=cls.seller.id)
        cls.theirs = cls.customer("Theirs", user_id=cls.analyst.id)
        cls.document(cls.mine, cls.day(1), 100)
        cls.document(cls.theirs, cls.day(1), 200)
        cls.refresh()

    def test_a_seller_sees_the_class_of_own_accounts_only(self):
        seen = self.Value.with_user(self.seller).search([])
        self.assertEqual(seen.partner_id, self.mine)
        self.assertTrue(self.mine.with_user(self.seller).value_class)
        self.assertFalse(self.theirs.with_user(self.seller).value_class)

    def test_a_seller_sees_no_profit(self):
        value = self.value(self.mine).with_user(self.seller)
        self.assertTrue(value.value_class)
        for name in ("contribution", "cum_share", "value_at_risk", "rank"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                value.read([name])
        with self.assertRaises(AccessError):
            self.env["crm.customer.month"].with_user(self.seller).search([])

    def test_a_seller_can_read_why(self):
        self.assertTrue(self.value(self.mine).with_user(self.seller).explanation)

    def test_a_seller_starts_no_refresh(self):
        with self.assertRaises(AccessError):
            self.Run.with_user(self.seller).action_refresh()

    def test_an_analyst_sees_all_and_refreshes(self):
        seen = self.Value.with_user(self.analyst).search([])
        self.assertEqual(seen.partner_id, self.mine | self.theirs)
        self.Run.with_user(self.analyst).action_refresh()
        self.assertEqual(self.Run._get_last(self.company).user_id, self.analyst)

    def test_an_analyst_opens_the_documents(self):
        value = self.value(self.theirs).with_user(self.analyst)
        moves = (
            self.env["account.move"]
            .with_user(self.analyst)
            .search(value.action_open_monetary()["domain"])
        )
        self.assertEqual(sum(moves.mapped("amount_untaxed_signed")), value.monetary)

    def test_an_analyst_changes_no_limit(self):
        policy = self.env["crm.value.policy"].with_user(self.analyst)
        with self.assertRaises(AccessError):
            policy.create({"company_id": self.company.id})

    def test_nobody_sees_another_company(self):
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "value_stranger",
            "crm_analytics.group_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.assertFalse(self.Value.with_user(stranger).search([]))
        self.assertFalse(self.env["crm.customer.month"].with_user(stranger).search([]))

    def test_finance_sees_profit_and_proof(self):
        accountant = new_test_user(
            self.env,
            "value_accountant",
            "account.group_account_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.assertTrue(accountant.has_group("crm_analytics.group_analyst"))
        seen = self.Value.with_user(accountant).search([])
        self.assertEqual(seen.partner_id, self.mine | self.theirs)
        self.assertEqual(sum(seen.mapped("contribution")), 300)
        self.assertTrue(seen[0].worth_words)
        run = self.Run._get_last(self.company).with_user(accountant)
        self.assertEqual(run.difference, 0)
        with self.assertRaises(AccessError):
            self.env["crm.value.policy"].with_user(accountant).create({})

    def test_a_seller_reads_how_loyalty_came_about_but_no_worth(self):
        value = self.value(self.mine).with_user(self.seller)
        self.assertIn("tenure", value.loyalty_words)
        with self.assertRaises(AccessError):
            value.read(["worth_words"])
        with self.assertRaises(AccessError):
            self.env["crm.value.playbook.outcome"].with_user(self.seller).search([])
