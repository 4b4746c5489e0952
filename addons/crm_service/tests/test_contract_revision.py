from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractRevision(ContractCommon):
    """Price revision with preview, and the figures that come of it."""

    def revise(self, contracts, **vals):
        return self.env["service.price.revision"].create(
            {
                "contract_ids": [Command.set(contracts.ids)],
                "percent": 10,
                "date": date(2025, 3, 1),
                "reason": "Wages",
            }
            | vals
        )

    @freeze_time("2025-02-10")
    def test_the_preview_shows_old_and_new_and_changes_nothing(self):
        """Covers: SRV-02"""
        contract = self.contract()
        wizard = self.revise(contract)
        self.assertRecordValues(
            wizard.line_ids,
            [
                {
                    "old_price": 100,
                    "new_price": 110,
                    "monthly_change": 10,
                    "date": date(2025, 3, 1),
                }
            ],
        )
        self.assertFalse(contract.price_step_ids)

    @freeze_time("2025-02-10")
    def test_back_periods_keep_their_price(self):
        """Covers: SRV-02"""
        contract = self.contract()
        self.revise(contract).action_apply()
        self.assertEqual(contract.contract_line_ids.price_unit, 100)
        with freeze_time("2025-03-02"):
            contract._cron_contract_life()
        self.assertEqual(contract.contract_line_ids.price_unit, 110)
        invoices = self.bill(contract, date(2025, 3, 2))
        self.assertEqual(invoices.mapped("amount_untaxed"), [100, 100, 110])

    @freeze_time("2025-02-10")
    def test_a_change_within_a_period_bills_both_parts_on_one_invoice(self):
        contract = self.contract()
        self.bill(contract, date(2025, 2, 1))
        self.revise(contract, date=date(2025, 3, 11), percent=31).action_apply()
        invoice = self.bill(contract, date(2025, 3, 1))[-1]
        self.assertEqual(
            invoice.invoice_line_ids.mapped("price_subtotal"), [32.26, 88.74]
        )

    @freeze_time("2025-02-10")
    def test_what_is_invoiced_is_not_revised(self):
        contract = self.contract(recurring_rule_type="quarterly")
        self.bill(contract, date(2025, 1, 1))
        self.assertEqual(self.revise(contract).line_ids.date, date(2025, 4, 1))

    @freeze_time("2025-02-10")
    def test_an_index_moves_only_its_share_of_the_price(self):
        wizard = self.revise(
            self.contract(), method="index", index_from=100, index_to=105, share=60
        )
        self.assertEqual(wizard.line_ids.new_price, 103)

    @freeze_time("2025-02-10")
    def test_the_form_of_the_wizard_previews_while_typing(self):
        contract = self.contract()
        wizard = self.env["service.price.revision"].with_context(
            default_contract_ids=contract.ids
        )
        with Form(wizard) as form:
            form.reason = "Wages"
            form.date = date(2025, 3, 1)
            form.percent = 5
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.new_price, 105)
                line.new_price = 104
        form.record.action_apply()
        self.assertEqual(contract.price_step_ids.new_price, 104)

    def report(self, contract):
        self.env.flush_all()
        rows = self.env["service.contract.report"].search(
            [("contract_id", "=", contract.id)], order="month"
        )
        return rows

    @freeze_time("2025-05-20")
    def test_revenue_moves_add_up(self):
        """Covers: SRV-15"""
        contract = self.contract(date_end=date(2025, 4, 15))
        self.revise(contract, date=date(2025, 3, 1)).action_apply()
        contract.flush_model()
        rows = self.report(contract)
        self.assertEqual(
            [
                (r.month.month, r.mrr, r.new_mrr, r.expansion_mrr, r.churned_mrr)
                for r in rows
            ],
            [
                (1, 100, 100, 0, 0),
                (2, 100, 0, 0, 0),
                (3, 110, 0, 10, 0),
                (4, 0, 0, 0, -110),
            ],
        )

    @freeze_time("2025-02-10")
    def test_profit_is_billed_less_credit(self):
        """Covers: SRV-15"""
        self.company.service_contract_post = True
        contract = self.contract()
        self.bill(contract, date(2025, 2, 1))
        self.assertEqual(contract.billed_amount, 200)
        self.assertEqual(contract.profit_amount, 200)
        self.terminate(contract, date(2025, 2, 14))
        self.invoices(contract)[-1].action_post()
        contract.invalidate_recordset()
        self.assertEqual(contract.billed_amount, 150)
        self.assertEqual(sum(self.report(contract).mapped("billed")), 150)
