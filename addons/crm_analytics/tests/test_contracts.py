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
    def _contract(cls, partner):
        """A contract of 50 a month that nothing was billed of yet."""
        return (
            cls.env["contract.contract"]
            .sudo()
            .create(
                {
                    "name": "=Gold",
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "date_start": cls.day(6),
                    "contract_line_ids": [
                        Command.create(
                            {
                                "name": "Hotline",
                                "product_id": cls.product_a.id,
                                "quantity": 1,
                                "price_unit": 50,
                                "recurring_rule_type": "monthly",
                                "recurring_interval": 1,
                                "date_start": cls.day(6),
                                "recurring_next_date": cls.day(0, -1),
                            }
                        )
                    ],
                }
            )
        )

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
