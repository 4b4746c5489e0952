from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestAccountIdentity(ValueCommon):
    """What the account's tab Value tells under Identify and Differentiate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group_company = cls.customer("Holding")
        cls.account = cls.customer("Works", parent_id=cls.group_company.id)
        cls.firm = cls.customer("Daughter", parent_id=cls.account.id)
        cls.site = cls.env["res.partner"].create(
            {
                "name": "Ramp 3",
                "type": "delivery",
                "city": "Essen",
                "parent_id": cls.account.id,
            }
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Ada", "parent_id": cls.account.id}
        )
        Kind = cls.env["crm.buying.role.type"]
        Kind.search([]).active = False
        cls.decider, cls.user_role, cls.buyer = Kind.create(
            [{"name": name} for name in ("Decider", "User", "Buyer")]
        )
        cls.stage = cls.env["crm.stage"].create(
            {"name": "Asks", "required_role_ids": [(6, 0, cls.buyer.ids)]}
        )
        cls.deal = cls.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": cls.account.id,
                "stage_id": cls.stage.id,
                "company_id": cls.company.id,
            }
        )
        cls.role = cls.env["crm.buying.role"].create(
            {
                "lead_id": cls.deal.id,
                "partner_id": cls.person.id,
                "role_id": cls.decider.id,
                "stance": "champion",
            }
        )

    def _identity(self, partner=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (partner or self.account).with_user(user or self.env.user).value_identity

    def test_the_buying_centre_names_who_is_known_and_what_is_missing(self):
        """Covers: CUS-01"""
        decider, user_role, buyer = self._identity()["centre"]
        self.assertEqual(
            decider["people"],
            [{"id": self.person.id, "name": "Ada", "stance": "Champion"}],
        )
        self.assertEqual([user_role["people"], buyer["people"]], [[], []])
        self.assertFalse(user_role["needed"])
        self.assertTrue(buyer["needed"], "the stage of the open deal asks for it")
        self.deal.action_set_lost()
        self.assertFalse(self._identity()["centre"][2]["needed"])

    def test_group_subsidiaries_and_sites_are_named(self):
        """Covers: CUS-01"""
        identity = self._identity()
        names = {
            key: [item["name"] for item in identity[key]]
            for key in ("group", "firms", "sites")
        }
        self.assertEqual(
            names, {"group": ["Holding"], "firms": ["Daughter"], "sites": ["Ramp 3"]}
        )
        self.assertEqual(identity["sites"][0]["place"], "Essen")

    def test_a_contact_shows_the_account_it_belongs_to(self):
        self.assertEqual(self._identity(self.person), self._identity())

    def test_who_may_not_read_buying_centres_is_told_nothing_of_them(self):
        analyst = new_test_user(
            self.env,
            "identity_analyst",
            groups="crm_analytics.group_analyst,base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        allowed = self.env["crm.buying.role"].with_user(analyst).has_access("read")
        self.assertEqual(bool(self._identity(user=analyst)["centre"]), allowed)

    def test_more_people_and_sites_take_no_more_queries(self):
        self._count(self.account)  # what is kept between requests
        few = self._count(self.account)
        for index in range(6):
            person = self.env["res.partner"].create(
                {"name": f"P{index}", "parent_id": self.account.id}
            )
            self.role.copy({"partner_id": person.id, "role_id": self.user_role.id})
            self.site.copy({"parent_id": self.account.id})
            self.deal.copy()
        self.assertEqual(self._count(self.account), few)
        self.assertLessEqual(self._count(self.account + self.firm), few + 1)

    def _count(self, partners):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        partners.mapped("value_identity")
        return self.env.cr.sql_log_count - before

    # --- share of customer ----------------------------------------------------------

    def _spend(self, amount, months=3, **values):
        today = fields.Date.context_today(self.env["crm.wallet.estimate"])
        return self.env["crm.wallet.estimate"].create(
            {
                "partner_id": self.account.id,
                "categ_id": self.product_a.categ_id.id,
                "company_id": self.company.id,
                "yearly_spend": amount,
                "source": "visit",
                "date": today - relativedelta(months=months),
                **values,
            }
        )

    def _words(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.account.value_wallet_words

    def _invoice(self, amount):
        today = fields.Date.context_today(self.account)
        self.document(self.account, today - relativedelta(days=20), amount)

    def test_the_share_of_customer_says_of_how_much_whence_and_how_old(self):
        """Covers: CUS-04"""
        self.assertFalse(self._words())
        self._spend(1000)
        self._invoice(380)
        words = self._words()
        self.assertIn("38 % of ", words)
        self.assertIn("1,000", words)
        self.assertNotIn("1,000.00", words)
        self.assertIn("(Seen at a visit, 3 months ago)", words)
        self.assertNotIn("too low", words)

    def test_above_a_hundred_per_cent_the_estimate_is_called_too_low(self):
        """Covers: CUS-04"""
        self._spend(100)
        self._invoice(380)
        self.assertIn("380 % of ", self._words())
        self.assertIn("The estimate is too low", self._words())

    # --- curve ----------------------------------------------------------------------

    def test_the_form_draws_the_curve_in_its_tab_for_analysts_only(self):
        """Covers: ANA-10"""
        seller = new_test_user(
            self.env, "identity_seller", groups="sales_team.group_sale_salesman"
        )
        path = '<widget name="customer_curve"'
        form = self.account.get_view(view_type="form")["arch"]
        self.assertIn(path, form)
        form = self.account.with_user(seller).get_view(view_type="form")["arch"]
        self.assertNotIn(path, form)
        self.assertIn("value_identity", form)
