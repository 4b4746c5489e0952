from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestQuotationApproval(OrderToCashCommon):
    """Covers: SAL-12"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {
                "crm_b2b_quotation_approval": True,
                "crm_b2b_discount_limit": 15.0,
                "crm_b2b_margin_limit": 10.0,
            }
        )
        cls.resin.standard_price = 50.0
        cls.manager = new_test_user(
            cls.env,
            "approval_manager",
            "sales_team.group_sale_manager",
            company_id=cls.env.company.id,
            company_ids=cls.env.company.ids,
        )

    def _quotation(self, discount=0.0, price=100.0):
        order = self.quote(price=price, confirm=False, user_id=self.seller.id)
        order.order_line.discount = discount
        return order.with_user(self.seller)

    def test_within_the_limits_a_seller_confirms_alone(self):
        order = self._quotation(discount=15.0)
        self.assertFalse(order.limit_exceeded)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_discount_above_the_limit_waits_for_a_manager(self):
        order = self._quotation(discount=16.0)
        self.assertIn("discount of 16.0", order.limit_reason)
        with self.assertRaises(ValidationError):
            order.action_confirm()
        order.request_validation()
        with self.assertRaises(ValidationError):
            order.action_confirm()
        order.with_user(self.manager)._validate_tier()
        self.assertEqual(order.validation_status, "validated")
        order.write({"state": "sent"})
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_unapproved_terms_are_not_sent_to_the_customer(self):
        order = self._quotation(discount=16.0)
        with self.assertRaisesRegex(UserError, "needs approval before it is sent"):
            order.action_quotation_send()
        order.request_validation()
        order.with_user(self.manager)._validate_tier()
        self.assertTrue(order.action_quotation_send())

    def test_a_margin_below_the_limit_waits_for_a_manager(self):
        order = self._quotation(price=55.0)
        self.assertIn("margin is below", order.limit_reason)
        with self.assertRaises(ValidationError):
            order.action_confirm()

    def test_approved_terms_cannot_be_changed_behind_the_approval(self):
        order = self._quotation(discount=20.0)
        order.request_validation()
        order.with_user(self.manager)._validate_tier()
        with self.assertRaisesRegex(UserError, "Restart the validation"):
            order.order_line.discount = 60.0
        order.restart_validation()
        order.order_line.discount = 60.0
        with self.assertRaises(ValidationError):
            order.action_confirm()

    def test_without_the_setting_no_quotation_waits(self):
        self.env.company.crm_b2b_quotation_approval = False
        order = self._quotation(discount=90.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
