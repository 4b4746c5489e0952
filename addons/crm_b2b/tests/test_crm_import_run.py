from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_import import ImportCase, Killed


@tagged("post_install", "-at_install")
class TestCrmImportRun(ImportCase):
    def test_a_won_deal_becomes_order_delivery_invoice_and_payment_on_its_dates(self):
        """Covers: import of won deals"""
        self.import_small(self.text.replace("unpaid_share: 0.08", "unpaid_share: 0"))
        lead, invoice = self.deal("W1"), self.invoice("W1")
        self.assertRecordValues(
            lead,
            [{"won_status": "won", "expected_revenue": 4514, "day_close": 51}],
        )
        self.assertEqual(lead.create_date.date(), date(2020, 1, 10))
        self.assertEqual(lead.date_closed.date(), date(2020, 3, 1))
        order = lead.order_ids
        self.assertEqual(order.date_order.date(), date(2020, 3, 1))
        self.assertRecordValues(
            order,
            [{"state": "sale", "amount_total": 4514, "invoice_status": "invoiced"}],
        )
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.picking_ids.date_done.date(), date(2020, 3, 1))
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "posted",
                    "invoice_date": date(2020, 3, 1),
                    "date": date(2020, 3, 1),
                    "invoice_date_due": date(2020, 3, 31),
                    "amount_untaxed": 4514,
                    "amount_residual": 0,
                    "payment_state": "paid",
                }
            ],
        )
        payment = invoice._get_reconciled_payments()
        self.assertTrue(date(2020, 3, 26) <= payment.date <= date(2020, 4, 25))
        self.assertEqual(payment.move_id.date, payment.date)

    def test_the_unpaid_share_stays_open(self):
        self.import_small(self.text.replace("unpaid_share: 0.08", "unpaid_share: 1"))
        self.assertEqual(self.invoice("W1").payment_state, "not_paid")
        self.assertEqual(self.invoice("W1").amount_residual, 4514)

    def test_posted_invoices_sum_up_to_the_close_values(self):
        self.import_small()
        invoices = self.invoice("W1") + self.invoice("W2") + self.invoice("W3")
        self.assertEqual(len(invoices), 3)
        self.assertAlmostEqual(sum(invoices.mapped("amount_untaxed")), 4628.35)

    def test_lost_and_open_deals_land_in_their_stages(self):
        self.import_small()
        lost, engaging, new = self.deal("L1"), self.deal("O1"), self.deal("O2")
        self.assertRecordValues(
            lost, [{"active": False, "won_status": "lost", "probability": 0}]
        )
        self.assertTrue(lost.lost_reason_id)
        self.assertEqual(lost.date_closed.date(), date(2020, 4, 1))
        self.assertEqual(engaging.stage_id, self.env.ref("crm.stage_lead2"))
        self.assertEqual(engaging.expected_revenue, 4821)
        self.assertFalse(engaging.date_closed)
        self.assertEqual(new.stage_id, self.env.ref("crm.stage_lead1"))
        self.assertFalse(new.partner_id)
        self.assertFalse((lost + engaging + new).order_ids)

    def test_stage_gates_do_not_refuse_deals_of_the_past(self):
        """Covers: SAL-02"""
        stages = self.env["crm.stage"].search([("is_won", "=", False)])
        self.env["crm.stage.criterion"].create(
            [{"name": f"Met on {stage.id}", "stage_id": stage.id} for stage in stages]
        )
        run = self.import_small()
        self.assertFalse(run.issue_ids.filtered(lambda issue: issue.code == "load"))
        self.assertEqual(self.deal("W1").won_status, "won")
        live = self.deal("O2")
        self.assertTrue(live.criterion_ids)
        with self.assertRaisesRegex(UserError, "Met on"):
            live.stage_id = self.env.ref("crm.stage_lead2")

    def test_accounts_users_and_teams_are_set_up(self):
        self.import_small()
        child = self.deal("W2").partner_id
        self.assertEqual(child.parent_id, self.deal("W1").partner_id)
        self.assertEqual(child.parent_id.country_id, self.env.ref("base.de"))
        self.assertEqual(child.parent_id.industry_id.name, "technolgy")
        self.assertFalse(child.country_id)
        self.assertEqual(child.employee_count, 495)
        lead = self.deal("W1")
        self.assertEqual(lead.user_id.name, "Tess Agentsen")
        self.assertEqual(lead.team_id.name, "Central - Mona Managersen")
        self.assertEqual(lead.team_id.user_id.name, "Mona Managersen")
        self.assertTrue(lead.user_id.has_group("sales_team.group_sale_salesman"))
        self.assertFalse(lead.user_id.has_group("base.group_system"))
        self.env.cr.execute(
            "SELECT password FROM res_users WHERE id = %s", [lead.user_id.id]
        )
        self.assertFalse(self.env.cr.fetchone()[0])

    def test_rejected_rows_are_counted_listed_and_downloadable(self):
        run = self.import_small()
        self.assertEqual(self.counts(run)["deals"], (16, 6, 0, 10))
        self.assertEqual(run.rejected_count, 10)
        text = (
            self.env["ir.attachment"]
            .search(
                [("res_model", "=", run._name), ("res_field", "=", "rejected_file")]
                + [("res_id", "=", run.id)]
            )
            .raw.decode("utf-8-sig")
        )
        lines = text.splitlines()
        self.assertEqual(len(lines), 11)
        self.assertIn("sales_pipeline.csv,10,product,MG Speciall", text)
        self.assertIn("MG Special,", text)

    def test_a_second_import_of_the_same_export_doubles_nothing(self):
        self.import_small()
        before = self.record_counts()
        run = self.import_small()
        self.assertEqual(self.record_counts(), before)
        self.assertEqual(self.counts(run)["deals"], (16, 0, 6, 10))
        self.assertEqual(self.counts(run)["accounts"], (3, 0, 3, 0))
        self.assertEqual(self.counts(run)["orders"][1], 0)

    def test_checking_writes_no_business_record(self):
        before = self.record_counts()
        run = self.make_run()
        self.assertEqual(run.state, "checked")
        self.assertEqual(run.deal_total, 6)
        self.assertEqual(self.record_counts(), before)

    def test_a_dry_run_of_a_folder_writes_nothing_at_all(self):
        runs = self.Run.search_count([])
        before = self.record_counts()
        folder = self.data_folder("small")
        counts, issues = self.Run._check_folder(self.text, folder)
        self.assertEqual(counts[-1][:4], ("deals", 16, 6, 10))
        self.assertIn("Unknown product", [issue[5] for issue in issues])
        self.assertEqual(self.Run.search_count([]), runs)
        self.assertEqual(self.record_counts(), before)

    def test_a_run_killed_between_batches_goes_on_where_it_stopped(self):
        run = self.make_run()
        done = []

        def commit(number, left):
            done.append(number)
            if len(done) == 3:  # the start and two batches
                raise Killed
            return 1

        with self.batches_of(2), self.killed():
            self.work(run, commit)
        self.assertEqual(run.state, "running")
        self.assertEqual(self.counts(run)["deals"][1], 4)
        self.work(run)
        self.assertEqual(run.state, "done")
        self.assertEqual(self.counts(run)["deals"], (16, 6, 0, 10))
        self.assertEqual(self.counts(run)["invoices"][1], 3)
        self.assertEqual(len(self.invoice("W1")), 1)

    def test_a_run_killed_within_a_batch_leaves_nothing_of_the_batch(self):
        run = self.make_run()
        loader = type(self.env["crm.import.loader"])
        with (
            patch.object(loader, "_create_payments", side_effect=Killed),
            self.killed(),
        ):
            self.work(run)
        self.assertFalse(self.deal("W1"))
        self.work(run)
        self.assertEqual(self.counts(run)["deals"], (16, 6, 0, 10))
        self.assertEqual(len(self.invoice("W1")), 1)

    def test_the_time_of_the_scheduled_action_is_respected(self):
        run = self.make_run()
        with self.batches_of(2):
            self.work(run, lambda done, left: 0 if done else 1)
        self.assertEqual((run.state, run.deal_done), ("running", 2))

    def test_a_run_that_is_stopped_ends_after_its_batch_and_can_go_on(self):
        run = self.make_run()
        with self.batches_of(2):
            self.work(run, lambda done, left: run.action_cancel() if done else 1)
        self.assertEqual((run.state, run.deal_done), ("cancel", 2))
        run.action_start()
        self.work(run)
        self.assertEqual((run.state, run.deal_done), ("done", 6))
        self.assertEqual(self.counts(run)["deals"], (16, 6, 0, 10))

    def test_batches_do_not_write_the_run_that_a_user_may_stop(self):
        run = self.make_run()
        self.env.flush_all()
        written = []

        def commit(done, left):
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT xmin::text, ctid::text FROM crm_import_run WHERE id = %s",
                [run.id],
            )
            written.append(self.env.cr.fetchone())
            return 1

        with self.batches_of(2):
            self.work(run, commit)
        started, *batches, _finished = written
        self.assertEqual(batches, [started] * 3)

    def test_one_deal_that_cannot_be_written_does_not_stop_the_others(self):
        run = self.make_run()
        loader = type(self.env["crm.import.loader"])
        prepare = loader._prepare_order

        def refuse(loader, job, row, lead):
            if row.key == "W2":
                raise UserError(loader.env._("No such luck."))
            return prepare(loader, job, row, lead)

        with patch.object(loader, "_prepare_order", refuse):
            self.work(run)
        self.assertEqual(run.state, "done")
        self.assertEqual(self.counts(run)["deals"], (16, 5, 0, 11))
        self.assertEqual(len(self.invoice("W1") + self.invoice("W3")), 2)
        self.assertFalse(self.deal("W2"))
        issue = run.issue_ids.filtered(lambda i: i.code == "load")
        self.assertEqual((issue.line, issue.detail), (3, "No such luck."))

    def test_the_scheduled_action_imports_what_waits(self):
        run = self.make_run()
        run.action_start()
        self.assertEqual(run.state, "queued")
        with self.enter_registry_test_mode():
            self.env.ref("crm_b2b.ir_cron_crm_import").method_direct_trigger()
        run.invalidate_recordset()
        self.assertEqual(run.state, "done", run.error)
        self.assertEqual(run.progress, 100)

    def test_another_system_needs_a_profile_and_no_code(self):
        text = self.data_folder("other").joinpath("profile.yaml").read_text()
        run = self.import_small(text, self.files("other"))
        self.assertEqual(self.counts(run)["deals"][1], 3)
        partner = self.env["res.partner"].search([("name", "=", "Müller AG")])
        invoice = partner.invoice_ids
        self.assertEqual(invoice.amount_untaxed, 1234.5)
        self.assertEqual(invoice.invoice_date, date(2021, 2, 15))
        leads = self.env["crm.lead"].with_context(active_test=False)
        lost = leads.search([("partner_id", "=", partner.id), ("active", "=", False)])
        self.assertEqual(lost.lost_reason_id.name, "Too expensive")
        self.assertFalse(lost.user_id, "no users are created: the profile forbids it")
        self.assertIn("no_user", run.warning_ids.mapped("code"))

    def test_an_export_in_another_currency_is_refused(self):
        own = self.env.company.currency_id.name
        run = self.make_run(self.text.replace(f"currency: {own}", "currency: XXX"))
        with self.assertRaisesRegex(UserError, "XXX"):
            run.action_start()

    def test_a_sales_manager_cannot_make_users_or_post_through_an_import(self):
        manager = new_test_user(
            self.env, "import_manager", groups="sales_team.group_sale_manager"
        )
        run = self.Run.with_user(manager)._create_run(self.text, self.files())
        with self.assertRaises(AccessError):
            run.action_start()
        self.assertEqual(run.state, "checked")

    def test_a_sales_manager_reads_all_the_form_shows(self):
        manager = new_test_user(
            self.env, "import_reader", groups="sales_team.group_sale_manager"
        )
        run = self.import_small().with_user(manager)
        shown = self.Run.with_user(manager).get_view(view_type="form")["models"]
        for model, names in shown.items():
            if model == run._name:
                (values,) = run.web_read({name: {} for name in names})
                self.assertEqual(values["state"], "done")
        fields = {"kind": {}, "row_count": {}, "created": {}}
        counts = run.count_ids.web_read(fields)
        self.assertIn(("deals", 16), [(c["kind"], c["row_count"]) for c in counts])
        reasons = run.rejected_ids.web_read({"reason": {}, "line": {}, "raw": {}})
        self.assertIn("Unknown product", [r["reason"] for r in reasons])

    def test_a_salesperson_sees_no_imports(self):
        salesman = new_test_user(
            self.env, "import_salesman", groups="sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            self.Run.with_user(salesman).search([])
