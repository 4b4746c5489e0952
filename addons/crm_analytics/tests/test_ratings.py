from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestRatings(ValueCommon):
    """Ratings count for the company that was rated, and up to the as-of date.

    Covers: ANA-08, ANA-12
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.env.user.company_ids = [Command.link(cls.other.id)]
        cls.acme = cls.customer("Acme")
        cls.document(cls.acme, cls.day(1), 100)
        cls.ours, cls.theirs = (
            cls.env["sale.order"]
            .sudo()
            .with_company(company)
            .create({"partner_id": cls.acme.id, "company_id": company.id})
            for company in (cls.company, cls.other)
        )

    def _satisfaction(self, **given):
        self.refresh(**given)
        return (self.value(self.acme).loyalty_parts or {}).get("satisfaction")

    def _tile(self, code, company=None):
        Insight = self.env["crm.insight"].with_company(company or self.company)
        self.env.flush_all()
        return {tile["code"]: tile for tile in Insight._get_process()}[code]

    def test_what_another_company_was_rated_does_not_count(self):
        self.rate(self.theirs, self.acme, 1, self.day(1))
        self.assertIsNone(self._satisfaction())
        self.rate(self.ours, self.acme, 4, self.day(1))
        self.assertEqual(self._satisfaction(), 0.75)
        self.rate(self.acme, self.acme, 2, self.day(1))  # a record of all companies
        self.assertEqual(self._satisfaction(), 0.5)

    def test_a_run_of_a_past_day_knows_no_later_answer(self):
        self.rate(self.ours, self.acme, 5, self.day())
        self.rate(self.ours, self.acme, 1, self.as_of + timedelta(days=1))
        self.rate(self.ours, self.acme, 1, self.day(24))  # two years ago: too old
        self.assertEqual(self._satisfaction(), 1)
        later = self._satisfaction(as_of=self.as_of + timedelta(days=1))
        self.assertEqual(later, 0.5)

    def test_the_alarm_counts_the_ratings_of_its_company(self):
        self.env["crm.value.alarm.rule"].search([]).active = False
        value_class = self.refresh() and self.value(self.acme).value_class
        rule = self.env["crm.value.alarm.rule"].create(
            {
                "name": "Unhappy",
                "value_class": value_class,
                "indicator": "satisfaction",
                "limit_value": 3,
                "company_id": self.company.id,
            }
        )
        alarms = [("rule_id", "=", rule.id)]
        Alarm = self.env["crm.value.alarm"]
        self.rate(self.theirs, self.acme, 1, self.day(1))
        self.rate(self.ours, self.acme, 1, self.as_of + timedelta(days=1))
        self.refresh("full")
        self.assertFalse(Alarm.search(alarms))
        self.rate(self.ours, self.acme, 2, self.day(1))
        self.refresh("full")
        self.assertEqual(Alarm.search(alarms).figure, 2)

    def test_the_start_page_tells_the_satisfaction_of_its_company(self):
        today = fields.Date.today()
        # Records of all companies may have been rated in this database.
        self.env["rating.rating"].sudo().search([]).unlink()
        self.rate(self.theirs, self.acme, 1, today)
        self.assertIs(self._tile("satisfaction")["share"], False)
        self.rate(self.ours, self.acme, 5, today - timedelta(days=300))
        self.rate(self.ours, self.acme, 1, today - timedelta(days=400))
        tile = self._tile("satisfaction")
        self.assertEqual(tile["share"], 1)
        self.assertEqual(tile["note"], "1 answers in 12 months")
        self.assertEqual(self._tile("satisfaction", self.other)["share"], 0)

    def test_the_start_page_tells_the_activities_of_its_company(self):
        self.env["mail.activity"].sudo().search([]).unlink()
        today = fields.Date.today()
        for record, days in ((self.ours, 1), (self.theirs, -1), (self.acme, 1)):
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.env.uid,
                date_deadline=today + timedelta(days=days),
            )
        self.assertEqual(self._tile("activities")["share"], 1)
        self.assertEqual(self._tile("activities")["note"], "0 of 2 are overdue")
        theirs = self._tile("activities", self.other)
        self.assertEqual(theirs["note"], "1 of 2 are overdue")
