from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestOrderToCash(OrderToCashCommon):
    """Covers: SAL-01"""

    def assertFigures(self, record, **expected):
        steps = dict.fromkeys(
            ("quoted", "ordered", "delivered", "invoiced", "paid", "overdue"), 0.0
        )
        self.assertEqual(self.figures(record), steps | expected)

    def test_a_deal_without_documents_has_no_bar(self):
        self.assertFalse(self.deal().order_to_cash)
        self.assertFalse(self.env["crm.lead"].new({"name": "new"}).order_to_cash)

    def test_deal_order_and_customer_show_the_same_documents(self):
        deal = self.deal()
        self.quote(4, confirm=False, opportunity_id=deal.id)
        order = self.quote(10, opportunity_id=deal.id)
        order.order_line.qty_delivered = 6
        self.pay(self.invoice(order), 300)
        expected = dict(ordered=1000, delivered=600, invoiced=1000, paid=300)
        self.assertFigures(order, **expected)
        self.assertFigures(deal, quoted=400, **expected)
        self.assertFigures(self.customer, quoted=400, **expected)
        self.assertFigures(self.contact, quoted=400, **expected)

    def test_credit_note_reduces_invoiced(self):
        order = self.quote()
        invoice = self.invoice(order)
        self.pay(invoice)
        refund = invoice._reverse_moves(
            [{"invoice_date": fields.Date.today()}], cancel=False
        )
        refund.invoice_line_ids.quantity = 2
        refund.action_post()
        # the customer has paid more than is invoiced now: 200 are to be given back
        self.assertFigures(order, ordered=1000, invoiced=800, paid=1000)
        self.assertFigures(self.customer, ordered=1000, invoiced=800, paid=1000)

    def test_credit_note_settling_its_invoice_leaves_nothing_open(self):
        order = self.quote()
        self.invoice(order)._reverse_moves(
            [{"invoice_date": fields.Date.today()}], cancel=True
        )
        self.assertFigures(order, ordered=1000)

    def test_down_payment_is_not_counted_twice(self):
        order = self.quote()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        down = wizard._create_invoices(order)
        down.invoice_date = fields.Date.today()
        down.action_post()
        self.pay(down)
        self.assertFigures(order, ordered=1000, invoiced=300, paid=300)
        self.invoice(order, final=True)
        self.assertFigures(order, ordered=1000, invoiced=1000, paid=300)
        self.assertFigures(self.customer, ordered=1000, invoiced=1000, paid=300)

    def test_cancelled_documents_do_not_count(self):
        order = self.quote()
        move = self.invoice(order)
        move.button_draft()
        move.button_cancel()
        self.assertFigures(order, ordered=1000)
        order._action_cancel()
        self.assertFalse(self.figures(order))

    def test_overdue_counts_open_instalments_and_obeys_the_grace(self):
        order = self.quote()
        due = fields.Date.today() - timedelta(days=5)
        self.pay(self.invoice(order, due=due), 400)
        self.assertFigures(order, ordered=1000, invoiced=1000, paid=400, overdue=600)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.order_to_cash_overdue, 600)
        self.env.company.crm_b2b_overdue_grace = 5
        self.assertFigures(order, ordered=1000, invoiced=1000, paid=400)

    def test_each_document_keeps_its_own_rate(self):
        foreign = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": foreign.id}
        )
        order = self.quote(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, foreign)
        order.order_line.qty_delivered = 5
        self.invoice(order)
        expected = dict(ordered=500, delivered=250, invoiced=500)
        self.assertFigures(order, **expected)
        # a later rate does not touch what was agreed
        self.env["res.currency.rate"].create(
            {
                "name": fields.Date.today() + timedelta(days=1),
                "currency_id": foreign.id,
                "rate": 4.0,
                "company_id": self.env.company.id,
            }
        )
        self.assertFigures(order, **expected)

    def test_invoice_over_two_orders_is_shared_by_lines(self):
        orders = self.quote(1) + self.quote(3)
        move = self.invoice(orders)
        self.assertEqual(len(move), 1)
        self.pay(move, 200)
        self.assertFigures(orders[0], ordered=100, invoiced=100, paid=50)
        self.assertFigures(orders[1], ordered=300, invoiced=300, paid=150)
        self.assertFigures(self.customer, ordered=400, invoiced=400, paid=200)

    def test_discount_line_follows_what_was_delivered(self):
        order = self.quote(10)
        order.order_line.qty_delivered = 5
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.env["product.product"]
                .create({"name": "Discount", "type": "service"})
                .id,
                "product_uom_qty": 1,
                "price_unit": -100,
                "tax_ids": [Command.clear()],
            }
        )
        self.assertFigures(order, ordered=900, delivered=450)

    def test_all_steps_include_taxes(self):
        tax = self.company_data["default_tax_sale"]
        self.assertEqual(tax.amount, 15)
        order = self.quote(confirm=False)
        order.order_line.tax_ids = tax
        self.assertFigures(order, quoted=1150)
        order.action_confirm()
        order.order_line.qty_delivered = 5
        self.pay(self.invoice(order), 150)
        self.assertFigures(order, ordered=1150, delivered=575, invoiced=1150, paid=150)

    def test_only_selected_companies_count(self):
        other = self.setup_other_company()["company"]
        self.quote(1)
        self.env["sale.order"].with_company(other).create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.resin.id,
                            "price_unit": 7,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        ).action_confirm()
        one = self.customer.with_context(allowed_company_ids=self.env.company.ids)
        self.assertFigures(one, ordered=100)
        both = self.customer.with_context(
            allowed_company_ids=(self.env.company + other).ids
        )
        self.assertFigures(both, ordered=107)

    def test_a_seller_counts_own_documents_only(self):
        self.quote(1)
        self.quote(2, user_id=self.seller.id)
        seen = self.customer.with_user(self.seller)
        self.assertFigures(seen, ordered=200)

    def test_without_rights_on_documents_there_is_nothing(self):
        self.quote(1)
        user = new_test_user(self.env, "otc_nobody", "base.group_user")
        self.assertFalse(self.customer.with_user(user).order_to_cash)

    def test_each_step_opens_what_it_counts(self):
        deal = self.deal()
        quotation = self.quote(confirm=False, opportunity_id=deal.id)
        order = self.quote(opportunity_id=deal.id)
        order.order_line.qty_delivered = 1
        move = self.invoice(order, due=fields.Date.today() - timedelta(days=9))
        self.pay(move, 10)
        opened = {
            "quoted": quotation,
            "ordered": order,
            "delivered": order.order_line,
            "invoiced": move,
            "paid": move,
            "overdue": move,
        }
        for step in deal.order_to_cash["steps"]:
            with self.subTest(step=step["key"]):
                action = deal.action_order_to_cash(step["key"])
                records = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(records, opened[step["key"]])
                self.assertEqual(step["count"], len(records))
        with self.assertRaisesRegex(UserError, "cannot open"):
            deal.action_order_to_cash("stolen")

    def test_eighty_records_take_as_many_queries_as_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Account {n}", "is_company": True} for n in range(80)]
        )
        deals = self.env["crm.lead"].create(
            [
                {"name": p.name, "type": "opportunity", "partner_id": p.id}
                for p in partners
            ]
        )
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": deal.partner_id.id,
                    "opportunity_id": deal.id,
                    "order_line": [Command.create({"product_id": self.resin.id})],
                }
                for deal in deals
            ]
        )
        for records in (partners, deals, orders):
            with self.subTest(model=records._name):
                self._count_queries(records)  # access rights and rules get cached
                one = self._count_queries(records[:1])
                eighty = self._count_queries(records)
                self.assertEqual(one, eighty)
                self.assertLessEqual(eighty, 6)

    def _count_queries(self, records):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertTrue(all(records.mapped("order_to_cash")))
        return self.env.cr.sql_log_count - before
