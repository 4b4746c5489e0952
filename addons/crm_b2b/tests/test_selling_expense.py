from odoo.tests import tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestSellingExpense(OrderToCashCommon):
    """Covers: SAL-11"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = (
            cls.env["hr.employee"]
            .sudo()
            .create({"name": "Seller", "user_id": cls.seller.id})
        )

    def _expense(self, amount=80.0, state="approved", **values):
        expense = (
            self.env["hr.expense"]
            .sudo()
            .create(
                {
                    "name": "Train",
                    "employee_id": self.employee.id,
                    "total_amount_currency": amount,
                    "tax_ids": False,
                    **values,
                }
            )
        )
        if state == "approved":
            expense.write({"approval_state": "approved"})
        return expense

    def test_an_approved_expense_is_the_cost_of_winning_the_deal(self):
        deal = self.deal(expected_revenue=800.0)
        expense = self._expense(crm_lead_id=deal.id)
        self._expense(40.0, state="draft", crm_lead_id=deal.id)
        self.assertEqual(expense.crm_partner_id, self.customer)
        self.assertEqual(deal.acquisition_cost, 80.0)
        self.assertEqual(deal.acquisition_share, 10.0)
        self.assertEqual(self.customer.selling_cost, 80.0)

    def test_an_expense_of_the_account_belongs_to_no_deal(self):
        deal = self.deal()
        self._expense(crm_partner_id=self.customer.id)
        self.assertEqual(deal.acquisition_cost, 0.0)
        self.assertEqual(self.contact.selling_cost, 80.0)

    def test_a_seller_reads_the_sum_though_not_a_colleagues_receipt(self):
        deal = self.deal(user_id=self.seller.id)
        colleague = self.env["hr.employee"].sudo().create({"name": "Colleague"})
        expense = self._expense(crm_lead_id=deal.id, employee_id=colleague.id)
        Expense = self.env["hr.expense"].with_user(self.seller)
        self.assertFalse(Expense.search([("id", "=", expense.id)]))
        self.assertEqual(deal.with_user(self.seller).acquisition_cost, 80.0)
