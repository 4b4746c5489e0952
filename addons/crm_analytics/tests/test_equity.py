from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestEquity(ValueCommon):
    """Covers: CUS-04"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry = cls.env["res.partner.industry"].create({"name": "Coatings T"})
        cls.acme = cls.customer("Acme", industry_id=cls.industry.id)
        cls.other = cls.customer("Other", industry_id=cls.industry.id)
        for months in range(1, 7):
            cls.document(cls.acme, cls.day(months), 100)
            cls.document(cls.other, cls.day(months), 50)

    def _spends(self, partner, amount):
        return self.env["crm.wallet.estimate"].create(
            {
                "partner_id": partner.id,
                "categ_id": self.product_a.categ_id.id,
                "company_id": self.company.id,
                "yearly_spend": amount,
            }
        )

    def _equity(self, partner):
        self.refresh()
        self.env.flush_all()
        return self.env["crm.customer.equity"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )

    def test_equity_is_market_share_x_share_of_customer_x_lifetime_value(self):
        self._spends(self.acme, 1000)
        self._spends(self.acme, 1200)  # the later one counts
        self.env["crm.market.estimate"].create(
            {
                "company_id": self.company.id,
                "industry_id": self.industry.id,
                "yearly_volume": 9000,
                "source": "Study",
            }
        )
        row = self._equity(self.acme)
        value = self.value(self.acme).lifetime_value
        self.assertGreater(value, 0)
        self.assertAlmostEqual(row.market_share, 900 / 9000)
        self.assertAlmostEqual(row.customer_share, 600 / 1200)
        self.assertAlmostEqual(row.equity, round(0.1 * 0.5 * value, 2), 2)
        self.assertAlmostEqual(row.potential, value, 2)
        self.assertEqual(row.market_basis, "study")

    def test_known_spending_stands_for_a_market_without_a_study(self):
        self._spends(self.acme, 1200)
        self._spends(self.other, 600)
        row = self._equity(self.acme)
        self.assertEqual(row.market_basis, "accounts")
        self.assertAlmostEqual(row.market_share, 900 / 1800)

    def test_what_is_not_known_gives_no_equity(self):
        row = self._equity(self.other)
        self.assertTrue(row)
        self.assertFalse(row.equity)
        self.assertNotIn(row, row.search([("equity", "!=", False)]))

    def test_no_share_is_above_one(self):
        self._spends(self.acme, 10)
        row = self._equity(self.acme)
        self.assertEqual((row.customer_share, row.market_share), (1, 1))

    def test_a_longer_window_changes_no_market_share(self):
        """Covers: CUS-04, ANA-12"""
        for months in (14, 20):
            self.document(self.acme, self.day(months), 5000)
        self._spends(self.acme, 12000)
        before = self._equity(self.acme)
        shares = before.market_share, before.customer_share
        self.assertEqual(shares, (900 / 12000, 600 / 12000))
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"window_months": 24})
        after = self._equity(self.acme)
        self.assertEqual(self.value(self.acme).monetary, 10600)
        self.assertEqual((after.market_share, after.customer_share), shares)
