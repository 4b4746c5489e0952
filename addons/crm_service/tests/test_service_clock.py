import random
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from pytz import utc

from odoo.tests import tagged
from odoo.tools import SQL

from .desk_common import DeskCase

MONDAY = datetime(2026, 5, 4, 7, 0)  # 09:00 in Brussels


@tagged("post_install", "-at_install")
class TestWorkingTime(DeskCase):
    def test_bulk_deadlines_equal_plan_hours_over_holiday_and_clock_changes(self):
        """Covers: SRV-04"""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "All Saints",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 10, 31, 23),
                "date_to": datetime(2026, 11, 2, 22, 59, 59),
            }
        )
        rng = random.Random(4)
        working = self.calendar._get_working_time(2026)
        for base in (datetime(2026, 3, 20), datetime(2026, 10, 15)):
            for _case in range(60):
                start = base + timedelta(minutes=rng.randrange(30 * 24 * 60))
                hours = rng.randrange(1, 160) / 4
                expected = self.calendar.plan_hours(
                    hours, utc.localize(start), compute_leaves=True
                )
                moment = working.after(utc.localize(start).timestamp(), hours * 3600)
                self.assertAlmostEqual(moment, expected.timestamp(), delta=0.01)

    def test_a_new_holiday_is_known_at_once(self):
        before = self.calendar._get_working_time(2026)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": MONDAY - timedelta(hours=8),
                "date_to": MONDAY + timedelta(hours=15),
            }
        )
        after = self.calendar._get_working_time(2026)
        morning = utc.localize(MONDAY - timedelta(hours=2)).timestamp()
        night = utc.localize(MONDAY + timedelta(hours=15)).timestamp()
        self.assertEqual(before.between(morning, night), 8 * 3600)
        self.assertEqual(after.between(morning, night), 0)


