from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestFrameAgreement(OrderToCashCommon):
    """Covers: SAL-13"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.agreement = cls.env["sale.blanket.order"].create(
            {
                "partner_id": cls.customer.id,
                "pricelist_id": cls._pricelist().id,
                "user_id": cls.seller.id,
                "validity_start_date": cls.today,
                "validity_date": cls.today + timedelta(days=30),
                "line_ids": [
                    Command.create(
                        {
                            "product_id": cls.resin.id,
                            "product_uom": cls.resin.uom_id.id,
                            "original_uom_qty": 100,
                            "price_unit": 80.0,
                        }
                    )
                ],
            }
        )
        cls.agreement.action_confirm()

    @classmethod
    def _pricelist(cls):
        return cls.env["product.pricelist"].create(
            {"name": "Agreed", "currency_id": cls.env.company.currency_id.id}
        )

    def _order(self, quantity):
        return self.env["sale.order"].create(
            {
                "partner_id": self.contact.id,
                "pricelist_id": self.agreement.pricelist_id.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.resin.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )

    def test_an_order_of_a_contact_calls_off_at_the_agreed_price(self):
        order = self._order(30)
        self.assertEqual(order.order_line.blanket_order_line, self.agreement.line_ids)
        self.assertEqual(order.order_line.price_unit, 80.0)
        order.action_confirm()
        self.assertEqual(self.agreement.line_ids.remaining_uom_qty, 70)
        self.assertEqual(self.agreement.amount_remaining, 5600.0)
        self.assertAlmostEqual(self.agreement.consumption, 30.0)

    def test_more_than_is_left_is_not_called_off(self):
        order = self._order(90)
        order.action_confirm()
        self.assertFalse(self._order(20).order_line.blanket_order_line)

    def test_another_company_does_not_call_off(self):
        order = self._order(5)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order.partner_id = stranger
        self.assertFalse(order.order_line.blanket_order_line)
        with self.assertRaises(ValidationError):
            order.order_line.blanket_order_line = self.agreement.line_ids
            order.check_partner_id()

    def test_the_wizard_creates_the_call_off_order(self):
        wizard = (
            self.env["sale.blanket.order.wizard"]
            .with_context(
                active_id=self.agreement.id,
                active_ids=self.agreement.ids,
                active_model="sale.blanket.order",
            )
            .create({})
        )
        wizard.line_ids.qty = 12
        action = wizard.create_sale_order()
        order = self.env["sale.order"].search(action["domain"])
        self.assertRecordValues(
            order.order_line,
            [{"product_uom_qty": 12.0, "price_unit": 80.0}],
        )
        self.assertEqual(self.agreement.line_ids.remaining_uom_qty, 88)

    def test_the_salesperson_is_warned_once_before_the_end(self):
        self.env.company.crm_b2b_agreement_notice = 20
        Agreement = self.env["sale.blanket.order"]
        Agreement._cron_warn_expiry()
        self.assertFalse(self.agreement.activity_ids)
        self.env.company.crm_b2b_agreement_notice = 40
        Agreement._cron_warn_expiry()
        Agreement._cron_warn_expiry()
        self.assertEqual(self.agreement.activity_ids.user_id, self.seller)
        self.assertEqual(len(self.agreement.activity_ids), 1)
        self.agreement.validity_date = self.today + timedelta(days=35)
        Agreement._cron_warn_expiry()
        self.assertEqual(len(self.agreement.activity_ids), 2)

    def test_an_agreement_past_its_end_is_expired(self):
        self.env.cr.execute(
            """UPDATE sale_blanket_order
                  SET validity_start_date = %s, validity_date = %s WHERE id = %s""",
            (
                self.today - timedelta(days=9),
                self.today - timedelta(days=1),
                self.agreement.id,
            ),
        )
        self.agreement.invalidate_recordset()
        self.env["sale.blanket.order"].expire_orders()
        self.assertEqual(self.agreement.state, "expired")

    def test_a_salesperson_does_not_see_a_colleagues_agreement(self):
        Agreement = self.env["sale.blanket.order"].with_user(self.seller)
        domain = [("id", "=", self.agreement.id)]
        self.assertTrue(Agreement.search(domain))
        self.agreement.user_id = self.env.user
        self.assertFalse(Agreement.search(domain))
