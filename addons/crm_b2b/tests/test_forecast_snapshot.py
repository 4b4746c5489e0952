from datetime import timedelta
from itertools import product

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_forecast import ForecastCase


@tagged("post_install", "-at_install")
class TestForecastSnapshot(ForecastCase):
    def setUp(self):
        super().setUp()
        self.Snapshot = self.env["crm.forecast.snapshot"]

    def rows(self, deals, day):
        return self.Snapshot.search(
            [("lead_key", "in", deals.ids), ("snapshot_date", "=", day)]
        )

    def test_a_snapshot_holds_open_deals_once(self):
        """Covers: SAL-06"""
        deal = self.deal(1234, probability=50)
        self.Snapshot._take(self.today)
        self.assertEqual(self.Snapshot._take(self.today), 0)
        self.assertRecordValues(
            self.rows(deal, self.today),
            [{"amount": 1234, "weighted_amount": 617, "status": "pending"}],
        )

    def test_an_ended_deal_gets_one_last_row_with_its_outcome(self):
        deals = self.deal(1) + self.deal(2)
        start = self.today + timedelta(days=400)
        self.Snapshot._take(start)
        with freeze_time(start + timedelta(days=3)):
            deals[0].stage_id = self.won
            deals[1].action_set_lost()
        self.Snapshot._take(start + timedelta(days=7))
        self.Snapshot._take(start + timedelta(days=14))
        rows = self.rows(deals, start + timedelta(days=7)).sorted("amount")
        self.assertEqual(rows.mapped("status"), ["won", "lost"])
        self.assertFalse(self.rows(deals, start + timedelta(days=14)))

    def test_nobody_changes_deletes_or_adds_a_snapshot_not_even_the_admin(self):
        """Covers: SAL-06"""
        deal = self.deal()
        self.Snapshot._take(self.today)
        row = self.rows(deal, self.today)
        stored = self.env["crm.forecast.snapshot.row"].browse(row.id)
        admin = self.env.ref("base.user_admin")
        for user, kept in product((admin, self.env.user), (row, stored)):
            for rows in (kept.with_user(user), kept.with_user(user).sudo()):
                with self.assertRaises(UserError):
                    rows.write({"amount": 1})
                with self.assertRaises(UserError):
                    rows.unlink()
                with self.assertRaises(UserError):
                    rows.create({"snapshot_date": self.today, "lead_key": 1})
        with self.assertRaises(UserError):
            row.with_user(self.manager).write({"amount": 1})

    def test_the_weekly_job_takes_it(self):
        deal = self.deal()
        with self.enter_registry_test_mode():
            self.env.ref("crm_b2b.ir_cron_forecast_snapshot").method_direct_trigger()
        self.assertTrue(self.rows(deal, self.today))

    def test_rows_are_found_by_their_deal(self):
        deal = self.deal(55, name="Found by name")
        self.Snapshot._take(self.today)
        rows = self.rows(deal, self.today)
        for domain in (
            [("lead_id", "=", deal.id)],
            [("lead_id", "ilike", "found by name")],
            [("lead_id.name", "=", "Found by name")],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.Snapshot.search(domain), rows)
        self.assertEqual(rows.lead_id, deal)

    def test_a_deleted_deal_keeps_its_row(self):
        deal = self.deal(55)
        self.Snapshot._take(self.today)
        key = deal.id
        row = self.rows(deal, self.today)
        deal.unlink()
        row.invalidate_recordset()
        self.assertFalse(row.lead_id)
        self.assertEqual((row.lead_key, row.amount), (key, 55))

    def test_what_is_deleted_leaves_its_rows_and_their_list_as_they_are(self):
        """Covers: SAL-06"""
        stage = self.env["crm.stage"].create({"name": "Goes"})
        team = self.env["crm.team"].create({"name": "Goes"})
        customer = self.env["res.partner"].create({"name": "Goes"})
        seller = new_test_user(self.env, "fc_goes", groups="base.group_user")
        masters = {"stage": stage, "team": team, "partner": customer, "user": seller}
        deal = self.deal(55, **{f"{name}_id": m.id for name, m in masters.items()})
        self.Snapshot._take(self.today)
        row = self.rows(deal, self.today)
        self.assertEqual([row[f"{name}_id"] for name in masters], [*masters.values()])
        keys = {name: master.id for name, master in masters.items()}
        deal.unlink()
        for master in (stage, team, customer, seller):
            master.unlink()
        self.env.invalidate_all()
        stored = self.env["crm.forecast.snapshot.row"].browse(row.id)
        self.assertEqual({name: stored[f"{name}_key"] for name in keys}, keys)
        names = [f"{name}_id" for name in masters]
        [shown] = row.web_read({n: {"fields": {"display_name": {}}} for n in names})
        self.assertFalse(any(shown[name] for name in names))
        for name in names:
            groups = self.Snapshot.formatted_read_group(
                [("id", "=", row.id)], [name], ["amount:sum"]
            )
            self.assertEqual([g["amount:sum"] for g in groups], [55])

    def test_a_merged_customer_takes_its_rows_along(self):
        kept, merged = self.env["res.partner"].create(
            [{"name": "Kept"}, {"name": "Merged"}]
        )
        deal = self.deal(55, partner_id=merged.id)
        self.Snapshot._take(self.today)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (kept | merged).ids, kept
        )
        self.assertEqual(self.rows(deal, self.today).partner_id, kept)

    def test_a_seller_sees_own_rows_only(self):
        deals = self.deal(1) + self.deal(2, user_id=self.other.id)
        self.Snapshot._take(self.today)
        rows = self.rows(deals, self.today)
        found = rows.with_user(self.seller).search([("id", "in", rows.ids)])
        self.assertEqual(found.lead_key, deals[0].id)

    def test_the_waterfall_explains_the_change_between_two_snapshots(self):
        """Covers: SAL-06"""
        start = self.today + timedelta(days=400)
        closing = start + timedelta(days=20)
        grows, slips, wins = (self.deal(n, closing) for n in (100, 200, 400))
        self.Snapshot._take(start)
        grows.expected_revenue = 150
        slips.date_deadline = closing + timedelta(days=90)
        with freeze_time(start + timedelta(days=3)):
            wins.stage_id = self.won
        self.deal(800, closing)
        self.Snapshot._take(start + timedelta(days=7))
        wizard = self.env["crm.forecast.waterfall"].create(
            {
                "date_from": start,
                "date_to": start + timedelta(days=7),
                "period_start": start,
                "period_end": closing,
                "team_id": self.team.id,
            }
        )
        wizard.action_compute()
        steps = {line.step: line.amount for line in wizard.line_ids}
        self.assertEqual(
            {step: amount for step, amount in steps.items() if amount},
            {
                "opening": 700,
                "new": 800,
                "grown": 50,
                "slipped": -200,
                "won": -400,
                "closing": 950,
            },
        )
        new = wizard.line_ids.filtered(lambda line: line.step == "won")
        self.assertEqual(new.lead_ids, wins)
