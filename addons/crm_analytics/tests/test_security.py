import re

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

    def _get_numbers(self, records):
        """Text of all that the reader of the records gets."""
        names = [
            name
            for name, field in records.fields_get(attributes=["type"]).items()
            if field["type"] not in ("many2one", "many2many", "one2many", "binary")
        ]
        found = []
        for name in names:
            try:
                found.append(str(records.read([name])))
            except AccessError:
                found.append("")
        return "".join(found)

    def test_a_seller_reads_no_totals_of_the_company(self):
        """Amounts of others, and those of all, stand nowhere in what a seller reads."""
        self.document(self.mine, self.day(2), 4321.5)
        self.document(self.theirs, self.day(2), 87654.25)
        self.refresh("full")
        names = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", "crm_analytics"), ("model", "=", "ir.model")])
        )
        models = self.env["ir.model"].sudo().browse(names.mapped("res_id"))
        readable, secret = set(), re.compile(r"87,?[68]54|92,?275")
        for name in models.mapped("model"):
            Model = self.env[name].with_user(self.seller)
            if Model._abstract or Model._transient or not Model.has_access("read"):
                continue
            if Model._original_module != "crm_analytics":
                continue
            readable.add(name)
            domain = []
            if "company_id" in Model._fields:
                domain = [("company_id", "=", self.company.id)]
            with self.subTest(model=name):
                records = Model.search(domain)
                self.assertFalse(secret.search(self._get_numbers(records)))
        self.assertIn("crm.customer.value", readable)
        self.assertFalse({"crm.value.run", "crm.value.run.step"} & readable)
        run = self.Run._get_last(self.company)
        self.assertTrue(secret.search(self._get_numbers(run)), "else it finds nothing")
        for name in ("read", "get_progress"):
            with self.assertRaises(AccessError):
                getattr(run.with_user(self.seller), name)()

    def test_a_seller_learns_no_loss_from_letters(self):
        """Covers: ANA-04"""
        self.document(self.theirs, self.day(1), 100_000)
        losing = self.customer("Losing", user_id=self.seller.id)
        self.document(losing, self.day(30), 50)
        self.document(losing, self.day(8), 50)
        self.document(losing, self.day(1), 90, "out_refund")
        self.env["crm.value.policy"]._get_current(self.company)._change(
            {"loyalty_limit": 100, "new_months": 1}
        )
        self.refresh("full")
        value = self.value(losing)
        self.assertEqual(value.abc, "D")
        own = value.with_user(self.seller)
        own.invalidate_recordset()
        self.assertIn("ABC below B", own.explanation)
        self.assertIn("ABC below B", own.get_score("value_class")["words"])
        self.assertIn("ABC D", value.with_user(self.analyst).explanation)
        for name in ("abc", "abc_before", "run_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.read([name])
        for domain in ([("abc", "=", "D")], [("partner_id.value_abc", "=", "D")]):
            with self.assertRaises(AccessError):
                own.search(domain)
        with self.assertRaises(AccessError):
            own._read_group([], ["abc"])
        self.assertEqual(losing.with_user(self.analyst).value_abc, "D")
        for model in ("crm.customer.value.snapshot", "crm.sales.fact"):
            Model = self.env[model].with_user(self.seller)
            with self.subTest(model=model), self.assertRaises(AccessError):
                Model._read_group([], ["abc"])

    def test_a_seller_has_the_save_list(self):
        """Covers: ANA-02"""
        self.env.cr.execute(
            "UPDATE crm_customer_value SET abc = 'B', churn_risk = 0.9"
            " WHERE partner_id IN %s",
            [(self.mine.id, self.theirs.id)],
        )
        self.env.invalidate_all()
        Value = self.Value.with_user(self.seller)
        self.assertEqual(Value.search([("at_risk", "=", True)]).partner_id, self.mine)
        self.assertTrue(self.value(self.mine).with_user(self.seller).at_risk)
        self.env.cr.execute("UPDATE crm_customer_value SET abc = 'C'")
        self.env.invalidate_all()
        self.assertFalse(Value.search([("at_risk", "=", True)]))
        self.assertIn(self.mine, Value.search([("at_risk", "!=", True)]).partner_id)
        self.assertFalse(self.value(self.mine).with_user(self.seller).at_risk)
        for kind in ("list", "form", "kanban", "pivot", "search"):
            arch = Value.get_view(view_type=kind)["arch"]
            self.assertNotIn('"abc"', arch)
            self.assertNotIn("'abc'", arch)
            shown = self.Value.with_user(self.analyst).get_view(view_type=kind)["arch"]
            self.assertRegex(shown, "[\"']abc[\"']")

    def test_a_seller_sees_suggestions_without_the_margin_in_them(self):
        product = self.product_a
        rule = (
            self.env["crm.association.rule"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "left_id": self.product_b.id,
                    "product_id": product.id,
                }
            )
        )
        Suggestion = self.env["crm.customer.suggestion"]
        Suggestion.sudo().create(
            {
                "company_id": self.company.id,
                "partner_id": self.mine.id,
                "product_id": product.id,
                "rule_id": rule.id,
                "score": 9.75,
                "place": 1,
            }
        )
        own = Suggestion.with_user(self.seller)
        seen = own.search([("partner_id", "=", self.mine.id)])
        self.assertEqual(seen.product_id, product)
        self.assertTrue(seen.reason)
        for way in (
            lambda: seen.read(["score"]),
            lambda: own.search([("score", ">", 9)]),
            lambda: own.search([], order="score"),
        ):
            with self.assertRaises(AccessError):
                way()

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
