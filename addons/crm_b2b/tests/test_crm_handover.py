from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCrmHandover(TransactionCase):
    """Covers: CUS-07"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_salesman"
        cls.leaver = new_test_user(cls.env, "h_leaver", groups=groups)
        cls.successor = new_test_user(cls.env, "h_successor", groups=groups)
        cls.third = new_test_user(cls.env, "h_third", groups=groups)
        cls.manager = new_test_user(
            cls.env,
            "h_manager",
            groups="sales_team.group_sale_manager,base.group_partner_manager",
        )
        cls.account = cls.env["res.partner"].create(
            {"name": "Handed Ltd", "is_company": True, "user_id": cls.leaver.id}
        )
        Lead = cls.env["crm.lead"].with_user(cls.leaver)
        cls.deal, cls.second = Lead.create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": cls.account.id,
                    "user_id": cls.leaver.id,
                    "expected_revenue": revenue,
                }
                for name, revenue in (("One", 100.0), ("Two", 50.0))
            ]
        )
        cls.lost = Lead.create(
            {
                "name": "Lost",
                "type": "opportunity",
                "partner_id": cls.account.id,
                "user_id": cls.leaver.id,
            }
        )
        cls.lost.action_set_lost()
        cls.deal, cls.second = (cls.deal | cls.second).with_env(cls.env)
        cls.lost = cls.lost.with_env(cls.env)
        cls.order = (
            cls.env["sale.order"]
            .with_user(cls.leaver)
            .create({"partner_id": cls.account.id, "user_id": cls.leaver.id})
            .with_env(cls.env)
        )
        cls.activity = cls.deal.activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Send the safety sheet",
            user_id=cls.leaver.id,
        )

    def _handover(self, **values):
        return (
            self.env["crm.handover"]
            .with_user(self.manager)
            .create(
                {
                    "from_user_id": self.leaver.id,
                    "to_user_id": self.successor.id,
                    **values,
                }
            )
        )

    def test_all_open_work_moves_in_one_step_and_closed_work_stays(self):
        handover = self._handover()
        handover.action_preview()
        self.assertEqual(self.deal.user_id, self.leaver, "a preview changes nothing")
        handover.action_apply()
        moved = (
            self.account.user_id
            | self.deal.user_id
            | self.second.user_id
            | self.order.user_id
            | self.activity.user_id
        )
        self.assertEqual(moved, self.successor)
        self.assertEqual(self.lost.user_id, self.leaver)
        self.assertEqual(handover.state, "done")

    def _account_work(self, state):
        """Plan, visit, registration and frame agreement of the account, in a state."""
        mine = {"user_id": self.leaver.id, "partner_id": self.account.id}
        dealer = self.env["res.partner"].create({"name": "Dealer", "is_company": True})
        return [
            self.env["crm.account.plan"].create(
                {"name": "Plan", "state": state["plan"], **mine}
            ),
            self.env["crm.visit.report"].create(
                {"name": "Visit", "state": state["visit"], **mine}
            ),
            self.env["crm.deal.registration"].create(
                {
                    "subject": "Deal",
                    "end_customer_id": self.account.id,
                    "state": state["registration"],
                    **mine,
                    "partner_id": dealer.id,
                }
            ),
        ]

    def test_plans_visits_and_registrations_that_run_move_too_and_come_back(self):
        running = self._account_work(
            {"plan": "active", "visit": "planned", "registration": "submitted"}
        )
        over = self._account_work(
            {"plan": "done", "visit": "done", "registration": "expired"}
        )
        agreement = self.env["sale.blanket.order"].create(
            {
                "partner_id": self.account.id,
                "user_id": self.leaver.id,
                "pricelist_id": self.env["product.pricelist"].create({"name": "P"}).id,
            }
        )
        running.append(agreement)
        handover = self._handover()
        handover.action_preview()
        handover.action_apply()
        self.assertEqual({record.user_id for record in running}, {self.successor})
        self.assertEqual({record.user_id for record in over}, {self.leaver})
        handover.action_undo()
        self.assertEqual({record.user_id for record in running}, {self.leaver})

    def test_what_is_not_ticked_stays(self):
        kept = self._account_work(
            {"plan": "active", "visit": "planned", "registration": "submitted"}
        )
        handover = self._handover(
            move_plans=False, move_visits=False, move_registrations=False
        )
        handover.action_preview()
        handover.action_apply()
        self.assertEqual({record.user_id for record in kept}, {self.leaver})
        self.assertEqual(self.deal.user_id, self.successor)

    def test_tickets_keep_their_service_team(self):
        if "helpdesk.ticket" not in self.env:
            self.skipTest("no service desk here")
        people = self.leaver | self.successor
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Desk", "user_ids": [Command.set(people.ids)]}
        )
        sales = self.env["crm.team"].create(
            {"name": "Sales", "member_ids": [Command.link(self.successor.id)]}
        )
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Drum leaks",
                "description": "It leaks",
                "partner_id": self.account.id,
                "team_id": team.id,
                "user_id": self.leaver.id,
            }
        )
        handover = self._handover()
        self.assertTrue(handover.has_tickets)
        # sudo: the manager of sales need not be one of the service desk
        handover.sudo().action_preview()
        handover.sudo().action_apply()
        self.assertEqual(ticket.user_id, self.successor)
        self.assertEqual(ticket.team_id, team)
        self.assertEqual(self.deal.team_id, sales)

    def test_undo_restores_owners_unless_somebody_changed_them_since(self):
        handover = self._handover()
        handover.action_preview()
        handover.action_apply()
        self.second.user_id = self.third
        handover.action_undo()
        self.assertEqual(self.deal.user_id, self.leaver)
        self.assertEqual(self.account.user_id, self.leaver)
        self.assertEqual(self.second.user_id, self.third)
        kept = handover.line_ids.filtered(lambda line: line.state == "kept")
        self.assertEqual(kept.mapped("res_id"), self.second.ids)

    def test_a_deal_that_changed_after_the_preview_is_left_alone(self):
        handover = self._handover()
        handover.action_preview()
        self.deal.user_id = self.third
        handover.action_apply()
        self.assertEqual(self.deal.user_id, self.third)
        self.assertEqual(self.second.user_id, self.successor)

    def test_the_brief_sums_up_the_account(self):
        handover = self._handover()
        handover.action_preview()
        brief = handover.brief_ids.filtered(lambda b: b.partner_id == self.account)
        self.assertRecordValues(
            brief, [{"deal_count": 2, "open_amount": 150.0, "promise_count": 1}]
        )
        self.assertIn("Send the safety sheet", brief.next_promise)

    def test_a_future_hand_over_waits_for_its_day(self):
        handover = self._handover(date=fields.Date.today() + timedelta(days=5))
        handover.action_preview()
        handover.action_apply()
        self.assertEqual(handover.state, "scheduled")
        self.assertEqual(self.deal.user_id, self.leaver)
        handover.date = fields.Date.today()
        with self.enter_registry_test_mode():
            self.env.ref("crm_b2b.ir_cron_apply_handovers").method_direct_trigger()
        self.assertEqual(handover.state, "done")
        self.assertEqual(self.deal.user_id, self.successor)

    def test_applying_without_a_preview_is_refused(self):
        with self.assertRaisesRegex(UserError, "preview"):
            self._handover().action_apply()

    def test_one_person_cannot_hand_over_to_himself(self):
        with self.assertRaisesRegex(UserError, "two different people"):
            self._handover(to_user_id=self.leaver.id).action_preview()

    def test_a_salesperson_cannot_start_a_hand_over(self):
        with self.assertRaises(AccessError):
            self.env["crm.handover"].with_user(self.third).create(
                {"from_user_id": self.leaver.id, "to_user_id": self.third.id}
            )

    def test_the_two_people_see_the_hand_over_and_a_third_does_not(self):
        handover = self._handover()
        handover.action_preview()
        self.assertTrue(
            self.env["crm.handover"]
            .with_user(self.successor)
            .search_count([("id", "=", handover.id)])
        )
        self.assertFalse(
            self.env["crm.handover"]
            .with_user(self.third)
            .search_count([("id", "=", handover.id)])
        )

    def test_the_number_of_queries_does_not_grow_with_the_records(self):
        def cost(extra):
            self.env["crm.lead"].create(
                [
                    {
                        "name": f"More {i}",
                        "type": "opportunity",
                        "partner_id": self.account.id,
                        "user_id": self.leaver.id,
                    }
                    for i in range(extra)
                ]
            )
            self.env.flush_all()
            handover = self._handover()
            before = self.env.cr.sql_log_count
            handover.action_preview()
            handover._move_owners("crm.lead")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few, many = cost(5), cost(80)
        self.assertLessEqual(many, few + 12)
