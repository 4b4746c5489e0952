from odoo.tests import freeze_time, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestCostOfGoods(ValueCommon):
    """Covers: ANA-06

    A product's cost on the day of the document; what it costs later changes no past.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.customer("Acme", company_id=cls.company.id)
        cls.document(cls.acme, cls.day(months=8), 10_000)

    def _assert_same(self):
        """An incremental run, which gives what a full one gives."""
        self.assertEqual(self.refresh().kind, "incremental")
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())

    def _goods_cost(self, day):
        self.env.invalidate_all()
        return (
            self.env["crm.customer.month"]
            .search(
                [
                    ("partner_id", "=", self.acme.id),
                    ("company_id", "=", self.company.id),
                    ("month", "=", day.replace(day=1)),
                ]
            )
            .cost_of_goods
        )

    def _price(self, price, day):
        with freeze_time(day):
            self.product_a.with_company(self.company).standard_price = price
            self.env.flush_all()

    def test_a_new_price_does_not_rewrite_the_past(self):
        before, after = self.day(months=3), self.day(days=3)
        self._price(40, self.day(months=5))
        self.document(self.acme, before, 100, quantity=3)
        self.document(self.acme, after, 100)
        self.refresh()
        self.assertEqual(self._goods_cost(before), 120)
        self._price(120, self.day(days=10))
        self._price(130, self.day(days=10))
        self._assert_same()
        self.assertEqual(self._goods_cost(before), 120)
        self.assertEqual(self._goods_cost(after), 130)
        fact = self.env["crm.sales.fact"].search(
            [("partner_id", "=", self.acme.id), ("date", "=", before)]
        )
        self.assertEqual(fact.cost, 120, "the facts for pivots tell the same")

    def test_the_day_of_a_change_counts_with_the_cost_it_began_with(self):
        day = self.day(days=10)
        self._price(40, self.day(months=5))
        self.document(self.acme, day, 100)
        self._price(120, day)
        self.refresh()
        self.assertEqual(self._goods_cost(day), 40)

    def test_a_wrong_cost_of_the_past_is_corrected(self):
        day = self.day(months=3)
        self._price(400, self.day(months=5))
        self.document(self.acme, day, 100)
        self._price(50, self.day(days=10))
        self.refresh()
        self.assertEqual(self._goods_cost(day), 400)
        wrong = self.env["crm.product.cost"].search(
            [("product_id", "=", self.product_a.id)]
        )
        self.assertEqual((wrong.day, wrong.cost), (self.day(days=10), 400))
        wrong.cost = 40
        self._assert_same()
        self.assertEqual(self._goods_cost(day), 40)
        wrong.unlink()
        self._assert_same()
        self.assertEqual(self._goods_cost(day), 50)

    def test_the_first_cost_known_counts_for_the_past(self):
        day = self.day(months=3)
        self.document(self.acme, day, 100)
        self.refresh()
        self.assertFalse(self._goods_cost(day))
        self._price(40, self.day(days=10))
        self._assert_same()
        self.assertEqual(self._goods_cost(day), 40)

    def test_another_family_changes_the_families_bought(self):
        other = self.product_a.copy()
        day = self.day(months=3)
        self.document(self.acme, day, 100)
        self.document(self.acme, day, 100, product=other)
        self.refresh()
        other.categ_id = self.env["product.category"].create({"name": "Other"})
        self._assert_same()
