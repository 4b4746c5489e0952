from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestVisits(OrderToCashCommon):
    """Covers: SAL-10"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.visit.plan"].search([]).active = False
        cls.tag = cls.env["res.partner.category"].create({"name": "Class A"})
        cls.customer.write({"category_id": cls.tag.ids, "user_id": cls.seller.id})
        cls.customer.customer_rank = 1
        cls.rhythm = cls.env["crm.visit.plan"].create(
            {"name": "A", "interval_days": 30, "category_ids": cls.tag.ids}
        )

    def _visit(self, days=0, **values):
        return self.env["crm.visit.report"].create(
            {
                "name": "Trial",
                "partner_id": self.customer.id,
                "user_id": self.seller.id,
                "date": fields.Datetime.now() + timedelta(days=days),
                **values,
            }
        )

    def _due(self):
        self.env.flush_all()
        return self.env["crm.visit.due"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("company_id", "=", self.env.company.id),
            ]
        )

    def test_a_customer_of_the_class_is_due_after_the_rhythm(self):
        self.assertFalse(self._due(), "never ordered: not a customer yet")
        self.quote()
        self._visit(days=-40, state="done")
        due = self._due()
        self.assertEqual(due.plan_id, self.rhythm)
        self.assertEqual(due.days_late, 10)
        self.assertFalse(due.date_planned)
        planned = self._visit(days=3)
        due.invalidate_recordset()
        self.assertEqual(self._due().date_planned, planned.date.date())

    def test_the_rhythm_by_hand_overrules_the_class(self):
        self.quote()
        rare = self.env["crm.visit.plan"].create(
            {"name": "Rare", "interval_days": 300, "sequence": 99}
        )
        self.customer.visit_plan_id = rare
        self.assertEqual(self._due().plan_id, rare)

    def test_a_report_says_something_and_lies_in_the_past(self):
        with self.assertRaisesRegex(UserError, "what was said"):
            self._visit(days=-1).action_done()
        with self.assertRaisesRegex(UserError, "future"):
            self._visit(days=2, report="<p>Fine</p>").action_done()

    def test_next_steps_become_activities_once(self):
        deal = self.deal()
        visit = self._visit(
            days=-1,
            report="<p>They want a trial</p>",
            lead_id=deal.id,
            step_ids=[
                Command.create({"summary": "Send sample", "user_id": self.seller.id})
            ],
        )
        visit.action_done()
        visit.action_plan_again()
        visit.action_done()
        self.assertRecordValues(
            deal.activity_ids, [{"summary": "Send sample", "user_id": self.seller.id}]
        )
        visit.step_ids = [
            Command.create({"summary": "Call back", "user_id": self.seller.id})
        ]
        self.assertEqual(len(deal.activity_ids), 2)

    def test_a_planned_visit_and_its_meeting_move_together(self):
        visit = self._visit(days=2, attendee_ids=self.contact.ids)
        visit.action_add_meeting()
        self.assertIn(self.contact, visit.event_id.partner_ids)
        visit.date += timedelta(days=1)
        self.assertEqual(visit.event_id.start, visit.date.replace(microsecond=0))
        event = visit.event_id
        visit.action_cancel()
        self.assertFalse(event.exists())

    def test_visitor_and_account_manager_see_a_visit_and_others_do_not(self):
        Visit = self.env["crm.visit.report"].with_user(self.seller)
        visit = self._visit(user_id=self.env.user.id)
        self.assertTrue(Visit.search([("id", "=", visit.id)]))
        self.customer.user_id = self.env.user
        self.env.flush_all()
        self.assertFalse(Visit.search([("id", "=", visit.id)]))
        visit.colleague_ids = self.seller
        self.assertTrue(Visit.search([("id", "=", visit.id)]))
