from odoo.fields import Command
from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestBreadth(ValueCommon):
    """Product families bought, of those sold to the industry. Covers: ANA-08"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry = cls.env["res.partner.industry"].create({"name": "Coatings B"})
        cls.families = cls.env["product.category"].create(
            [{"name": name} for name in ("Pumps", "Seals", "Service")]
        )
        cls.pump, cls.seal, cls.call = cls.env["product.product"].create(
            [
                {
                    "name": family.name,
                    "type": "service" if family.name == "Service" else "consu",
                    "categ_id": family.id,
                    "taxes_id": [Command.clear()],
                }
                for family in cls.families
            ]
        )
        cls.acme, cls.other = (
            cls.customer(name, industry_id=cls.industry.id)
            for name in ("Acme", "Other")
        )
        cls.document(cls.acme, cls.day(2), 100, product=cls.pump)
        for months, product in ((1, cls.pump), (2, cls.seal), (14, cls.call)):
            cls.document(cls.other, cls.day(months), 100, product=product)

    def _breadth(self, partner):
        return self.value(partner).loyalty_parts["breadth"]

    def test_families_are_those_of_the_invoices(self):
        self.refresh()
        self.assertEqual(
            (self._breadth(self.acme), self._breadth(self.other)), (0.5, 1)
        )
        months = self.env["crm.customer.month"].search(
            [("company_id", "=", self.company.id), ("partner_id", "=", self.acme.id)]
        )
        self.assertEqual(months.families, str(self.pump.categ_id.id))
        self.assertEqual(months.family_count, 1)

    def test_what_counts_in_baskets_changes_no_breadth(self):
        self.document(self.acme, self.day(1), 10, product=self.call)
        self.refresh()
        self.assertAlmostEqual(self._breadth(self.acme), 2 / 3, 4)
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"basket_services": not policy.basket_services})
        self.refresh()
        self.assertAlmostEqual(self._breadth(self.acme), 2 / 3, 4)

    def test_a_product_that_changes_its_family_changes_the_breadth(self):
        self.refresh()
        self.seal.categ_id = self.pump.categ_id
        run = self.refresh()
        self.assertEqual(run.kind, "incremental")
        self.assertEqual((self._breadth(self.acme), self._breadth(self.other)), (1, 1))
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())
