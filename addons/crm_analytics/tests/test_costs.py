from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestCosts(ValueCommon):
    """Covers: ANA-06, CUS-02"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.customer("Acme", company_id=cls.company.id)

    def _invoice(self, days_ago=100):
        term = self.env.ref("account.account_payment_term_immediate")
        return self.document(
            self.acme, self.day(days=days_ago), 10_000, invoice_payment_term_id=term.id
        )

    def _pay(self, invoice, day, amount=None):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day, **({"amount": amount} if amount else {})})
        )
        payment = wizard._create_payments()
        if payment.state != "paid":
            payment.action_validate()
        return payment

    def _meeting(self, day, hours=2.0):
        start = datetime.combine(day, datetime.min.time()) + timedelta(hours=9)
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "partner_id": self.acme.id,
                "company_id": self.company.id,
            }
        )
        return self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": lead.id,
                "start": start,
                "stop": start + timedelta(hours=hours),
                "user_id": self.env.uid,
            }
        )

    def _month(self, day):
        self.env.invalidate_all()
        return self.env["crm.customer.month"].search(
            [
                ("company_id", "=", self.company.id),
                ("partner_id", "=", self.acme.id),
                ("month", "=", day.replace(day=1)),
            ]
        )

    def test_money_that_came_late_costs_interest_in_the_month_it_came(self):
        invoice = self._invoice(100)
        paid = self.day(days=27)
        self._pay(invoice, paid)
        self.refresh()
        month = self._month(paid)
        # 73 days late, a fifth of a year, at 8 % a year
        self.assertAlmostEqual(month.cost_finance, 10_000 * 73 / 365 * 0.08)
        self.assertEqual(month.cost_to_serve, month.cost_finance)
        self.assertEqual(month.contribution, -month.cost_finance)

    def test_days_paid_late_are_weighted_by_amount_in_the_document_s_month(self):
        """Covers: ANA-01"""
        invoice = self._invoice(100)
        self.refresh()
        self.assertIsNone(self._overdue(invoice))
        self._pay(invoice, self.day(days=90), 2500)  # 10 days late
        self.assertEqual(self._overdue(invoice), 10)
        self._pay(invoice, self.day(days=60), 7500)  # 40 days late
        self._assert_same()
        self.assertEqual(self._overdue(invoice), (2500 * 10 + 7500 * 40) / 10_000)
        other = self._invoice(200)
        self._pay(other, self.day(days=210))
        self.refresh()
        self.assertEqual(self._overdue(other), 0, "early is not late the other way")

    def _overdue(self, invoice):
        """Days of the invoice's month after a refresh, None where nothing is paid."""
        self.refresh()
        self.env.cr.execute(
            "SELECT overdue_days_weighted::float8 FROM crm_customer_month"
            " WHERE partner_id = %s AND company_id = %s AND month = %s",
            [self.acme.id, self.company.id, invoice.invoice_date.replace(day=1)],
        )
        return self.env.cr.fetchone()[0]

    def test_money_in_time_and_open_invoices_cost_nothing(self):
        self._pay(self._invoice(100), self.day(days=100))
        self._invoice(90)
        self.refresh()
        months = self.env["crm.customer.month"].search(
            [("partner_id", "=", self.acme.id)]
        )
        self.assertEqual(set(months.mapped("cost_to_serve")), {0})

    def test_a_refund_is_no_payment(self):
        invoice = self._invoice(100)
        refund = self.document(self.acme, self.day(days=10), 10_000, "out_refund")
        (invoice | refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.refresh()
        self.assertFalse(self._month(self.day(days=10)).cost_finance)

    def test_a_meeting_costs_the_hour_of_the_policy(self):
        self._invoice(100)
        self._meeting(self.day(days=40), hours=2)
        self._meeting(self.as_of + timedelta(days=5))  # has not cost anything yet
        self.refresh()
        month = self._month(self.day(days=40))
        self.assertEqual(month.cost_sales, 120)
        self.assertFalse(month.revenue)
        self.assertFalse(self._month(self.as_of + timedelta(days=5)))

    def test_a_kind_without_a_source_is_absent(self):
        self._invoice(100)
        self.refresh()
        kinds, _sources = self.env["crm.customer.cost"]._get_sources()
        self.env.cr.execute(
            "SELECT cost_marketing, cost_finance FROM crm_customer_month"
            " WHERE company_id = %s",
            [self.company.id],
        )
        marketing, finance = self.env.cr.fetchone()
        self.assertEqual(finance, 0)
        self.assertEqual(marketing is None, "marketing" not in kinds)

    def test_service_is_a_kind_where_its_work_is_recorded(self):
        kinds, sources = self.env["crm.customer.cost"]._get_sources()
        self.assertEqual("service" in kinds, "service.work.line" in self.env)
        for source in sources:
            self.env.cr.execute(source)  # each is a statement that the database takes

    def test_a_return_costs_its_goods_and_its_freight(self):
        """Covers: SRV-09"""
        if "service.return" not in self.env:
            self.skipTest("Returns are not installed.")
        self._invoice(100)
        case = (
            self.env["service.return"]
            .sudo()
            .create(
                {
                    "partner_id": self.acme.id,
                    "company_id": self.company.id,
                    "cost_freight": 12.5,
                }
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE service_return SET state = 'done', cost_goods = 80,"
            " cost_parts = 7, date_inspected = %s WHERE id = %s",
            [self.day(days=40), case.id],
        )
        self.env.invalidate_all()
        self.refresh()
        month = self._month(self.day(days=40))
        self.assertEqual((month.cost_service, month.cost_logistics), (87, 12.5))
        rows = self.env["crm.customer.cost"].search(month.action_open_costs()["domain"])
        self.assertEqual(set(rows.mapped("document")), {case.display_name})

    def test_each_figure_opens_records_that_add_up_to_it(self):
        self._pay(self._invoice(100), self.day(days=27))
        self._meeting(self.day(days=27))
        self._meeting(self.day(days=27))
        self._meeting(self.as_of + timedelta(days=1))
        run = self.refresh(as_of=self.day(days=10))
        self._meeting(self.day(days=5))  # later than the run, in the same month
        month = self._month(self.day(days=27))
        self.assertEqual(month.month, run.as_of.replace(day=1))
        action = month.action_open_costs()
        rows = self.env["crm.customer.cost"].search(action["domain"])
        self.assertEqual(set(rows.mapped("kind")), {"finance", "sales"})
        self.assertAlmostEqual(sum(rows.mapped("amount")), month.cost_to_serve)
        for row in rows:
            self.assertTrue(row.document)
            self.assertIn(
                row.action_open_document()["res_model"],
                ("account.move", "calendar.event"),
            )

    def test_incremental_and_full_runs_agree_on_costs(self):
        self._invoice(150)
        self.refresh()
        payment = self._pay(self._invoice(120), self.day(days=20))
        meeting = self._meeting(self.day(days=50))
        self._assert_same()
        meeting.unlink()
        payment.move_id.line_ids.remove_move_reconcile()
        self._assert_same()
        self.assertFalse(self._month(self.day(days=50)).cost_sales)

    def test_a_meeting_counts_once_its_day_has_come(self):
        self._invoice(150)
        self._meeting(self.as_of + timedelta(days=3))
        self.refresh()
        run = self.refresh(as_of=self.as_of + timedelta(days=4))
        self.assertEqual(run.kind, "incremental")
        self.assertEqual(self._month(self.as_of + timedelta(days=3)).cost_sales, 120)

    def test_another_rate_makes_all_months_anew(self):
        self._pay(self._invoice(100), self.day(days=27))
        self.refresh()
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"interest_rate": 0.16})
        run = self.refresh()
        self.assertEqual(run.kind, "full")
        self.assertAlmostEqual(
            self._month(self.day(days=27)).cost_finance, 10_000 * 73 / 365 * 0.16
        )

    def _assert_same(self):
        self.assertEqual(self.refresh().kind, "incremental")
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())
