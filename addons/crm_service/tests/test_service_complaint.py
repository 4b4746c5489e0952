from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestServiceComplaint(ReturnCase):
    """Eight disciplines, each with owner and day; figures from the documents."""

    def complain(self, **values):
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Resin gels too fast",
                "description": "After ten minutes",
                "kind": "complaint",
                "partner_id": self.customer.id,
                "product_id": self.resin.id,
                "user_id": self.agent.id,
                "company_id": self.company.id,
            }
        )
        complaint = ticket.complaint_ids
        complaint.write(values)
        return complaint

    def do(self, complaint, *codes):
        for step in complaint.step_ids.filtered(lambda s: s.code in codes):
            step.text = f"<p>{step.code} is done</p>"
            step.action_done()

    def test_a_request_of_that_kind_opens_the_complaint_with_its_steps(self):
        """Covers: SRV-10"""
        complaint = self.complain()
        self.assertRecordValues(
            complaint,
            [
                {
                    "partner_id": self.customer.id,
                    "product_id": self.resin.id,
                    "state": "open",
                    "next_step": "D1",
                    "user_id": self.agent.id,
                }
            ],
        )
        self.assertEqual(
            complaint.step_ids.mapped("code"),
            ["D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"],
        )
        today = fields.Date.context_today(complaint)
        self.assertEqual(complaint.step_ids[2].deadline, today + timedelta(days=2))
        [activity] = complaint.activity_ids
        self.assertEqual(activity.user_id, self.agent)
        self.assertEqual(activity.summary, "D1 Team")
        ticket = complaint.ticket_id
        ticket.kind = "incident"
        ticket.kind = "complaint"
        self.assertEqual(ticket.complaint_count, 1)

    def test_a_complaint_without_request_opens_one(self):
        """Covers: SRV-10"""
        complaint = self.env["service.complaint"].create(
            {
                "summary": "Drum is dented",
                "partner_id": self.customer.id,
                "product_id": self.resin.id,
            }
        )
        self.assertEqual(complaint.ticket_id.kind, "complaint")
        self.assertEqual(complaint.ticket_id.complaint_ids, complaint)
        self.assertEqual(complaint.commercial_partner_id, self.customer)

    def test_steps_come_one_after_the_other_and_end_with_the_closure(self):
        """Covers: SRV-10"""
        complaint = self.complain()
        with self.assertRaisesRegex(UserError, "Finish D1, D2 before D3"):
            self.do(complaint, "D3")
        with self.assertRaisesRegex(UserError, "Write down"):
            complaint.step_ids[0].action_done()
        for codes, state in (
            (("D1", "D2"), "open"),
            (("D3",), "contained"),
            (("D4",), "analysed"),
            (("D5", "D6"), "corrected"),
            (("D7",), "corrected"),
        ):
            self.do(complaint, *codes)
            self.assertEqual(complaint.state, state)
        with self.assertRaisesRegex(UserError, "is justified"):
            self.do(complaint, "D8")
        complaint.justified = "yes"
        with self.assertRaisesRegex(UserError, "root cause"):
            self.do(complaint, "D8")
        complaint.cause_id = self.env.ref("crm_service.cause_c_process")
        self.do(complaint, "D8")
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(complaint.closed_date, fields.Date.context_today(complaint))
        self.assertFalse(complaint.activity_ids)
        complaint.step_ids[7].action_undo()
        self.assertEqual(complaint.state, "corrected")

    def test_the_activity_follows_owner_and_day_of_the_next_step(self):
        """Covers: SRV-10"""
        complaint = self.complain()
        step = complaint.step_ids[0]
        day = fields.Date.context_today(complaint) + timedelta(days=9)
        step.write({"user_id": self.env.uid, "deadline": day})
        [activity] = complaint.activity_ids
        self.assertEqual(
            (activity.user_id, activity.date_deadline), (self.env.user, day)
        )
        self.assertEqual(complaint.next_deadline, day)

    def test_a_late_complaint_is_escalated_once(self):
        """Covers: SRV-10"""
        complaint = self.complain()
        other = self.complain()
        day = fields.Date.context_today(complaint) - timedelta(days=1)
        complaint.step_ids[0].deadline = day
        late = self.env["service.complaint"].search([("late", "=", True)])
        self.assertIn(complaint, late)
        self.assertNotIn(other, late)
        for _twice in range(2):
            with self.enter_registry_test_mode():
                cron = self.env.ref("crm_service.ir_cron_complaint_escalate")
                cron.method_direct_trigger()
        warnings = complaint.activity_ids.filtered(lambda a: "is late" in a.summary)
        self.assertEqual(len(warnings), 1)
        self.assertTrue(complaint.escalated)
        self.assertFalse(other.escalated)

    def test_it_costs_what_returns_work_and_the_rest_cost(self):
        """Covers: SRV-10"""
        order = self.sell()
        complaint = self.complain(cost_other=50)
        case = self.returned(order, 4)
        case.write({"ticket_id": complaint.ticket_id.id, "no_receipt": True})
        self.assertEqual(case.complaint_id, complaint)
        self.settle(case, "credit")
        case.cost_freight = 7
        self.assertEqual(complaint.return_count, 1)
        self.assertEqual(complaint.cost_returns, 4 * 20 + 7)
        work = self.env["service.work.line"].create(
            {
                "ticket_id": complaint.ticket_id.id,
                "product_id": self.labour.id,
                "return_id": False,
                "goodwill": True,
            }
        )
        work.return_id = False
        work.action_confirm()
        self.assertEqual(complaint.cost_work, 40)
        self.assertEqual(complaint.cost_total, 87 + 40 + 50)

    def test_the_rate_is_complaints_over_deliveries_of_the_group(self):
        """Covers: SRV-10"""
        self.sell(quantity=6)
        self.sell(quantity=2)
        self.sell(quantity=2, partner=self.stranger)
        self.complain(quantity=1)
        cancelled = self.complain()
        cancelled.action_cancel()
        self.assertEqual(cancelled.state, "cancelled")
        report = self.env["service.complaint.report"]
        measures = [
            "complaints:sum",
            "delivered_lines:sum",
            "delivered_quantity:sum",
            "rate_lines:avg",
            "rate_quantity:avg",
        ]
        mine = [("product_id", "=", self.resin.id)]
        [row] = report._read_group(mine, ["product_id"], measures)
        self.assertEqual(row[1:4], (1, 3, 10.0))
        self.assertAlmostEqual(row[4], 1000 / 3)
        self.assertAlmostEqual(row[5], 100_000)
        rows = report._read_group(mine, ["partner_id"], measures)
        by_customer = {row[0]: row[1:] for row in rows}
        self.assertAlmostEqual(by_customer[self.customer][3], 1000 / 2)
        self.assertEqual(by_customer[self.stranger][3], 0)
        # each figure opens what it counts
        found = report.search([*mine, ("complaint_id", "!=", False)])
        self.assertEqual(found.action_open_document()["res_model"], "service.complaint")
        deliveries = report.search([*mine, ("complaint_id", "=", False)])
        self.assertEqual(len(deliveries), 3)
        action = deliveries[0].action_open_document()
        self.assertEqual(action["res_model"], "stock.picking")

    def test_a_replacement_is_no_second_delivery_in_the_rate(self):
        """Covers: SRV-10"""
        order = self.sell(lot=self.serials[0])
        case = self.settle(self.returned(order), "replace")
        self.validate(case._get_pickings("replacement"), self.serials[1])
        [row] = self.env["service.complaint.report"]._read_group(
            [("product_id", "=", self.pump.id)], [], ["delivered_lines:sum"]
        )
        self.assertEqual(row, (1,))

    def test_the_8d_report_holds_what_was_written(self):
        """Covers: SRV-10"""
        complaint = self.complain(lot_id=self.serials[0].id)
        self.do(complaint, "D1", "D2")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_service.report_complaint_8d", complaint.ids
        )
        for text in (complaint.name, "D1 is done", "D2 is done", "Resin", "SN-1"):
            self.assertIn(text.encode(), html)
        case = self.returned(self.sell(lot=self.serials[1]))
        case.action_authorise()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_service.report_return", case.ids
        )
        for text in (case.name, "SN-2", "Pump", case.line_ids.order_id.name):
            self.assertIn(text.encode(), html)

    def test_codes_of_the_catalogue_are_unique(self):
        """Covers: SRV-10"""
        cause = self.env.ref("crm_service.cause_d_broken")
        self.assertIn(cause.code, cause.display_name)
        complaint = self.complain(defect_id=cause.id)
        self.assertIn(
            complaint,
            self.env["service.complaint"].search(
                cause.action_view_complaints()["domain"]
            ),
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            cause.copy({"code": cause.code})


@tagged("post_install", "-at_install")
class TestServiceChannel(ReturnCase):
    def setUp(self):
        super().setUp()
        self.line = self.env["product.category"].create({"name": "Pumps"})
        self.small = self.env["product.category"].create(
            {"name": "Small pumps", "parent_id": self.line.id}
        )
        self.pump.categ_id = self.small
        self.resin.categ_id = self.env["product.category"].create({"name": "Resins"})

    def test_a_product_line_has_one_discussion_with_its_team(self):
        """Covers: SRV-12"""
        member = self.agent.copy({"login": "channel_member"})
        self.line.service_team_id = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Pumps",
                "company_id": self.company.id,
                "user_ids": [Command.set(member.ids)],
            }
        )
        self.line.action_open_service_channel()
        channel = self.line.service_channel_id
        self.assertEqual(channel.name, "Pumps")
        action = self.pump.with_user(self.agent).action_open_service_channel()
        self.assertEqual(
            action["context"]["active_id"], f"discuss.channel_{channel.id}"
        )
        self.assertFalse(self.small.service_channel_id)  # it shares that of the line
        self.assertEqual(
            channel.channel_partner_ids,
            member.partner_id | self.agent.partner_id | self.env.user.partner_id,
        )
        self.resin.product_tmpl_id.action_open_service_channel()
        self.assertNotEqual(self.resin.categ_id.service_channel_id, channel)

    def test_a_request_is_named_in_the_discussion_once(self):
        """Covers: SRV-12"""
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Pump is loud",
                "description": "It rattles",
                "partner_id": self.customer.id,
                "product_id": self.pump.id,
                "user_id": self.agent.id,
                "company_id": self.company.id,
            }
        )
        for _twice in range(2):
            ticket.with_user(self.agent).action_open_service_channel()
        channel = self.small.service_channel_id
        posted = channel.message_ids.filtered(lambda m: "Pump is loud" in m.body)
        self.assertEqual(len(posted), 1)
        self.assertEqual(posted.author_id, self.agent.partner_id)
