from datetime import date

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged

from ..models.crm_value_run import LOCK_SPACE
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestRuns(ValueCommon):
    """Covers: ANA-01"""

    def test_a_second_starter_leaves(self):
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_try_advisory_xact_lock(%s, %s)",
                [LOCK_SPACE, self.company.id],
            )
            with self.assertRaises(UserError):
                self.refresh()
            other.rollback()
        self.assertEqual(self.refresh().state, "done")

    def test_an_interrupted_run_goes_on_where_it_stopped(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100)
        self.env.flush_all()
        run = self.Run.sudo()._prepare(self.company, "full", self.as_of, None)
        first = run.step_ids[0]
        run._execute_step(first)
        written = first.row_count
        self.document(acme, self.day(2), 11)
        resumed = self.refresh()
        self.assertEqual(resumed, run)
        self.assertEqual(first.row_count, written)
        self.assertEqual(resumed.state, "warning" if resumed.guilty_count else "done")
        self.refresh()
        self.assertEqual(self.value(acme).monetary, 111)

    def test_a_given_up_run_leaves_its_marks_to_the_next(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100)
        self.refresh()
        self.document(acme, self.day(1), 20)
        self.env.flush_all()
        run = self.Run.sudo()._prepare(self.company, "incremental", self.as_of, None)
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.refresh()
        self.assertEqual(self.value(acme).monetary, 120)

    def test_revenue_outside_income_accounts_is_named(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100)
        guilty = self.document(acme, self.day(1), 30)
        guilty.button_draft()
        guilty.invoice_line_ids.account_id = self.company_data[
            "default_account_expense"
        ]
        guilty.action_post()
        run = self.refresh()
        self.assertEqual(run.state, "warning")
        self.assertEqual(run.guilty_move_ids, guilty)
        self.assertEqual(run.difference, 30)

    def test_a_changed_table_is_noticed(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100)
        self.refresh()
        self.env.cr.execute(
            "UPDATE crm_customer_month SET revenue = 99 WHERE partner_id = %s",
            [acme.id],
        )
        self.assertEqual(self.refresh().state, "warning")
        self.assertEqual(self.refresh("full").state, "done")

    def test_month_ends_are_kept_once_and_for_good(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100)
        Snapshot = self.env["crm.customer.value.snapshot"]
        domain = [("company_id", "=", self.company.id)]
        self.refresh(as_of=date(2026, 6, 30))
        kept = Snapshot.search(domain)
        self.assertRecordValues(
            kept, [{"partner_id": acme.id, "date": date(2026, 6, 30), "monetary": 100}]
        )
        self.document(acme, self.day(2), 5)
        self.refresh(as_of=date(2026, 7, 15))
        self.assertEqual(Snapshot.search(domain), kept)
        with self.assertRaises(UserError):
            kept.write({"monetary": 1})
        with self.assertRaises(UserError):
            kept.unlink()

    def test_the_cron_values_every_company(self):
        self.document(self.customer("Acme"), self.day(1), 100)
        with self.enter_registry_test_mode():
            self.env.ref("crm_analytics.ir_cron_refresh").method_direct_trigger()
        run = self.Run._get_last(self.company)
        self.assertEqual(set(run.step_ids.mapped("state")), {"done"})
