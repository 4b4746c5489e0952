from datetime import date
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.crm_value_run import LOCK_SPACE
from ..models.crm_value_run_start import RunStopped
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
        self.assertEqual((resumed.state, resumed.guilty_count), ("done", 0))
        self.assertEqual(resumed.aside_count, 1, "what was posted meanwhile")
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
        activity = run.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.user_id.has_group("crm_analytics.group_manager"))
        self.assertIn("1 documents differ", run.message_ids[0].body)
        again = self.refresh("full")
        self.assertFalse(again.activity_ids, "who is told already is not told again")

    def test_a_run_that_is_asked_to_stop_undoes_its_step(self):
        self.document(self.customer("Acme"), self.day(1), 100)
        self.env.flush_all()
        run = self.Run.sudo()._prepare(self.company, "full", self.as_of, None)
        self.assertTrue(run._try_step(run.step_ids[0]))
        with patch.object(type(run), "_stop_if_asked", side_effect=RunStopped):
            self.assertFalse(run._try_step(run.step_ids[1]))
        self.assertEqual(run.step_ids[0].state, "done")
        self.assertEqual(run.step_ids[1].state, "pending")
        self.assertFalse(self.env["crm.customer.month"].search(self._here()))
        self.assertEqual(self.refresh("full"), run)
        self.assertTrue(self.env["crm.customer.month"].search(self._here()))

    def _here(self):
        return [("company_id", "=", self.company.id)]

    def test_the_web_client_goes_step_by_step(self):
        self.document(self.customer("Acme"), self.day(1), 100)
        Run = self.Run.with_company(self.company)
        seen = Run.start_in_steps()
        percents = [seen["percent"]]
        while seen["state"] == "running":
            known = seen["id"]
            seen = Run.browse(known).do_next_step()
            if seen["id"] != known:
                percents = []  # from the month end to the day
            percents.append(seen["percent"])
        self.assertEqual(seen["state"], "done")
        self.assertEqual(percents, sorted(percents))
        self.assertEqual((percents[0], percents[-1]), (0, 100))
        self.assertTrue(all(step["done"] for step in seen["steps"]))
        self.assertNotEqual(Run.start_in_steps()["id"], seen["id"])

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
        self.assertEqual(kept.as_of, date(2026, 6, 30))

    @mute_logger("odoo.sql_db")
    def test_the_server_itself_keeps_month_ends(self):
        """Who is behind a row may be merged or deleted; what was known stays."""
        acme, other = self.customer("Acme"), self.customer("Other")
        self.document(acme, self.day(1), 100)
        self.refresh(as_of=date(2026, 6, 30))
        cr, table = self.env.cr, "crm_customer_value_snapshot"
        for statement in (
            f"UPDATE {table} SET monetary = 1",
            f"UPDATE {table} SET partner_id = NULL, value_class = 'new'",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(psycopg2.Error) as refused,
                cr.savepoint(),
            ):
                cr.execute(statement)
            self.assertIn("are kept as they were", str(refused.exception))
        cr.execute(
            f"UPDATE {table} SET partner_id = %s WHERE partner_id = %s",
            [other.id, acme.id],
        )
        self.assertEqual(cr.rowcount, 1)

    def test_the_cron_values_every_company(self):
        self.document(self.customer("Acme"), self.day(1), 100)
        with self.enter_registry_test_mode():
            self.env.ref("crm_analytics.ir_cron_refresh").method_direct_trigger()
        run = self.Run._get_last(self.company)
        self.assertEqual(set(run.step_ids.mapped("state")), {"done"})
