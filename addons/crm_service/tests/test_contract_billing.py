from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractBilling(ContractCommon):
    """Billing in chunks, back periods, one bad contract, posting and credit."""

    def test_back_periods_are_billed_in_one_run(self):
        """Covers: SRV-02"""
        contract = self.contract()
        invoices = self.bill(contract, date(2025, 3, 5))
        self.assertEqual(
            invoices.invoice_line_ids.mapped("service_period_start"),
            [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)],
        )
        self.assertEqual(len(invoices), 3)
        self.assertEqual(contract.recurring_next_date, date(2025, 4, 1))

    def test_a_second_run_bills_nothing(self):
        contract = self.contract()
        self.bill(contract, date(2025, 3, 5))
        self.assertEqual(len(self.bill(contract, date(2025, 3, 31))), 3)

    def test_the_database_refuses_a_period_twice(self):
        contract = self.contract()
        line = self.bill(contract, date(2025, 1, 1)).invoice_line_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            line.copy(
                {
                    "move_id": line.move_id.id,
                    "service_period_start": line.service_period_start,
                }
            )
            self.env.flush_all()

    def test_a_draft_contract_is_not_billed(self):
        contract = self.contract(activate=False)
        self.assertFalse(self.bill(contract, date(2025, 3, 5)))

    def test_the_last_part_is_billed_by_the_day_and_nothing_after_it(self):
        contract = self.contract(date_end=date(2025, 2, 14))
        invoices = self.bill(contract, date(2026, 1, 1))
        self.assertEqual(invoices.mapped("amount_untaxed"), [100, 50])
        self.assertFalse(contract.recurring_next_date)
        self.assertEqual(len(self.bill(contract, date(2027, 1, 1))), 2)

    def test_postpaid_bills_after_the_period(self):
        contract = self.contract(recurring_invoicing_type="post-paid")
        self.assertFalse(self.bill(contract, date(2025, 1, 31)))
        self.assertEqual(len(self.bill(contract, date(2025, 2, 1))), 1)

    def test_an_anchor_makes_calendar_months(self):
        contract = self.contract(activate=False, date_start=date(2025, 1, 17))
        contract.billing_anchor_date = date(2025, 1, 1)
        contract.action_activate()
        invoices = self.bill(contract, date(2025, 2, 1))
        self.assertEqual(invoices.mapped("amount_untaxed"), [48.39, 100])

    def test_the_button_bills_the_next_period_though_it_is_not_due(self):
        contract = self.contract(date_start=date(2099, 1, 1))
        invoice = contract.recurring_create_invoice()
        self.assertEqual(invoice.invoice_line_ids.service_period_end, date(2099, 1, 31))

    def test_sections_and_notes_go_along_once(self):
        contract = self.contract(activate=False)
        contract.contract_line_ids.sequence = 5
        self.env["contract.line"].create(
            [
                {
                    "contract_id": contract.id,
                    "name": "Plant 1",
                    "sequence": 1,
                    "display_type": "line_section",
                },
                {
                    "contract_id": contract.id,
                    "name": "Thank you",
                    "sequence": 9,
                    "display_type": "line_note",
                },
            ]
        )
        contract.action_activate()
        invoice = self.bill(contract, date(2025, 1, 1))
        self.assertEqual(
            invoice.invoice_line_ids.mapped("name"), ["Plant 1", "Care", "Thank you"]
        )

    def test_one_bad_contract_does_not_stop_the_others(self):
        """Covers: SRV-02"""
        good, bad = self.contract(), self.contract()
        bad.name = "Broken"
        prepare = type(bad)._prepare_invoice

        def fail(contract, *args, **kwargs):
            if contract.id == bad.id:
                reason = "No journal fits this contract."
                raise UserError(reason)
            return prepare(contract, *args, **kwargs)

        with patch.object(type(bad), "_prepare_invoice", fail):
            self.bill(good | bad, date(2025, 2, 1))
        self.assertEqual(len(self.invoices(good)), 2)
        self.assertFalse(self.invoices(bad))
        self.assertFalse(bad.contract_line_ids.last_date_invoiced)
        self.assertIn("No journal", bad.invoice_generation_error)
        self.assertIn("No journal", bad.activity_ids.note)
        self.bill(bad, date(2025, 2, 1))
        self.assertEqual(len(self.invoices(bad)), 2)
        self.assertFalse(bad.invoice_generation_error)

    def test_invoices_are_posted_where_the_company_wants_it(self):
        self.company.service_contract_post = True
        invoice = self.bill(self.contract(), date(2025, 1, 1))
        self.assertEqual(invoice.state, "posted")

    def test_an_invoice_over_the_credit_limit_stays_a_draft_and_is_told(self):
        """Covers: SRV-05"""
        self.company.service_contract_post = True
        rich = self.customer.create({"name": "Rich", "is_company": True})
        self.customer.sudo().write(
            {
                "credit_limit": 50,
                "risk_invoice_draft_include": True,
                "risk_invoice_open_include": True,
            }
        )
        poor, fine = self.contract(), self.contract(customer=rich)
        self.bill(poor | fine, date(2025, 1, 1))
        self.assertEqual(self.invoices(poor).state, "draft")
        self.assertTrue(self.invoices(poor).activity_ids)
        self.assertEqual(self.invoices(fine).state, "posted")
        self.company.service_contract_credit = "ignore"
        self.bill(poor, date(2025, 2, 1))
        self.assertEqual(self.invoices(poor)[-1].state, "posted")

    def test_one_invoice_that_cannot_be_posted_leaves_the_others_posted(self):
        self.company.service_contract_post = True
        good, bad = self.contract(), self.contract(price_unit=-100.0)
        other = self.customer.create({"name": "Other", "is_company": True})
        bad.partner_id = bad.invoice_partner_id = other
        self.bill(good | bad, date(2025, 1, 1))
        self.assertEqual(self.invoices(good).state, "posted")
        self.assertEqual(self.invoices(bad).state, "draft")
        self.assertTrue(self.invoices(bad).activity_ids)

    def test_the_base_still_bills_supplier_contracts(self):
        contract = self.contract(activate=False)
        contract.contract_type = "purchase"
        contract.journal_id = self.company_data["default_journal_purchase"]
        domain = contract.with_context(
            service_purchase_only=True
        )._get_contracts_to_invoice_domain(date(2030, 1, 1))
        self.assertEqual(contract.filtered_domain(domain), contract)

    @freeze_time("2025-03-05")
    def test_the_cron_bills_what_is_due(self):
        contract = self.contract()
        cron = self.env.ref("contract.contract_cron_for_invoice").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(len(self.invoices(contract)), 3)
