import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..tools import cadence
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestFacts(ValueCommon):
    """Covers: ANA-01"""

    def test_refunds_lower_monetary_but_are_no_purchase(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(2), 100)
        self.document(acme, self.day(1), 30, "out_refund")
        self.refresh()
        self.assertRecordValues(
            self.value(acme),
            [
                {
                    "recency": (self.as_of - self.day(2)).days,
                    "frequency": 1,
                    "monetary": 70,
                    "refund_amount": 30,
                    "invoice_count": 1,
                }
            ],
        )

    def test_receipts_are_purchases(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 40, "out_receipt")
        self.refresh()
        self.assertEqual(self.value(acme).monetary, 40)
        self.assertEqual(self.value(acme).frequency, 1)

    def test_two_invoices_on_a_day_are_one_purchase_day(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 10)
        self.document(acme, self.day(1), 20)
        self.refresh()
        self.assertEqual(self.value(acme).frequency, 1)
        self.assertEqual(self.value(acme).invoice_count, 2)

    def test_cadence_and_months_are_those_of_the_purchase_days(self):
        """Covers: ANA-01"""
        rng, bought = random.Random(3), {}
        for number in range(8):
            customer = self.customer(f"Customer {number}")
            ages = [rng.choice((rng.randrange(700), 5, 900)) for _i in range(number)]
            bought[customer.id] = [self.as_of - timedelta(days=age) for age in ages]
            for date in bought[customer.id]:
                self.document(customer, date, 10)
            self.document(customer, self.as_of - timedelta(days=6), 1, "out_refund")
        self.refresh()
        pairs = [(key, day) for key, days in bought.items() for day in days]
        expected = cadence.cadences(
            [key for key, _day in pairs],
            [day.toordinal() for _key, day in pairs],
            self.as_of.toordinal(),
        )
        known = dict(
            zip(expected.customer.tolist(), expected.cadence.tolist(), strict=True)
        )
        year = self.as_of - relativedelta(years=1)
        facts = self.env["crm.customer.fact"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(facts), len(bought))
        for fact in facts:
            days = bought[fact.partner_id.id]
            with self.subTest(days=days):
                gap = known.get(fact.partner_id.id, 0)
                self.assertEqual(fact.cadence, 0 if gap != gap else gap)
                self.assertEqual(fact.purchase_days, len(set(days)))
                months = {(day.year, day.month) for day in days if day > year}
                self.assertEqual(fact.active_months, len(months))

    def test_contacts_count_for_their_commercial_entity(self):
        acme = self.customer("Acme")
        buyer = self.env["res.partner"].create({"name": "B", "parent_id": acme.id})
        self.document(buyer, self.day(1), 50)
        self.refresh()
        self.assertEqual(self.value(acme).monetary, 50)
        self.assertFalse(self.value(buyer))

    def test_a_customer_with_refunds_only_is_dormant_and_d(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 50, "out_refund")
        self.refresh()
        self.assertRecordValues(
            self.value(acme),
            [
                {
                    "monetary": -50,
                    "frequency": 0,
                    "last_date": False,
                    "value_class": "dormant",
                    "class_rule": "never_bought",
                    "r_score": 1,
                }
            ],
        )

    def test_foreign_currency_counts_at_the_booked_rate(self):
        currency = self.setup_other_currency("EUR")
        acme = self.customer("Acme")
        move = self.document(acme, self.day(1), 300, currency_id=currency.id)
        self.refresh()
        self.assertNotEqual(move.amount_untaxed, move.amount_untaxed_signed)
        self.assertEqual(self.value(acme).monetary, move.amount_untaxed_signed)

    def test_companies_have_their_own_rows(self):
        other = self.setup_other_company()["company"]
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100)
        journal = self.env["account.journal"].search(
            [("company_id", "=", other.id), ("type", "=", "sale")], limit=1
        )
        move = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "journal_id": journal.id,
                    "partner_id": acme.id,
                    "invoice_date": self.day(2),
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 7, "tax_ids": False})
                    ],
                }
            )
        )
        move.action_post()
        self.refresh()
        self.refresh(company=other)
        self.assertEqual(self.value(acme).monetary, 100)
        self.assertEqual(self.value(acme, other).monetary, 7)

    def test_reset_to_draft_takes_the_document_out(self):
        acme = self.customer("Acme")
        move = self.document(acme, self.day(1), 100)
        self.document(acme, self.day(3), 11)
        self.refresh()
        move.button_draft()
        self.refresh()
        self.assertEqual(self.value(acme).monetary, 11)

    def test_a_customer_without_documents_leaves_the_tables(self):
        acme = self.customer("Acme")
        move = self.document(acme, self.day(1), 100)
        self.refresh()
        move.button_draft()
        move.button_cancel()
        self.refresh()
        self.assertFalse(self.value(acme))

    def test_archived_customers_stay(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100)
        acme.active = False
        self.refresh()
        self.assertEqual(self.value(acme).monetary, 100)

    def test_merged_customers_become_one(self):
        acme, double = self.customer("Acme"), self.customer("Acme Ltd")
        self.document(acme, self.day(1), 100)
        self.document(double, self.day(1), 23)
        self.document(double, self.day(5), 1)
        self.refresh()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [acme.id, double.id], acme, extra_checks=False
        )
        self.refresh()
        self.assertEqual(self.value(acme).monetary, 124)
        self.assertEqual(self.value(acme).frequency, 2)
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())

    def test_the_window_moves_with_the_date(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(12) + relativedelta(days=1), 100)
        self.document(acme, self.day(1), 10)
        self.refresh()
        self.assertEqual(self.value(acme).monetary, 110)
        run = self.refresh(as_of=self.as_of + relativedelta(days=1))
        self.assertEqual(run.kind, "incremental")
        self.assertEqual(self.value(acme).monetary, 10)

    def test_discount_and_cost_of_the_month(self):
        """Covers: ANA-06"""
        self.product_a.with_company(self.company).standard_price = 40
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100, quantity=2, discount=10)
        self.refresh()
        month = self.env["crm.customer.month"].search(
            [("partner_id", "=", acme.id), ("company_id", "=", self.company.id)]
        )
        self.assertRecordValues(
            month,
            [
                {
                    "list_revenue": 200,
                    "discount_amount": 20,
                    "revenue": 180,
                    "cost_of_goods": 80,
                    "contribution": 100,
                }
            ],
        )

    def test_cost_comes_from_the_order_line_when_there_is_one(self):
        """Covers: ANA-06"""
        self.product_a.with_company(self.company).standard_price = 40
        order = self._create_sale_order_one_line(
            product_id=self.product_a.id, price_unit=100, partner_id=self.partner_a.id
        )
        order.order_line.purchase_price = 55
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.invoice_date = self.day(1)
        invoice.action_post()
        self.refresh()
        month = self.env["crm.customer.month"].search(
            [("partner_id", "=", self.partner_a.id)]
        )
        self.assertEqual(month.cost_of_goods, 55)
        order.order_line.purchase_price = 60
        self.refresh()
        self.assertEqual(month.cost_of_goods, 60)
