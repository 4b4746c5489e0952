from io import BytesIO

import openpyxl

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestContracts(ValueCommon):
    """What contracts bill is in the lifetime value and in a workbook of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.books = cls.env["crm.contract.workbook"]
        if not cls.books._is_installed():
            return
        cls.acme, cls.plain = cls.customer("Acme"), cls.customer("Plain")
        for months in (1, 2, 3):
            cls.document(cls.acme, cls.day(months), 100)
            cls.document(cls.plain, cls.day(months), 100)
        cls.refresh()
        cls.contract = cls._contract(cls.acme)
        cls.contract.state = "active"

    @classmethod
    def _contract(cls, partner, billed=True, **line):
        """A contract of 50 a month, billed up to the day of the run."""
        return (
            cls.env["contract.contract"]
            .sudo()
            .create(
                {
                    "name": "=Gold",
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "contract_line_ids": [
                        Command.create(
                            {
                                "name": "Hotline",
                                "product_id": cls.product_a.id,
                                "quantity": 1,
                                "price_unit": 50,
                                "recurring_rule_type": "monthly",
                                "recurring_interval": 1,
                                "date_start": cls.day(6, -1),
                                "last_date_invoiced": cls.as_of if billed else False,
                            }
                            | line
                        )
                    ],
                }
            )
        )

    def _columns(self, contract, months=24):
        """What the kernel is given of a contract: bills by month ahead, renewal."""
        if contract.state == "draft":
            contract.action_activate()
        run = self.Run.new({"company_id": self.company.id, "as_of": self.as_of})
        facts = self.env["crm.customer.fact"].sudo()
        self.patch(type(facts), "_get_contracts", lambda *_args: contract.sudo())
        columns = facts._get_contract_columns(run, months)
        return [round(amount, 2) for amount in columns.billing[0]], columns.renewal[0]

    def test_a_contract_without_invoice_is_a_customer_without_scores(self):
        """Covers: ANA-07, CUS-02"""
        self.refresh()
        before = self.value(self.acme).cell
        fresh = self.customer("Fresh")
        contract = self._contract(fresh)
        contract.state = "active"
        run = self.refresh()
        self.assertEqual((run.kind, run.state), ("incremental", "done"))
        value = self.value(fresh)
        self.assertRecordValues(
            value,
            [
                {
                    "value_class": "new",
                    "class_rule": "contract_only",
                    "lifecycle": "discovery",
                    "monetary": 0,
                    "cell": False,
                    "abc": False,
                    "rank": 0,
                }
            ],
        )
        self.assertGreater(value.contract_value, 0)
        self.assertEqual(value.lifetime_value, value.contract_value)
        self.assertIn("no invoice yet", value.explanation)
        self.assertFalse(value.loyalty_words)  # bound by contract, but not loyal yet
        self.assertFalse(value.loyalty_parts)
        self.assertEqual(self.value(self.acme).cell, before)
        self.assertFalse(self.env["account.move"].search(self._moves(value)))
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())
        contract.state = "cancelled"
        self.refresh()
        self.assertFalse(self.value(fresh))

    def test_the_first_invoice_ends_the_time_without(self):
        """Covers: ANA-07"""
        fresh = self.customer("Fresh")
        self._contract(fresh).state = "active"
        self.refresh()
        self.document(fresh, self.day(1), 50)
        self.refresh()
        self.assertEqual(self.value(fresh).class_rule, "first_purchase")
        self.assertEqual(self.value(fresh).frequency, 1)
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())

    def _moves(self, value):
        return value.action_open_monetary()["domain"]

    def setUp(self):
        super().setUp()
        if not self.books._is_installed():
            self.skipTest("needs B2B Service")

    def test_a_contract_adds_what_it_bills_to_the_lifetime_value(self):
        """Covers: ANA-07"""
        before = self.value(self.acme).lifetime_value
        alike = self.value(self.plain).lifetime_value
        self.assertFalse(self.value(self.acme).contract_value)
        run = self.refresh("full")
        value = self.value(self.acme)
        months = run.policy_id.horizon_months
        self.assertGreater(value.contract_value, 0)
        self.assertLessEqual(value.contract_value, 50 * months)
        self.assertAlmostEqual(
            value.lifetime_value, before + value.contract_value, delta=0.02
        )
        self.assertAlmostEqual(self.value(self.plain).lifetime_value, alike, 2)
        self.assertEqual(run.model_fit["contracts"]["running"], 1)

    def test_what_is_paid_in_advance_is_not_billed_again(self):
        """Covers: ANA-07"""
        end = self.day(-6)
        contract = self._contract(
            self.plain,
            price_unit=1200,
            recurring_rule_type="yearly",
            date_start=self.day(6, -1),
            date_end=end,
            last_date_invoiced=end,
        )
        bills, renewal = self._columns(contract)
        self.assertEqual((bills, renewal), ([0] * 24, 100))

    def test_a_year_paid_in_advance_is_billed_when_it_begins(self):
        """Covers: ANA-07"""
        contract = self._contract(
            self.plain,
            price_unit=1200,
            recurring_rule_type="yearly",
            date_start=self.day(6, -1),
            date_end=self.day(-12),
            last_date_invoiced=self.day(-6),
        )
        bills, _renewal = self._columns(contract)
        # from 31 December the second year: half of it, by the day
        self.assertEqual([month for month, bill in enumerate(bills, 1) if bill], [7])
        self.assertAlmostEqual(bills[6], 1200 * 182 / 365, 2)

    def test_what_is_paid_afterwards_is_billed_after_the_end(self):
        """Covers: ANA-07"""
        contract = self._contract(
            self.plain,
            recurring_invoicing_type="post-paid",
            date_start=self.day(6).replace(day=1),
            date_end=self.day(-2).replace(day=31),
            last_date_invoiced=self.day(1).replace(day=31),
        )
        bills, renewal = self._columns(contract)
        self.assertEqual(bills[:4], [50, 50, 50, 0], "June, July, August")
        self.assertEqual((sum(bills), renewal), (150, 50))

    def test_suspended_time_bills_nothing(self):
        """Covers: ANA-07, SRV-02"""
        contract = self._contract(self.plain, date_start=self.day(5).replace(day=1))
        contract.action_activate()
        july, august = self.day(-1).replace(day=1), self.day(-2).replace(day=31)
        contract._suspend(july, "Moved", august)
        self.env.flush_all()
        bills, _renewal = self._columns(contract, 6)
        self.assertEqual(bills, [0, 0, 50, 50, 50, 50])

    def test_a_contract_suspended_until_further_notice_is_worth_nothing(self):
        """Covers: ANA-07, SRV-02"""
        contract = self._contract(self.plain, date_end=self.day(-12))
        contract.action_activate()
        contract._suspend(self.as_of, "Plant closed")
        self.assertEqual(self._columns(contract), ([0] * 24, 0))

    def test_without_an_end_it_bills_to_the_horizon(self):
        """Covers: ANA-07"""
        contract = self._contract(self.plain, date_start=self.day(5).replace(day=1))
        self.assertEqual(self._columns(contract), ([50] * 24, 0))

    def test_what_was_not_billed_in_time_is_billed_at_once(self):
        """Covers: ANA-07"""
        contract = self._contract(
            self.plain, billed=False, date_start=self.day(2).replace(day=1)
        )
        bills, _renewal = self._columns(contract)
        self.assertEqual(bills[:2], [200, 50], "April to July, then August")

    def test_what_was_billed_later_was_to_come_on_the_day_of_the_run(self):
        """Covers: ANA-07"""
        contract = self._contract(self.plain, date_start=self.day(5).replace(day=1))
        contract.action_activate()
        self.env["contract.contract"].sudo()._bill_chunk(
            contract.ids, self.day(-2).replace(day=1)
        )
        self.assertGreater(contract.contract_line_ids.last_date_invoiced, self.as_of)
        self.assertEqual(self._columns(contract)[0], [50] * 24)

    def test_a_contract_in_another_currency_counts_in_the_company_s(self):
        """Covers: ANA-07"""
        other = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        contract = self._contract(self.plain, date_start=self.day(5).replace(day=1))
        contract.manual_currency_id = other
        self.assertEqual(contract.currency_id, other)
        self.assertEqual(self._columns(contract)[0], [25] * 24)

    def test_a_new_contract_is_found_without_a_mark(self):
        """Covers: ANA-07"""
        self.refresh()
        self.assertGreater(self.value(self.acme).contract_value, 0)
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())

    def test_the_workbook_holds_contract_and_proof(self):
        """Covers: ANA-13"""
        with self.books.sudo()._get_workbook(self.company) as file:
            book = openpyxl.load_workbook(BytesIO(file.read()), data_only=True)
        rows = list(book["Contracts"].iter_rows(2, values_only=True))
        self.assertEqual([(row[0], row[9]) for row in rows], [("=Gold", 50)])
        proof = list(book["Proof"].iter_rows(2, values_only=True))
        self.assertEqual([row[3] for row in proof], ["yes"])

    def test_service_managers_alone_get_it_by_mail(self):
        """Covers: ANA-13"""
        make = {"company_id": self.company.id, "company_ids": self.company.ids}
        seller = new_test_user(
            self.env, "contract_seller", "sales_team.group_sale_salesman", **make
        )
        with self.assertRaises(UserError):
            self.env["crm.insight.mailing"].create(
                {
                    "name": "Contracts",
                    "workbook": "contracts",
                    "company_id": self.company.id,
                    "user_ids": [Command.set(seller.ids)],
                }
            )
        with self.books.with_user(seller)._get_workbook(self.company) as file:
            book = openpyxl.load_workbook(BytesIO(file.read()), data_only=True)
        for row in book["Contracts"].iter_rows(2, values_only=True):
            self.assertEqual(
                row[11:], (None,) * 4, "cost and profit are not for sellers"
            )
