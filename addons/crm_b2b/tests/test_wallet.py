from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestWallet(OrderToCashCommon):
    """Covers: CUS-04"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.family = cls.env["product.category"].create({"name": "Resins"})
        cls.inner = cls.env["product.category"].create(
            {"name": "Epoxy", "parent_id": cls.family.id}
        )
        cls.resin.categ_id = cls.inner

    def _estimate(self, spend=4000.0, **values):
        return self.env["crm.wallet.estimate"].create(
            {
                "partner_id": self.customer.id,
                "categ_id": self.family.id,
                "yearly_spend": spend,
                **values,
            }
        )

    def test_share_is_what_we_invoiced_of_the_family_against_the_estimate(self):
        estimate = self._estimate()
        self.invoice(self.quote())
        estimate.invalidate_recordset()
        self.assertRecordValues(
            estimate, [{"invoiced": 1000.0, "share": 25.0, "to_win": 3000.0}]
        )
        self.assertEqual(self.customer.wallet_share, 25.0)
        self.assertEqual(self.customer.wallet_to_win, 3000.0)

    def test_refunds_and_old_invoices_do_not_count(self):
        estimate = self._estimate()
        move = self.invoice(self.quote())
        move._reverse_moves([{"invoice_date": self.today}]).action_post()
        old = self.quote()._create_invoices()
        old.invoice_date = self.today - timedelta(days=400)
        old.action_post()
        estimate.invalidate_recordset()
        self.assertEqual(estimate.invoiced, 0.0)

    def test_other_families_do_not_count(self):
        other = self.env["product.category"].create({"name": "Glues"})
        estimate = self._estimate(categ_id=other.id)
        self.invoice(self.quote())
        estimate.invalidate_recordset()
        self.assertEqual(estimate.share, 0.0)

    def test_an_old_estimate_says_so_and_a_newer_one_replaces_it(self):
        Estimate = self.env["crm.wallet.estimate"]
        old = self._estimate(1000.0, date=self.today - timedelta(days=500))
        self.assertTrue(old.is_old)
        self.assertTrue(old.is_latest)
        new = self._estimate(2000.0)
        both = [("id", "in", (old | new).ids)]
        self.assertEqual(Estimate.search([*both, ("is_latest", "=", True)]), new)
        self.assertEqual(Estimate.search([*both, ("is_latest", "=", False)]), old)
        self.assertEqual(Estimate.search([*both, ("is_old", "=", True)]), old)
        self.assertEqual(Estimate.search([*both, ("is_old", "=", False)]), new)

    def test_a_salesperson_sees_estimates_of_own_accounts(self):
        estimate = self._estimate()
        self.customer.user_id = self.env.user
        Estimate = self.env["crm.wallet.estimate"].with_user(self.seller)
        self.assertFalse(Estimate.search([("id", "=", estimate.id)]))
        self.customer.user_id = self.seller
        self.assertTrue(Estimate.search([("id", "=", estimate.id)]))
