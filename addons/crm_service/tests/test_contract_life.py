from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractLife(ContractCommon):
    """States, suspension, termination, price revision, renewal."""

    def cron(self):
        self.env["contract.contract"].sudo()._cron_contract_life()

    # -- states -------------------------------------------------------------------

    def test_a_contract_without_lines_is_not_activated(self):
        contract = self.contract(activate=False)
        contract.contract_line_ids.unlink()
        with self.assertRaisesRegex(UserError, "Add a line"):
            contract.action_activate()

    def test_only_an_unbilled_contract_can_be_cancelled_or_deleted(self):
        contract, billed = self.contract(), self.contract()
        self.bill(billed, date(2025, 1, 1))
        contract.action_cancel()
        self.assertEqual(contract.state, "cancelled")
        self.assertFalse(self.bill(contract, date(2025, 1, 1)))
        with self.assertRaisesRegex(UserError, "has been invoiced"):
            billed.action_cancel()
        with self.assertRaises(ValidationError):
            billed.unlink()

    @freeze_time("2025-06-10")
    def test_a_contract_ends_when_its_last_day_is_past_and_billed(self):
        contract = self.contract(
            date_end=date(2025, 5, 31), recurring_invoicing_type="post-paid"
        )
        self.cron()
        self.assertEqual(contract.state, "active")
        self.bill(contract, date(2025, 6, 10))
        self.cron()
        self.assertEqual(contract.state, "ended")
        self.assertEqual(sum(self.invoices(contract).mapped("amount_untaxed")), 500)

    # -- suspension ---------------------------------------------------------------

    @freeze_time("2025-02-11")
    def test_suspension_stops_billing_and_the_clocks(self):
        """Covers: SRV-02"""
        contract = self.contract()
        self.bill(contract, date(2025, 2, 1))
        contract._suspend(date(2025, 2, 11), "Plant closed")
        self.assertEqual(contract.state, "suspended")
        self.assertTrue(contract._service_is_suspended(date(2025, 2, 11)))
        self.assertFalse(contract._service_is_suspended(date(2025, 2, 10)))
        self.assertFalse(contract.recurring_next_date)
        self.assertEqual(len(self.bill(contract, date(2025, 6, 1))), 2)

    def test_resuming_credits_the_days_that_were_invoiced(self):
        contract = self.contract()
        with freeze_time("2025-02-11"):
            self.bill(contract, date(2025, 2, 1))
            contract._suspend(date(2025, 2, 11), "Plant closed")
        with freeze_time("2025-03-15"):
            contract.action_resume()
        self.assertEqual(contract.state, "active")
        credit = contract.suspension_ids.credit_move_id
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.amount_untaxed, 64.29)  # 18 of 28 days
        invoices = self.bill(contract, date(2025, 4, 1)) - credit
        self.assertEqual(invoices.mapped("amount_untaxed"), [100, 100, 54.84, 100])

    @freeze_time("2025-01-05")
    def test_a_planned_suspension_begins_and_ends_by_itself(self):
        contract = self.contract()
        contract._suspend(date(2025, 2, 1), "Holidays", date(2025, 2, 28))
        self.assertEqual(contract.state, "active")
        with freeze_time("2025-02-01"):
            self.cron()
            self.assertEqual(contract.state, "suspended")
        with freeze_time("2025-03-01"):
            self.cron()
            self.assertEqual(contract.state, "active")
        invoices = self.bill(contract, date(2025, 3, 1))
        self.assertEqual(
            invoices.invoice_line_ids.mapped("service_period_start"),
            [date(2025, 1, 1), date(2025, 3, 1)],
        )

    def test_two_suspensions_do_not_overlap(self):
        contract = self.contract()
        contract._suspend(date(2025, 2, 1), "A", date(2025, 2, 28))
        with self.assertRaises(ValidationError):
            contract._suspend(date(2025, 2, 20), "B")

    # -- termination --------------------------------------------------------------

    @freeze_time("2025-02-14")
    def test_termination_credits_what_was_prepaid_and_bills_no_more(self):
        """Covers: SRV-02"""
        contract = self.contract(recurring_rule_type="quarterly")
        self.bill(contract, date(2025, 1, 1))
        self.terminate(contract, date(2025, 2, 14))
        credit = self.invoices(contract)[-1]
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.amount_untaxed, 50)  # 45 of 90 days
        self.assertEqual(len(self.bill(contract, date(2026, 1, 1))), 2)
        with freeze_time("2025-02-15"):
            self.cron()
        self.assertEqual(contract.state, "ended")

    @freeze_time("2025-02-14")
    def test_termination_of_a_postpaid_contract_bills_the_part(self):
        contract = self.contract(recurring_invoicing_type="post-paid")
        self.bill(contract, date(2025, 2, 1))
        self.terminate(contract, date(2025, 2, 14))
        invoices = self.bill(contract, date(2025, 3, 1))
        self.assertEqual(invoices.mapped("amount_untaxed"), [100, 50])

    @freeze_time("2025-03-10")
    def test_termination_while_suspended_credits_from_the_suspension_on(self):
        contract = self.contract(recurring_rule_type="yearly", price_unit=365.0)
        self.bill(contract, date(2025, 1, 1))
        contract._suspend(date(2025, 2, 1), "Dispute")
        self.terminate(contract, date(2025, 3, 10))
        refunds = self.invoices(contract).filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertEqual(sum(refunds.mapped("amount_untaxed")), 365 - 31)

    # -- renewal ------------------------------------------------------------------

    @freeze_time("2025-11-20")
    def test_one_renewal_opportunity_opens_in_notice_time(self):
        """Covers: SRV-02"""
        contract = self.contract(date_end=date(2025, 12, 31))
        early = self.contract(date_end=date(2026, 6, 30))
        self.cron()
        self.cron()
        self.assertEqual(len(contract.renewal_lead_ids), 1)
        self.assertEqual(contract.renewal_lead_ids.expected_revenue, 1200)
        self.assertFalse(early.renewal_lead_ids)

    @freeze_time("2025-11-20")
    def test_the_won_quotation_extends_the_contract(self):
        """Covers: SRV-02"""
        contract = self.contract(date_end=date(2025, 12, 31))
        self.bill(contract, date(2025, 11, 20))
        self.cron()
        lead = contract.renewal_lead_ids
        order = self.env["sale.order"].browse(
            lead.action_new_renewal_quotation()["res_id"]
        )
        order.order_line.price_unit = 110
        order.action_confirm()
        self.assertEqual(contract.date_end, date(2026, 12, 31))
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(order.invoice_status, "no")
        self.cron()
        self.assertEqual(len(contract.renewal_lead_ids), 1)
        with freeze_time("2026-01-02"):
            self.cron()
        self.assertEqual(contract.contract_line_ids.price_unit, 110)
        invoices = self.bill(contract, date(2026, 1, 2))
        self.assertEqual(invoices[-2:].mapped("amount_untaxed"), [100, 110])
        with freeze_time("2026-11-20"):
            self.cron()
        self.assertEqual(len(contract.renewal_lead_ids), 2)

    @freeze_time("2025-11-20")
    def test_recurring_revenue_counts_running_lines_only(self):
        contract = self.contract(recurring_rule_type="quarterly", price_unit=300.0)
        future = self.contract(date_start=date(2026, 1, 1))
        draft = self.contract(activate=False)
        self.assertRecordValues(
            contract | future | draft,
            [{"mrr": 100, "arr": 1200}, {"mrr": 0, "arr": 0}, {"mrr": 0, "arr": 0}],
        )