@tagged("post_install", "-at_install")
@freeze_time(MONDAY)
class TestServiceClock(DeskCase):
    def at(self, **delta):
        """Let time pass: return a context in which it is later."""
        return freeze_time(MONDAY + timedelta(**delta))

    def test_a_request_has_the_clocks_its_level_promises(self):
        """Covers: SRV-04"""
        ticket = self.ticket()
        self.assertRecordValues(
            ticket.clock_ids.sorted("kind"),
            [
                # lunch from 12 to 13: four hours after 09:00 are 14:00, and seven
                # hours on Monday, eight on Tuesday, one on Wednesday are sixteen
                {
                    "kind": "resolution",
                    "state": "running",
                    "deadline": datetime(2026, 5, 6, 7, 0),
                },
                {
                    "kind": "response",
                    "state": "running",
                    "deadline": datetime(2026, 5, 4, 12, 0),
                },
            ],
        )
        self.assertEqual(ticket.service_deadline, datetime(2026, 5, 4, 12, 0))

    def test_a_question_has_a_response_clock_only(self):
        self.assertEqual(
            self.ticket(kind="question").clock_ids.mapped("kind"), ["response"]
        )

    def test_what_a_level_promises_holds_for_the_next_request_at_once(self):
        """Covers: SRV-04; lines, steps and pauses of a level are cached."""
        level = self.ticket().service_level_id
        level.line_ids.unlink()
        self.assertFalse(self.ticket().clock_ids)
        level.line_ids.create({"level_id": level.id, "resolution_hours": 9})
        level.line_ids.response_hours = 1
        self.assertEqual(self.clock(self.ticket(), "response").target_hours, 1)
        level.step_ids.unlink()
        self.assertFalse(self.clock(self.ticket()).next_event)
        level.step_ids.create({"level_id": level.id, "percent": 50})
        self.assertTrue(self.clock(self.ticket()).next_event)
        level.pause_stage_ids |= self.stage_new
        self.assertEqual(self.clock(self.ticket()).state, "paused")

    def test_waiting_for_the_customer_moves_the_deadline(self):
        """Covers: SRV-04"""
        ticket = self.ticket()
        with self.at(hours=1):
            ticket.stage_id = self.stage_waiting
            self.assertFalse(self.clock(ticket).deadline)
            self.assertEqual(self.clock(ticket).state, "paused")
        with self.at(hours=2):
            ticket.stage_id = self.stage_new
        self.assertEqual(self.clock(ticket).state, "running")
        self.assertEqual(self.clock(ticket).deadline, datetime(2026, 5, 6, 8, 0))
        self.assertEqual(len(self.clock(ticket).segments), 3)

    def test_closed_in_time_is_met_closed_late_is_missed_cancelled_is_void(self):
        """Covers: SRV-04"""
        met, missed, void = self.ticket(), self.ticket(), self.ticket()
        with self.at(hours=2):
            met.stage_id = self.stage_done
        with self.at(days=7):
            missed.stage_id = self.stage_done
            void.stage_id = self.stage_cancelled
        tickets = met | missed | void
        states = [self.clock(ticket).state for ticket in tickets]
        self.assertEqual(states, ["met", "missed", "void"])
        late = tickets.clock_ids.search(
            [("breached", "=", True), ("ticket_id", "in", tickets.ids)]
        )
        self.assertEqual(late.ticket_id, missed)

    def test_reopened_counts_on_from_where_it_stopped(self):
        ticket = self.ticket()
        with self.at(hours=1):
            ticket.stage_id = self.stage_done
        with self.at(days=1):
            ticket.stage_id = self.stage_new
        clock = self.clock(ticket)
        self.assertEqual(clock.state, "running")
        # 15 of 16 hours are left on Tuesday 09:00: 7 h that day, 8 h on Wednesday
        self.assertEqual(clock.deadline, datetime(2026, 5, 6, 15, 0))

    def test_an_answer_of_the_agent_stops_the_response_clock_only(self):
        ticket = self.ticket()
        note = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}
        mail = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        ticket.with_user(self.agent).message_post(body="internal", **note)
        ticket.message_post(body="and?", author_id=self.partner.id, **mail)
        self.assertEqual(self.clock(ticket, "response").state, "running")
        with self.at(hours=1):
            ticket.with_user(self.agent).message_post(body="We come", **mail)
        self.assertEqual(self.clock(ticket, "response").state, "met")
        self.assertEqual(self.clock(ticket).state, "running")
        self.assertEqual(ticket.first_response_date, MONDAY + timedelta(hours=1))

    def test_a_higher_priority_shortens_the_time_and_says_so(self):
        """Covers: SRV-04"""
        ticket = self.ticket()
        with self.at(hours=1):
            ticket.priority = "3"
        self.assertEqual(self.clock(ticket).deadline, datetime(2026, 5, 4, 12, 0))
        self.assertIn("was", ticket.message_ids[0].body)

    def test_another_team_means_its_level_and_its_hours(self):
        """Covers: SRV-04"""
        always = self.level.copy({"name": "24/7", "calendar_id": False})
        other = self.team.copy({"name": "Night", "service_level_id": always.id})
        ticket = self.ticket()
        with self.at(hours=1):
            ticket.team_id = other
        clock = self.clock(ticket)
        self.assertEqual(clock.level_id, always)
        # one working hour used before the move, fifteen by the wall clock after it
        self.assertEqual(clock.deadline, MONDAY + timedelta(hours=16))

    def test_without_any_level_a_request_has_no_clock_and_no_error(self):
        self.team.service_level_id = False
        ticket = self.ticket()
        self.assertFalse(ticket.clock_ids)
        ticket.stage_id = self.stage_done

    def test_a_holiday_put_in_later_moves_open_deadlines_with_a_note(self):
        ticket = self.ticket()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Tuesday off",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 5, 4, 22),
                "date_to": datetime(2026, 5, 5, 21, 59, 59),
            }
        )
        self.run_cron()
        self.assertEqual(self.clock(ticket).deadline, datetime(2026, 5, 7, 7, 0))
        self.assertIn("Resolution", ticket.message_ids[0].body)

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_service.ir_cron_service_clock").method_direct_trigger()
        self.env.invalidate_all()

    def test_escalation_warns_then_raises_the_priority_and_each_step_once(self):
        """Covers: SRV-04"""
        ticket = self.ticket(kind="incident")
        self.clock(ticket, "response").unlink()
        clock = self.clock(ticket)
        self.assertEqual(clock.next_event, datetime(2026, 5, 5, 12, 0))
        with self.at(hours=1):
            self.run_cron()
            self.assertFalse(ticket.activity_ids)
        with self.at(days=1, hours=5, minutes=1):
            self.run_cron()
            self.run_cron()
            self.assertEqual(ticket.activity_ids.user_id, self.leader)
            self.assertEqual(len(ticket.activity_ids), 1)
            self.assertEqual(ticket.priority, "1")
        with self.at(days=2, minutes=1):
            self.run_cron()
            self.assertEqual(ticket.priority, "2")
            self.assertFalse(clock.next_event)
            self.assertTrue(clock.breached)

    def test_the_cron_reads_the_due_clocks_through_the_index(self):
        """Covers: SRV-04; of many open clocks PostgreSQL reads the due one alone."""
        clocks = self.env["service.clock"]
        tickets = self.env["helpdesk.ticket"].create(
            [
                {"name": "x", "description": "x", "team_id": self.team.id}
                for _number in range(50)
            ]
        )
        clocks.search([("ticket_id", "not in", tickets.ids)]).next_event = False
        due = tickets.clock_ids[:1]
        due.next_event = MONDAY
        self.env.flush_all()
        self.assertEqual(clocks.search(clocks._get_due_domain()), due)
        query = clocks._search(clocks._get_due_domain(), order="next_event, id")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")  # the table is small
        self.env.cr.execute(SQL("EXPLAIN ANALYZE %s", query.select()))
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("service_clock_next_event_idx", plan)
        self.assertNotIn("Rows Removed", plan)

    def test_one_failing_clock_does_not_stop_the_others(self):
        first, second = self.ticket(), self.ticket()
        (first | second).clock_ids.filtered(lambda c: c.kind == "response").unlink()
        broken = self.clock(first)
        with (
            self.at(days=1, hours=5, minutes=1),
            self.patch_escalation(broken),
            self.assertLogs("odoo.addons.crm_service", "ERROR"),
        ):
            self.run_cron()
        self.assertFalse(first.activity_ids)
        self.assertTrue(second.activity_ids)
        self.assertGreater(broken.next_event, MONDAY + timedelta(days=1, hours=5))

    def patch_escalation(self, broken):
        model = self.env.registry["service.clock"]
        original = model._escalate

        def escalate(clock):
            if clock == broken:
                raise ValueError("broken on purpose")
            return original(clock)

        return patch.object(model, "_escalate", escalate)
