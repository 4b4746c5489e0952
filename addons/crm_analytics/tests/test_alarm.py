from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestAlarm(ValueCommon):
    """Covers: ANA-15"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.owner = new_test_user(
            cls.env, "alarm_owner", "sales_team.group_sale_salesman", **make
        )
        cls.env["crm.value.alarm.rule"].search([]).active = False
        cls.acme = cls.customer("Acme", user_id=cls.owner.id)
        for months in (8, 10, 13, 15):
            cls.document(cls.acme, cls.day(months), 500)

    def _rule(self, indicator, limit, value_class=None, **values):
        if value_class is None:
            self.refresh()
            value_class = self.value(self.acme).value_class
        return self.env["crm.value.alarm.rule"].create(
            {
                "name": f"Watch {indicator}",
                "value_class": value_class,
                "indicator": indicator,
                "limit_value": limit,
                "company_id": self.company.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                **values,
            }
        )

    def _alarms(self, rule):
        return self.env["crm.value.alarm"].search([("rule_id", "=", rule.id)])

    def test_an_alarm_tells_the_owner_once_in_words(self):
        rule = self._rule("churn_risk", 0.01)
        run = self.refresh()
        alarm = self._alarms(rule)
        self.assertRecordValues(
            alarm,
            [
                {
                    "partner_id": self.acme.id,
                    "user_id": self.owner.id,
                    "state": "open",
                    "date": run.as_of,
                    "figure": self.value(self.acme).churn_risk,
                }
            ],
        )
        self.assertIn("risk of leaving", alarm.sentence)
        activity = alarm.activity_id
        self.assertEqual(activity.user_id, self.owner)
        self.assertEqual(activity.summary, rule.name)
        self.assertIn("risk of leaving", activity.note)
        self.refresh()
        self.refresh("full")
        self.assertEqual(self._alarms(rule), alarm)
        self.assertEqual(self.acme.activity_ids, activity)

    def test_an_alarm_that_is_over_takes_its_activity_back(self):
        rule = self._rule("churn_risk", 0.01)
        self.refresh()
        alarm = self._alarms(rule)
        rule.limit_value = 1.0
        run = self.refresh()
        self.assertRecordValues(alarm, [{"state": "over", "date_over": run.as_of}])
        self.assertFalse(alarm.activity_id.exists())
        rule.limit_value = 0.01
        self.refresh()
        self.assertEqual(len(self._alarms(rule)), 2)

    def test_revenue_behind_its_forecast(self):
        growth = self.env["crm.value.policy"]._get_current(self.company).growth_limit
        self.document(self.acme, self.day(1), 300)
        self.document(self.acme, self.day(13, 3), 500)
        rule = self._rule("forecast", 0.9)
        self.refresh()
        alarm = self._alarms(rule)
        # 1000 of the same three months a year before: 500 at 13 months, and 500 more
        self.assertAlmostEqual(alarm.figure, 300 / 1000 / (1 + growth), 3)
        self.assertIn("expect", alarm.sentence)

    def test_overdue_money_of_the_year(self):
        late = self.document(self.acme, self.day(5), 1000)
        late.invoice_date_due = self.day(4)
        rule = self._rule("overdue_share", 0.3)
        self.refresh()
        overdue = sum(
            move.amount_residual_signed
            for move in self.env["account.move"].search(
                [
                    ("partner_id", "=", self.acme.id),
                    ("state", "=", "posted"),
                    ("invoice_date_due", "<", self.as_of),
                ]
            )
        )
        alarm = self._alarms(rule)
        self.assertAlmostEqual(
            alarm.figure, overdue / self.value(self.acme).monetary, 3
        )

    def test_low_satisfaction(self):
        for mark in (1, 2):
            self.rate(self.acme, self.acme, mark, self.day(1))
        rule = self._rule("satisfaction", 3.0)
        self.refresh()
        self.assertAlmostEqual(self._alarms(rule).figure, 1.5)
        self.assertIn("1.5 of 5", self._alarms(rule).sentence)

    def test_cost_is_told_in_figures_only_to_who_may_see_it(self):
        self.document(self.acme, self.day(2), 100)
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": self.day(1),
                "stop": self.day(1) + timedelta(hours=9),
                "duration": 9,
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.acme.id,
                "user_id": self.owner.id,
            }
        )
        rule = self._rule("cost_share", 0.1)
        self.refresh("full")
        alarm = self._alarms(rule)
        self.assertTrue(alarm)
        self.assertIn("%", alarm.sentence)
        self.assertNotIn("%", alarm.with_user(self.owner).sentence)
        self.assertNotIn("%", alarm.activity_id.note)

    def test_a_rule_without_activity_lists_only(self):
        rule = self._rule("churn_risk", 0.01, activity_type_id=False)
        self.refresh()
        self.assertTrue(self._alarms(rule))
        self.assertFalse(self.acme.activity_ids)

    def test_each_class_has_its_alarm_from_the_start(self):
        shipped = self.env["crm.value.alarm.rule"].with_context(active_test=False)
        pairs = {
            (rule.value_class, rule.indicator)
            for name in ("churn", "forecast", "cost", "satisfaction", "payment")
            for rule in shipped.env.ref(f"crm_analytics.crm_value_alarm_rule_{name}")
        }
        self.assertEqual(
            pairs,
            {
                ("most_valuable", "churn_risk"),
                ("growth", "forecast"),
                ("growth", "cost_share"),
                ("being_lost", "satisfaction"),
                ("transactional", "overdue_share"),
            },
        )

    def test_a_seller_sees_alarms_of_own_accounts_only(self):
        other = self.customer("Other", user_id=self.env.user.id)
        for months in (8, 10, 13, 15):
            self.document(other, self.day(months), 500)
        rule = self._rule("churn_risk", 0.01)
        self.refresh()
        alarms = self._alarms(rule)
        self.assertEqual(alarms.partner_id, self.acme | other)
        self.assertEqual(alarms.with_user(self.owner).search([]).partner_id, self.acme)
