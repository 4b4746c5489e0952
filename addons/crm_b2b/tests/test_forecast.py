from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools import forecast
from .common_forecast import ForecastCase


@tagged("post_install", "-at_install")
class TestForecastCategory(ForecastCase):
    def test_the_category_follows_the_stage_until_changed_by_hand(self):
        """Covers: SAL-06"""
        deal = self.deal()
        self.assertEqual(deal.forecast_category, "best_case")
        deal.forecast_category = "commit"
        self.assertEqual(deal.forecast_category, "commit")
        deal.stage_id = self.won
        self.assertEqual(deal.forecast_category, "closed")

    def test_a_lost_deal_is_omitted(self):
        deal = self.deal()
        deal.action_set_lost()
        self.assertEqual(deal.forecast_category, "omitted")

    def test_an_open_deal_cannot_be_closed_by_hand(self):
        deal = self.deal()
        with self.assertRaises(ValidationError):
            deal.forecast_category = "closed"


@tagged("post_install", "-at_install")
class TestForecastCall(ForecastCase):
    def setUp(self):
        super().setUp()
        self.period = self.env["crm.forecast.period"]._ensure_period(
            self.env.company, self.today
        )
        self.env["crm.forecast.line"]._open_lines(self.period)
        self.line = self.period.line_ids.filtered(
            lambda line: line.user_id == self.seller and line.team_id == self.team
        )

    def test_every_member_gets_one_line_however_often_the_call_is_opened(self):
        self.env["crm.forecast.line"]._open_lines(self.period)
        users = self.period.line_ids.filtered(
            lambda line: line.team_id == self.team
        ).user_id
        self.assertEqual(users, self.seller + self.other)
        lines = self.period.line_ids.filtered(lambda line: line.team_id == self.team)
        self.assertEqual(len(lines), 2)

    def test_the_computed_sums_come_from_the_deals_of_the_period(self):
        """Covers: SAL-06"""
        self.deal(1000)
        self.deal(500, forecast_category="commit")
        self.deal(70, stage_id=self.won.id)
        self.deal(9000, self.period.date_end + timedelta(days=1))
        self.deal(800, user_id=self.other.id)
        self.assertRecordValues(
            self.line,
            [
                {
                    "best_case_amount": 1000,
                    "commit_amount": 500,
                    "closed_amount": 70,
                    "computed_amount": 570,
                }
            ],
        )

    def test_a_call_is_signed_with_author_and_time(self):
        self.line.with_user(self.seller).write(
            {"seller_call": 900, "seller_call_user_id": self.other.id}
        )
        self.assertEqual(self.line.seller_call_user_id, self.seller)
        self.assertTrue(self.line.seller_call_date)
        self.line.with_user(self.leader).manager_call = 700
        self.assertEqual(self.line.manager_call_user_id, self.leader)

    def test_a_seller_cannot_enter_the_managers_call_or_anothers_call(self):
        with self.assertRaises(AccessError):
            self.line.with_user(self.seller).manager_call = 1
        with self.assertRaises(AccessError):
            self.line.with_user(self.other).seller_call = 1

    def test_a_seller_sees_own_calls_a_leader_the_team_and_a_manager_all(self):
        Line = self.env["crm.forecast.line"]
        domain = [("period_id", "=", self.period.id), ("team_id", "=", self.team.id)]
        counts = [
            Line.with_user(user).search_count(domain)
            for user in (self.seller, self.leader, self.manager)
        ]
        self.assertEqual(counts, [1, 2, 2])

    def test_a_seller_opens_the_call_from_the_menu(self):
        Line = self.env["crm.forecast.line"].with_user(self.seller)
        action = Line.action_open_current()
        self.assertEqual(action["res_model"], "crm.forecast.line")


@tagged("post_install", "-at_install")
class TestForecastAccuracy(ForecastCase):
    def test_a_forecast_is_compared_with_the_orders_of_its_month(self):
        """Covers: SAL-06"""
        day = date(2001, 3, 1)
        deal = self.deal(1000, date(2001, 3, 20), probability=60)
        self.env["crm.forecast.snapshot"]._take(day)
        product = self.env["product.product"].create(
            {"name": "Counted", "type": "service", "list_price": 500}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Buyer"}).id,
                "opportunity_id": deal.id,
                "order_line": [(0, 0, {"product_id": product.id, "tax_ids": False})],
            }
        )
        order.action_confirm()
        order.date_order = "2001-03-15 10:00:00"
        row = self.env["crm.forecast.accuracy"].search(
            [("snapshot_date", "=", day), ("user_id", "=", self.seller.id)]
        )
        self.assertRecordValues(
            row,
            [
                {
                    "month": date(2001, 3, 1),
                    "forecast": 600,
                    "ordered": 500,
                    "bias_ordered": 100,
                    "error_ordered": 20,
                    "complete": True,
                }
            ],
        )

        pairs = [(600.0, 500.0)]
        self.assertAlmostEqual(
            row.error_ordered, forecast.mean_absolute_percentage_error(pairs)
        )
        self.assertAlmostEqual(
            100 * row.bias_ordered / row.ordered, forecast.bias(pairs)
        )

    def test_the_mean_of_the_report_is_the_brier_score(self):
        deals = {
            self.deal(10 + chance, probability=chance): chance % 3 == 0
            for chance in (5, 33, 50, 66, 90)
        }
        self.env["crm.forecast.snapshot"]._take(self.today)
        for deal, won in deals.items():
            if won:
                deal.stage_id = self.won
            else:
                deal.action_set_lost()
        self.env.flush_all()
        [(mean,)] = self.env["crm.forecast.reliability"]._read_group(
            [("user_id", "=", self.seller.id), ("source", "=", "stage")],
            [],
            ["brier:avg"],
        )
        pairs = [(0.05, 0), (0.33, 1), (0.5, 0), (0.66, 1), (0.9, 1)]
        self.assertAlmostEqual(mean, forecast.brier(pairs), 6)

    def test_reliability_pairs_what_was_said_with_the_outcome(self):
        deal = self.deal(10, probability=70)
        self.env["crm.forecast.snapshot"]._take(self.today)
        deal.stage_id = self.won
        self.env.flush_all()
        row = self.env["crm.forecast.reliability"].search(
            [("lead_id", "=", deal.id), ("source", "=", "stage")]
        )
        self.assertEqual((row.bin, row.won), ("60", 100))
        self.assertAlmostEqual(row.brier, 0.09)
