from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .visit_common import VisitCase


@tagged("post_install", "-at_install")
class TestServiceVisit(VisitCase):
    def slots(self, visit, days=1, day=None):
        wizard = (
            self.env["service.visit.slots"]
            .with_context(tz="Europe/Brussels")
            .with_user(self.agent)
            .create(
                {
                    "visit_id": visit.id,
                    "date_from": day or self.monday,
                    "days": days,
                    "employee_ids": [Command.set((self.ann | self.bob).ids)],
                }
            )
        )
        wizard._search_slots()
        return wizard

    def test_an_address_with_gaps_has_no_empty_places(self):
        site = self.env["res.partner"].create(
            {"name": "Works", "city": "苏州", "country_id": self.env.ref("base.cn").id}
        )
        visit = self.env["service.visit"].new({"site_id": site.id})
        self.assertEqual(visit.site_address, "China, 苏州")
        site.write({"zip": "215000", "street": "Road 1,  Hall 2"})
        visit.invalidate_recordset(["site_address"])
        self.assertEqual(visit.site_address, "China, 215000, 苏州 Road 1, Hall 2")

    def test_free_slots_respect_skill_leave_meeting_and_other_visits(self):
        """Covers: SRV-07"""
        # Ann is at a meeting until 10, Bob on leave the whole day
        self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": self.at(8),
                "stop": self.at(10),
                "show_as": "busy",
                "partner_ids": [Command.set(self.ann_user.partner_id.ids)],
            }
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "calendar_id": self.calendar.id,
                "resource_id": self.bob.resource_id.id,
                "date_from": self.at(0),
                "date_to": self.at(23),
            }
        )
        visit = self.visit(duration=1.0, skill_ids=[Command.set(self.skill.ids)])
        wizard = self.slots(visit)
        self.assertEqual(wizard.line_ids.employee_id, self.ann)
        first = wizard.line_ids[0]
        self.assertEqual(first.date_start, self.at(10, 30))  # unknown place: 30 min
        self.assertIn("Bob lacks High voltage", wizard.refusals)
        first.action_take()
        self.assertRecordValues(
            visit,
            [
                {
                    "state": "planned",
                    "employee_id": self.ann.id,
                    "date_start": self.at(10, 30),
                    "date_end": self.at(11, 30),
                }
            ],
        )
        # the next one finds the place taken, and Bob away
        wizard = self.slots(self.visit(duration=1.0))
        self.assertEqual(wizard.line_ids.employee_id, self.ann)
        self.assertTrue(all(line.date_start >= self.at(12) for line in wizard.line_ids))
        self.assertIn("Bob does not work then", wizard.refusals)

    def test_nobody_free_is_said_with_the_reason_of_each(self):
        """Covers: SRV-07"""
        sunday = self.monday - timedelta(days=1)
        wizard = self.slots(self.visit(), day=sunday)
        self.assertFalse(wizard.line_ids)
        self.assertIn("Ann does not work then", wizard.refusals)
        self.assertIn("Bob does not work then", wizard.refusals)

    def test_a_slot_that_was_taken_meanwhile_is_refused(self):
        """Covers: SRV-07"""
        one, two = self.visit(), self.visit()
        first, second = self.slots(one), self.slots(two)
        first.line_ids[0].action_take()
        same = second.line_ids.filtered(
            lambda line: (
                line.employee_id == one.employee_id
                and line.date_start == one.date_start
            )
        )
        with self.assertRaisesRegex(UserError, "another visit"):
            same.action_take()

    def test_travel_between_known_places_counts(self):
        """Covers: SRV-07"""
        self.company.partner_id.write(
            {"partner_latitude": 50.85, "partner_longitude": 4.35}
        )
        (self.ann | self.bob).address_id = self.company.partner_id
        self.partner.write({"partner_latitude": 51.22, "partner_longitude": 4.40})
        wizard = self.slots(self.visit(duration=1.0))
        # 41 km as the crow flies, x 1.3 at 50 km/h and 5 minutes to park
        self.assertAlmostEqual(wizard.line_ids[0].travel_minutes, 70, delta=2)
        self.assertEqual(wizard.line_ids[0].date_start, self.at(9, 15))

    def test_the_day_plan_places_what_fits_and_tells_what_does_not(self):
        """Covers: SRV-07"""
        visits = self.env["service.visit"].union(
            *(
                self.visit(
                    summary=f"Stop {number}",
                    duration=2.0,
                    skill_ids=[Command.set(self.skill.ids if number < 4 else [])],
                )
                for number in range(6)
            )
        )
        wizard = self.env["service.visit.day"].create(
            {
                "date": self.monday,
                "employee_ids": [Command.set((self.ann | self.bob).ids)],
                "visit_ids": [Command.set(visits.ids)],
            }
        )
        wizard.action_compute()
        placed = wizard.line_ids.visit_id
        self.assertTrue(placed)
        self.assertLess(len(placed), 6)
        for line in wizard.line_ids:
            if line.visit_id.skill_ids:
                self.assertEqual(line.employee_id, self.ann)
        for visit in visits - placed:
            self.assertIn(visit.name, wizard.refusals)
        self.assertIn("is taken by other visits", wizard.refusals)
        self.assertEqual(set(visits.mapped("state")), {"draft"})
        wizard.action_apply()
        self.assertEqual(set(placed.mapped("state")), {"planned"})
        self.assertFalse(any(placed.mapped("conflict")))

    def test_credit_stops_the_planning_until_finance_releases(self):
        """Covers: SRV-05"""
        self.partner.credit_hold = True
        visit = self.visit(employee_id=self.ann.id, date_start=self.at(9))
        dialog = visit.with_user(self.agent).action_plan()
        self.assertEqual(dialog["res_model"], "crm.credit.hold")
        self.assertEqual(visit.state, "draft")
        self.env["crm.credit.release"].create(
            {"partner_id": self.partner.id, "reason": "Paid today"}
        )
        self.assertIs(visit.with_user(self.agent).action_plan(), True)
        self.assertEqual(visit.state, "planned")

    def test_the_day_plan_leaves_out_what_credit_stops(self):
        """Covers: SRV-05, SRV-07"""
        self.partner.credit_hold = True
        visit = self.visit()
        wizard = self.env["service.visit.day"].create(
            {
                "date": self.monday,
                "employee_ids": [Command.set(self.ann.ids)],
                "visit_ids": [Command.set(visit.ids)],
            }
        )
        wizard.action_compute()
        self.assertFalse(wizard.line_ids)
        self.assertIn("on hold", wizard.refusals)

    def test_a_time_against_hours_or_skill_is_told_on_the_form(self):
        visit = self.visit(
            employee_id=self.bob.id,
            date_start=self.at(20),
            skill_ids=[Command.set(self.skill.ids)],
        )
        self.assertIn("Bob lacks High voltage", visit.conflict)
        self.assertIn("Outside the working hours", visit.conflict)

    def test_confirmation_needs_checks_report_and_signature(self):
        """Covers: SRV-07"""
        template = self.env["service.visit.template"].create(
            {
                "name": "Yearly",
                "duration": 2.0,
                "skill_ids": [Command.set(self.skill.ids)],
                "line_ids": [Command.create({"name": "Valve tight"})],
            }
        )
        visit = self.visit(
            template_id=template.id, employee_id=self.ann.id, date_start=self.at(9)
        )
        self.assertEqual((visit.duration, visit.skill_ids), (2.0, self.skill))
        visit.action_plan()
        mine = visit.with_user(self.ann_user)
        mine.action_start()
        with self.assertRaisesRegex(UserError, "Valve tight"):
            mine.action_confirm()
        mine.checklist_ids.done = True
        with self.assertRaisesRegex(UserError, "Write what was done"):
            mine.action_confirm()
        mine.report = "<p>All fine</p>"
        with self.assertRaisesRegex(UserError, "sign"):
            mine.action_confirm()
        mine.unsigned_reason = "Nobody there"
        mine.action_confirm()
        self.assertEqual(visit.state, "done")

    def test_confirmation_by_the_technician_updates_request_contract_and_invoice(self):
        """Covers: SRV-07, SRV-08"""
        self.need_accounts()
        entitlement = self.entitlement(kind="visits", quantity=12.0)
        left = entitlement.remaining
        ticket = self.ticket(kind="visit")
        visit = self.visit(
            ticket_id=ticket.id, employee_id=self.ann.id, date_start=self.at(9)
        )
        self.assertEqual(visit.contract_id, entitlement.contract_id)
        visit.action_plan()
        mine = visit.with_user(self.ann_user)
        mine.work_line_ids = [
            Command.create({"kind": "hours", "quantity": 2}),
            Command.create({"kind": "part", "product_id": self.part.id}),
        ]
        self.finish(mine)
        hours = visit.work_line_ids.filtered(lambda w: w.kind == "hours")
        part = visit.work_line_ids - hours
        self.assertEqual((hours.coverage, part.coverage), ("covered", "billable"))
        self.assertEqual(entitlement.remaining, left - 1)
        self.assertEqual(part.invoice_status, "invoiced")
        self.assertEqual(part.invoice_id.state, "draft")
        self.assertTrue(ticket.closed)
        self.assertIn("Seal replaced", ticket.resolution)
        self.assertIn("Seal replaced", ticket.message_ids[:3].mapped("body").__str__())

    def test_a_visit_that_did_not_solve_it_leaves_the_request_open(self):
        """Covers: SRV-08"""
        ticket = self.ticket()
        visit = self.visit(
            ticket_id=ticket.id, employee_id=self.ann.id, date_start=self.at(9)
        )
        visit.action_plan()
        self.finish(visit, solved=False)
        self.assertFalse(ticket.closed)

    def test_a_maintenance_visit_without_request_takes_from_the_contract(self):
        """Covers: SRV-08"""
        entitlement = self.entitlement(kind="visits", quantity=12.0)
        visit = self.visit(employee_id=self.ann.id, date_start=self.at(9))
        self.assertEqual(visit.contract_id, entitlement.contract_id)
        visit.action_plan()
        visit.work_line_ids = [Command.create({"quantity": 3})]
        left = entitlement.remaining
        self.finish(visit)
        self.assertEqual(entitlement.remaining, left - 1)
        self.assertEqual(visit.work_line_ids.coverage, "covered")
        visit._take_visit()  # never twice
        self.assertEqual(entitlement.remaining, left - 1)

    def test_the_report_is_mailed_once_with_its_document(self):
        """Covers: SRV-07"""
        self.partner.email = "carl@example.com"
        visit = self.visit(employee_id=self.ann.id, date_start=self.at(9))
        visit.action_plan()
        self.finish(visit)
        with self.enter_registry_test_mode():
            cron = self.env.ref("crm_service.ir_cron_visit_report")
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", "service.visit"),
                ("res_id", "=", visit.id),
                ("subject", "like", "Service report"),
            ]
        )
        self.assertEqual(len(mails), 1)
        self.assertIn(visit.name, mails.subject)
        self.assertEqual(len(mails.attachment_ids), 1)
        self.assertTrue(visit.report_sent)

    def test_the_report_shows_work_and_signature_and_never_our_cost(self):
        """Covers: SRV-07"""
        self.labour.standard_price = 41.77
        visit = self.visit(employee_id=self.ann.id, date_start=self.at(9))
        visit.action_plan()
        visit.work_line_ids = [Command.create({"quantity": 3, "name": "Seal change"})]
        self.finish(visit)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_service.report_service_visit", visit.ids
        )
        text = html.decode()
        for word in ("Seal replaced", "Seal change", "Carl", visit.name, "data:image"):
            self.assertIn(word, text)
        self.assertNotIn("41.77", text)

    def test_a_technician_sees_and_changes_his_own_visits_only(self):
        """Covers: SRV-07"""
        own = self.visit(employee_id=self.ann.id)
        along = self.visit(
            employee_id=self.bob.id, helper_ids=[Command.set(self.ann.ids)]
        )
        other = self.visit(employee_id=self.bob.id)
        visits = self.env["service.visit"].with_user(self.ann_user)
        found = visits.search([("id", "in", (own | along | other).ids)])
        self.assertEqual(found, own | along)
        own.with_user(self.ann_user).report = "<p>x</p>"
        with self.assertRaises(AccessError):
            other.with_user(self.ann_user).write({"report": "<p>x</p>"})
        with self.assertRaises(AccessError):
            visits.create({"summary": "x", "partner_id": self.partner.id})

    def test_a_visit_that_took_place_is_kept(self):
        visit = self.visit(employee_id=self.ann.id, date_start=self.at(9))
        visit.action_plan()
        self.finish(visit)
        with self.assertRaises(UserError):
            visit.unlink()
        with self.assertRaises(UserError):
            visit.action_cancel()
