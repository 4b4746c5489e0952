import random
from collections import Counter
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..tools import features
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


@tagged("post_install", "-at_install")
class TestIncrementalEqualsFull(ValueCommon):
    """Covers: ANA-01

    Histories of posting, resetting, cancelling, refunding, dating back, new customers,
    changed rates of a currency, and merged customers, in two companies.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.foreign = cls.setup_other_currency("EUR")
        cls.journals = {
            company: cls.env["account.journal"].search(
                [("company_id", "=", company.id), ("type", "=", "sale")], limit=1
            )
            for company in (cls.company, cls.other)
        }
        for company in cls.journals:  # so that eight customers are enough for models
            policy = cls.env["crm.value.policy"]._get_current(company)
            policy._change({"model_minimum": 3})

    def _post(self, rng, customers):
        """A document of either company, in either currency."""
        company = rng.choice([self.company, self.company, self.other])
        date = self.as_of - relativedelta(days=rng.randrange(0, 800))
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": rng.choice(
                        ["out_invoice"] * 4 + ["out_refund", "out_receipt"]
                    ),
                    "journal_id": self.journals[company].id,
                    "partner_id": rng.choice(customers).id,
                    "invoice_date": date,
                    "date": date,
                    "currency_id": rng.choice(
                        [company.currency_id, company.currency_id, self.foreign]
                    ).id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Goods",
                                "product_id": rng.choice([self.product_a.id, False]),
                                "price_unit": rng.randrange(1, 90_000) / 100,
                                "discount": rng.choice([0, 0, 7.5]),
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    def _reset(self, rng, customers, moves):
        move = rng.choice(moves)
        if move.state == "posted":
            move.button_draft()

    def _cancel(self, rng, customers, moves):
        move = rng.choice(moves)
        if move.state == "posted":
            move.button_draft()
        if move.state == "draft":
            move.button_cancel()

    def _date_back(self, rng, customers, moves):
        move = rng.choice(moves)
        if move.state == "posted":
            move.button_draft()
        if move.state != "draft":
            return
        move.name = False  # its number belongs to the old date
        move.invoice_date = self.as_of - relativedelta(days=rng.randrange(0, 800))
        move.date = move.invoice_date
        move.partner_id = rng.choice(customers)
        move.action_post()

    def _refund(self, rng, customers, moves):
        move = rng.choice(moves)
        if move.state == "posted" and move.move_type == "out_invoice":
            refund = move._reverse_moves(
                [{"invoice_date": move.invoice_date, "date": move.date}]
            )
            refund.action_post()
            moves.append(refund)

    def _change_rate(self, rng, customers, moves):
        company = rng.choice([self.company, self.other])
        day = self.as_of - relativedelta(days=rng.randrange(0, 800))
        Rate = self.env["res.currency.rate"].sudo()
        known = Rate.search(
            [
                ("currency_id", "=", self.foreign.id),
                ("company_id", "=", company.id),
                ("name", "=", day),
            ]
        )
        if not known:
            known = Rate.create(
                {
                    "currency_id": self.foreign.id,
                    "company_id": company.id,
                    "name": day,
                    "rate": 1,
                }
            )
        known.rate = rng.randrange(50, 400) / 100

    def _merge(self, rng, customers, moves):
        if len(customers) > 3:
            source = customers.pop(rng.randrange(len(customers)))
            target = rng.choice(customers)
            self.env["base.partner.merge.automatic.wizard"].with_company(
                self.company
            )._merge([source.id, target.id], target, extra_checks=False)

    def _step(self, rng, customers, moves):
        choice = rng.choice(
            [None] * 5
            + [self._reset, self._cancel, self._date_back, self._date_back]
            + [self._refund, self._change_rate, self._merge]
        )
        if choice and moves:
            changed = self._look(moves)
            choice(rng, customers, moves)
            if self._look(moves) != changed:
                self.happened[choice.__name__] += 1
        else:
            moves.append(self._post(rng, customers))

    def _look(self, moves):
        """What the kinds of step change."""
        self.env.flush_all()
        self.env.cr.execute("SELECT count(*), sum(rate) FROM res_currency_rate")
        return self.env.cr.fetchall(), [
            (move.state, move.invoice_date, move.commercial_partner_id)
            for move in moves
        ]

    def _by_items(self, as_of, company):
        """Revenue by customer from the journal items alone: another way to the sum."""
        items = self.env["account.move.line"].search(
            [
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "in", ("income", "income_other")),
                (
                    "move_id.move_type",
                    "in",
                    ("out_invoice", "out_refund", "out_receipt"),
                ),
            ]
        )
        sums = {}
        for item in items:
            customer = item.move_id.commercial_partner_id.id
            sums[customer] = sums.get(customer, 0) - item.balance
        return {customer: round(amount, 2) for customer, amount in sums.items()}

    def test_random_histories_give_identical_tables(self):
        self.happened = Counter()
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                rng = random.Random(seed)
                customers = [self.customer(f"C{seed}-{i}") for i in range(8)]
                moves, as_of = [], self.as_of
                for _round in range(3):
                    for _step in range(11):
                        self._step(rng, customers, moves)
                    as_of += relativedelta(days=rng.randrange(0, 40))
                    for company in (self.company, self.other):
                        self.refresh(as_of=as_of, company=company)
                for company in (self.company, self.other):
                    self._check(as_of, company)
        kinds = ("reset", "cancel", "date_back", "refund", "change_rate", "merge")
        self.assertEqual(set(self.happened), {f"_{kind}" for kind in kinds})

    def test_a_purchase_leaves_the_others_alone(self):
        customers = [self.customer(f"Customer {index}") for index in range(6)]
        for index, customer in enumerate(customers):
            for month in range(1, 5 + index):
                self.document(customer, self.day(month), 100)
        self.refresh()
        self.document(customers[2], self.as_of, 70)
        self.env.flush_all()
        run = self.Run.sudo()._prepare(self.company, "incremental", self.as_of, None)
        with patch.object(features, "compute", wraps=features.compute) as compute:
            run._execute()
        (facts, policy), _kw = compute.call_args
        self.assertEqual(len(facts.age), 1)
        self.assertTrue(policy.models.purchases, "the model of the closed months stays")
        self.assertEqual(run.proved_count, 1)
        incremental = self.tables()
        full = self.refresh("full")
        self.assertEqual(full.proved_count, 6 * 4 + 15 + 1)
        self.assertEqual(incremental, self.tables())

    def test_a_refresh_of_a_closed_month_makes_the_models_anew(self):
        customers = [self.customer(f"Customer {index}") for index in range(6)]
        for customer in customers:
            for month in range(1, 4):
                self.document(customer, self.day(month), 100)
        before = self.refresh().model_fit["closed"]
        self.document(customers[0], self.day(7), 70)
        run = self.refresh()
        self.assertEqual(run.kind, "incremental")
        self.assertNotEqual(run.model_fit["closed"], before)
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())

    def _check(self, as_of, company):
        run = self.refresh(as_of=as_of, company=company)
        self.assertEqual(run.kind, "incremental")
        incremental = self.tables(company)
        self.assertTrue(incremental["crm.customer.fact"])
        full = self.refresh("full", as_of=as_of, company=company)
        self.assertEqual(incremental, self.tables(company))
        self.assertEqual(full.difference, 0)
        self.assertEqual(full.revenue_facts, full.revenue_moves)
        sums = {}
        for row in incremental["crm.customer.month"]:
            customer = row["partner_id"]
            sums[customer] = round(sums.get(customer, 0) + float(row["revenue"]), 2)
        self.assertEqual(sums, self._by_items(as_of, company))
