from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .visit_common import VisitCase


@tagged("post_install", "-at_install")
class TestServiceMaintenance(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["service.visit.template"].create(
            {
                "name": "Yearly",
                "duration": 2,
                "skill_ids": [Command.set(cls.skill.ids)],
                "line_ids": [Command.create({"name": "Oil"})],
            }
        )
        cls.pump = cls.asset(state="active")

    def plan(self, assets=None, **values):
        return self.env["service.maintenance.plan"].create(
            {
                "name": "Yearly service",
                "partner_id": self.partner.id,
                "date_start": self.today + timedelta(days=10),
                "months": 12,
                "lead_days": 21,
                "template_id": self.template.id,
                "line_ids": [
                    Command.create({"asset_id": asset.id})
                    for asset in assets or self.pump
                ],
                **values,
            }
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_service.ir_cron_maintenance").method_direct_trigger()
        self.env.invalidate_all()

    def dues(self, plan):
        return self.env["service.maintenance.due"].search(
            [("plan_id", "=", plan.id)], order="date, id"
        )

    def note_reading(self, value, days_ago, **values):
        return self.env["service.asset.reading"].create(
            {
                "asset_id": self.pump.id,
                "date": self.today - timedelta(days=days_ago),
                "value": value,
                **values,
            }
        )

    def test_a_visit_is_made_ahead_once_with_the_tasks_of_its_kind(self):
        """Covers: SRV-06, SRV-07"""
        plan = self.plan()
        self.assertEqual(self.pump.next_maintenance_date, plan.date_start)
        self.run_cron()
        self.run_cron()
        due = self.dues(plan)
        self.assertEqual((len(due), due.state), (1, "open"))
        visit = due.visit_id
        self.assertEqual(visit.state, "draft")
        self.assertEqual(visit.asset_ids, self.pump)
        self.assertEqual(visit.skill_ids, self.skill)
        self.assertEqual(visit.checklist_ids.mapped("name"), ["Oil"])
        self.assertEqual(visit.duration, 2)
        self.assertEqual(
            self.pump.next_maintenance_date, plan.date_start + relativedelta(years=1)
        )

    def test_nothing_is_made_before_the_lead_time(self):
        plan = self.plan(lead_days=9)
        self.run_cron()
        self.assertFalse(self.dues(plan))

    def test_products_of_one_site_share_a_visit_and_other_sites_have_their_own(self):
        """Covers: SRV-07"""
        site = self.env["res.partner"].create(
            {"name": "Works 2", "parent_id": self.partner.id, "type": "other"}
        )
        here, there = (
            self.asset(state="active"),
            self.asset(state="active", site_id=site.id),
        )
        plan = self.plan(self.pump | here | there)
        plan.action_make_due()
        visits = self.dues(plan).visit_id
        self.assertEqual(len(visits), 2)
        shared = visits.filtered(lambda visit: visit.site_id == self.partner)
        self.assertEqual(shared.asset_ids, self.pump | here)
        self.assertEqual(shared.duration, 4)

    def test_what_was_missed_altogether_is_made_once_and_told(self):
        """After a year without the nightly run there are no twelve visits."""
        plan = self.plan(date_start=self.today - timedelta(days=340), months=1)
        plan.lead_days = 0
        self.run_cron()
        dues = self.dues(plan)
        self.assertEqual(len(dues), 12)
        self.assertEqual(len(dues.visit_id), 1)
        self.assertEqual(dues[-1].state, "open")
        self.assertEqual(set(dues[:-1].mapped("state")), {"skipped"})
        self.assertTrue(all(dues[:-1].mapped("skipped")))

    def test_two_dates_within_the_lead_time_are_both_made(self):
        plan = self.plan(months=1, lead_days=60, date_start=self.today)
        self.run_cron()
        self.assertEqual(set(self.dues(plan).mapped("state")), {"open"})
        self.assertGreaterEqual(len(self.dues(plan).visit_id), 2)

    def test_a_request_can_be_made_instead(self):
        plan = self.plan(creates="ticket", team_id=self.team.id)
        self.run_cron()
        ticket = self.dues(plan).ticket_id
        self.assertEqual(ticket.kind, "visit")
        self.assertEqual(ticket.asset_id, self.pump)
        self.assertTrue(ticket.decision_id, "it is checked like any other")
        ticket.stage_id = self.stage_done
        self.assertEqual(self.dues(plan).state, "done")

    def test_a_suspended_contract_makes_nothing_and_says_why(self):
        """Covers: SRV-02"""
        contract = self.entitlement().contract_id
        plan = self.plan(contract_id=contract.id)
        contract._suspend(self.today, "No payment")
        self.run_cron()
        self.assertFalse(self.dues(plan), "the suspension may end before the day")
        with freeze_time(self.today + timedelta(days=11)):
            self.run_cron()
        self.assertEqual(self.dues(plan).state, "skipped")
        self.assertFalse(self.dues(plan).visit_id)

    def test_a_suspension_that_ends_in_time_loses_nothing(self):
        contract = self.entitlement().contract_id
        plan = self.plan(contract_id=contract.id)
        contract._suspend(self.today, "No payment")
        self.run_cron()
        contract._resume(self.today + timedelta(days=1))
        self.run_cron()
        self.assertEqual(self.dues(plan).state, "open")

    def test_after_the_end_of_the_contract_nothing_is_due_until_it_is_renewed(self):
        """Covers: SRV-02"""
        contract = self.entitlement().contract_id
        plan = self.plan(contract_id=contract.id)
        contract.contract_line_ids.date_end = self.today + timedelta(days=5)
        self.assertFalse(self.pump.next_maintenance_date)
        self.run_cron()
        self.assertFalse(self.dues(plan))
        contract.contract_line_ids.date_end = self.today + timedelta(days=50)
        self.assertEqual(self.pump.next_maintenance_date, plan.date_start)
        self.run_cron()
        self.assertEqual(self.dues(plan).state, "open")

    def test_a_visit_made_ahead_goes_when_the_contract_is_ended_before_it(self):
        contract = self.entitlement().contract_id
        plan = self.plan(contract_id=contract.id)
        self.run_cron()
        visit = self.dues(plan).visit_id
        contract.contract_line_ids.date_end = self.today + timedelta(days=5)
        self.run_cron()
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(self.dues(plan).state, "cancelled")

    def test_a_visit_agreed_with_the_customer_is_asked_about_instead(self):
        plan = self.plan()
        self.run_cron()
        visit = self.dues(plan).visit_id
        visit.write(
            {"state": "planned", "employee_id": self.ann.id, "date_start": self.at(9)}
        )
        self.pump.state = "retired"
        for _run in range(2):
            self.run_cron()
        self.assertEqual(visit.state, "planned")
        self.assertEqual(len(visit.activity_ids), 1)

    def test_a_product_out_of_service_is_not_due(self):
        plan = self.plan()
        self.pump.state = "retired"
        self.assertFalse(self.pump.next_maintenance_date)
        self.run_cron()
        self.assertFalse(self.dues(plan))

    def test_the_counter_tells_when_and_the_service_sets_it_back(self):
        """Covers: SRV-06"""
        plan = self.plan(rhythm="counter", units=500, lead_days=10)
        self.assertFalse(plan.line_ids.next_date)
        self.note_reading(100, 30)
        self.note_reading(400, 0)
        self.assertEqual(plan.line_ids.next_date, self.today + timedelta(days=10))
        self.assertEqual(self.pump.counter_use, 10)
        self.run_cron()
        visit = self.dues(plan).visit_id
        self.assertTrue(self.dues(plan).by_counter)
        self.assertFalse(plan.line_ids.next_date, "while one is open")
        visit.write({"state": "done", "confirmed_on": fields.Datetime.now()})
        self.assertEqual(plan.line_ids.next_date, self.today + timedelta(days=50))

    def test_counting_from_the_last_service_waits_for_it(self):
        plan = self.plan(from_done=True, months=6)
        self.run_cron()
        self.assertFalse(plan.line_ids.next_date)
        visit = self.dues(plan).visit_id
        visit.write({"state": "done", "confirmed_on": fields.Datetime.now()})
        self.assertEqual(plan.line_ids.next_date, self.today + relativedelta(months=6))

    def test_a_counter_does_not_run_backwards_unless_it_was_replaced(self):
        self.note_reading(100, 30)
        with self.assertRaises(ValidationError):
            self.note_reading(90, 10)
        self.note_reading(5, 10, is_replaced=True)
        self.assertEqual(self.pump.counter_value, 5)

    def test_what_was_cancelled_can_be_made_after_all(self):
        plan = self.plan()
        self.run_cron()
        due = self.dues(plan)
        first = due.visit_id
        first.action_cancel()
        self.assertEqual(due.state, "cancelled")
        due.action_make_again()
        self.assertEqual(due.state, "open")
        self.assertNotEqual(due.visit_id, first)

    def test_agents_plan_technicians_read(self):
        plan = self.plan()
        agent = new_test_user(
            self.env, "maintenance_agent", groups="crm_service.group_service_user"
        )
        self.assertTrue(plan.with_user(agent).action_make_due())
        self.assertEqual(len(self.dues(plan)), 1)
        with self.assertRaises(AccessError):
            plan.with_user(self.ann_user).months = 1
        self.env["service.asset.reading"].with_user(self.ann_user).create(
            {"asset_id": self.pump.id, "value": 1}
        )

    def test_a_contract_shows_its_plans(self):
        contract = self.entitlement().contract_id
        plan = self.plan(contract_id=contract.id)
        self.assertEqual(contract.maintenance_plan_count, 1)
        action = contract.action_view_maintenance_plans()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), plan)
        second = self.asset(state="active")
        plan.action_add_assets()
        self.assertEqual(plan.line_ids.asset_id, self.pump | second)
