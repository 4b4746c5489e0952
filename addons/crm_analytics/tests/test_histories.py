import os
import random
from collections import Counter
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..tools import features
from .common import ValueCommon

# Months before the as-of date in which each of six customers bought.
MONTHS = (
    (18, 17, 16),
    (18, 15, 12, 9, 6, 3, 1),
    (16, 15, 14),
    (14, 8, 2),
    (12, 11, 10, 9, 8, 5, 3, 2, 1),
    (6, 1),
)


@tagged("post_install", "-at_install")
class TestIncrementalEqualsFull(ValueCommon):
    """Covers: ANA-01

    Histories of posting, resetting, cancelling, refunding, dating back, ordering, new
    customers, changed rates of a currency, changed costs of goods and of an hour,
    visits, merged customers, and runs that are stopped, at times of another policy, in
    two companies. Three always the same ones, unless HISTORIES says how many and
    HISTORY_SEED which is the first.
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
            policy._change(
                {
                    "model_minimum": 3,
                    "rule_minimum": 2,
                    "rule_support": 0.01,
                    "rule_confidence": 0.01,
                    "rule_lift": 0.1,
                }
            )
        cls.employee = (
            cls.env["hr.employee"]
            .sudo()
            .create({"name": "Seller", "company_id": cls.company.id})
        )
        cls.employee.user_id = cls.env["res.users"].create(
            {
                "name": "Seller",
                "login": "history_seller",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )
        cls.offers = cls.env["product.product"].create(
            [
                {"name": f"Goods {index}", "type": "consu", "list_price": 10 + index}
                for index in range(5)
            ]
        )

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
                                "product_id": rng.choice([self.goods.id, False]),
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

    def _order(self, rng, customers, moves):
        """An order that is confirmed, or one that another customer made earlier."""
        company = rng.choice([self.company, self.other])
        Order = self.env["sale.order"].with_company(company)
        order = Order.browse()
        if rng.random() < 0.3:
            order = Order.search([("company_id", "=", company.id)], limit=1)
        if not order:
            order = Order.create(
                {
                    "partner_id": rng.choice(customers).id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create({"product_id": product.id})
                        for product in rng.sample(list(self.offers), 3)
                    ],
                }
            )
            order.action_confirm()
        order.date_order = self.as_of - relativedelta(days=rng.randrange(0, 300))

    def _stop(self, rng, as_of, company):
        """A run that is stopped in its midst."""
        policy = self.env["crm.value.policy"]._get_current(company)
        window = rng.choice([12, 12, 6, 24])
        policy = policy._change({"window_months": window})
        self.env.flush_all()
        kind = rng.choice(["incremental", "full"])
        run = self.Run.sudo()._prepare(company, kind, as_of, None)
        for _step in range(rng.randrange(1, len(run.step_ids))):
            run._execute_step(run._get_next_step())
        run.action_cancel()
        policy._change({"window_months": 12})
        self.happened[f"_stop_{'same' if window == 12 else 'other'}"] += 1

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

    def _change_cost(self, rng, customers, moves):
        """Another cost of the goods; the days of changes go forward."""
        self.clock += relativedelta(days=rng.randrange(0, 120))
        with freeze_time(self.clock):
            company = rng.choice([self.company, self.other])
            goods = self.goods.with_company(company)
            goods.standard_price = rng.choice([0, 10, 20, 30])

    def _visit(self, rng, customers, moves):
        """Another visit, or one that goes to another day, customer or end."""
        Visit = self.env["crm.visit.report"]
        values = {
            "partner_id": rng.choice(customers).id,
            "date": self.as_of - relativedelta(days=rng.randrange(-30, 400)),
            "state": rng.choice(["planned", "done", "done", "cancel"]),
            "duration": rng.randrange(1, 5),
        }
        visits = Visit.search([("company_id", "=", self.company.id)])
        if visits and rng.randrange(3) == 0:
            rng.choice(visits).write(values)
        else:
            seller = {"name": "Visit", "user_id": self.employee.user_id.id}
            Visit.create({**values, **seller, "company_id": self.company.id})

    def _change_hour(self, rng, customers, moves):
        if "hourly_cost" in self.employee._fields:
            self.employee.hourly_cost = rng.randrange(40, 90)

    def _merge(self, rng, customers, moves):
        if len(customers) > 3:
            source = customers.pop(rng.randrange(len(customers)))
            target = rng.choice(customers)
            self.env["base.partner.merge.automatic.wizard"].with_company(
                self.company
            )._merge([source.id, target.id], target, extra_checks=False)

    def _step(self, rng, customers, moves):
        choice = rng.choice(
            [None] * 8
            + [self._reset, self._cancel, self._date_back, self._date_back]
            + [self._refund, self._change_rate, self._merge]
            + [self._change_cost, self._visit, self._change_hour, self._change_hour]
            + [self._order, self._order, self._order]
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
        self.env.cr.execute(
            "SELECT count(*), sum(rate) FROM res_currency_rate UNION ALL"
            " SELECT count(*), sum(extract(epoch FROM date_order)) FROM sale_order"
        )
        rates = self.env.cr.fetchall()
        self.env["crm.customer.cost"].invalidate_model()
        known = self.env["crm.customer.cost"].search([("res_model", "like", "visit")])
        cost = [self.goods.with_company(c).standard_price for c in self.journals]
        return (
            rates,
            known.mapped("amount"),
            cost,
            [
                (move.state, move.invoice_date, move.commercial_partner_id)
                for move in moves
            ],
        )

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
        sums = {customer: round(amount, 2) for customer, amount in sums.items()}
        return {customer: amount for customer, amount in sums.items() if amount}

    def test_random_histories_give_identical_tables(self):
        self.happened = Counter()
        first = int(os.environ.get("HISTORY_SEED", 1))
        for seed in range(first, first + int(os.environ.get("HISTORIES", 3))):
            with self.subTest(seed=seed):
                rng = random.Random(seed)
                customers = [self.customer(f"C{seed}-{i}") for i in range(8)]
                moves, as_of = [], self.as_of
                self.goods = self.env["product.product"].create({"name": "Goods"})
                self.clock = as_of - relativedelta(days=800)
                self._visit(rng, customers, moves)
                for _round in range(3):
                    for _step in range(16):
                        self._step(rng, customers, moves)
                    as_of += relativedelta(days=rng.randrange(0, 40))
                    for company in (self.company, self.other):
                        if rng.random() < 0.4:
                            self._stop(rng, as_of, company)
                        self.refresh(as_of=as_of, company=company)
                for company in (self.company, self.other):
                    self._check(as_of, company)
        kinds = ["reset", "cancel", "date_back", "refund", "change_rate", "merge"]
        kinds += ["change_cost", "visit"]
        if "hourly_cost" in self.env["hr.employee"]._fields:
            kinds.append("change_hour")
        kinds += ["order", "suggestion", "stop_same", "stop_other"]
        self.assertEqual(set(self.happened), {f"_{kind}" for kind in kinds})

    def _customers_of_a_model(self):
        """Some stay and some leave, so that a model of it converges."""
        customers = [self.customer(f"Customer {index}") for index in range(len(MONTHS))]
        for customer, months in zip(customers, MONTHS, strict=True):
            for month in months:
                self.document(customer, self.day(month), 100)
        return customers

    def test_a_purchase_leaves_the_others_alone(self):
        customers = self._customers_of_a_model()
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
        self.assertEqual(full.proved_count, sum(map(len, MONTHS)) + 1)
        self.assertEqual(incremental, self.tables())

    def test_a_refresh_of_a_closed_month_makes_the_models_anew(self):
        customers = self._customers_of_a_model()
        before = self.refresh().model_fit["closed"]
        self.assertTrue(before["purchases"])
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
        self.happened["_suggestion"] += bool(incremental["crm.customer.suggestion"])
        full = self.refresh("full", as_of=as_of, company=company)
        self.assertEqual(incremental, self.tables(company))
        self.assertEqual(full.difference, 0)
        self.assertEqual(full.revenue_facts, full.revenue_moves)
        sums = {}
        for row in incremental["crm.customer.month"]:
            customer = row["partner_id"]
            sums[customer] = round(sums.get(customer, 0) + float(row["revenue"]), 2)
        # who cost something only has months without revenue
        self.assertEqual(
            {customer: amount for customer, amount in sums.items() if amount},
            self._by_items(as_of, company),
        )
