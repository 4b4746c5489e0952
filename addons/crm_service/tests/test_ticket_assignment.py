from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .visit_common import VisitCase


@tagged("post_install", "-at_install")
class TestTicketAssignment(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Loaded desk",
                "service_assignment": "load",
                "user_ids": [Command.set((cls.ann_user | cls.bob_user).ids)],
            }
        )

    def new(self, **values):
        return self.ticket(team_id=self.desk.id, user_id=False, **values)

    def test_a_new_request_goes_to_who_has_least_to_do(self):
        """Covers: SRV-01"""
        found = [self.new().user_id for _number in range(4)]
        self.assertEqual(found.count(self.ann_user), 2)
        self.assertEqual(found.count(self.bob_user), 2)

    def test_skills_of_the_category_go_before_load(self):
        """Covers: SRV-01"""
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Voltage", "service_skill_ids": [Command.set(self.skill.ids)]}
        )
        found = [self.new(category_id=category.id).user_id for _number in range(3)]
        self.assertEqual(set(found), {self.ann_user})

    def test_who_is_absent_gets_nothing(self):
        now = fields.Datetime.now()
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.ann.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(days=1),
            }
        )
        found = [self.new().user_id for _number in range(3)]
        self.assertEqual(set(found), {self.bob_user})

    def test_who_was_chosen_by_hand_stays_and_other_teams_are_left_alone(self):
        chosen = self.ticket(team_id=self.desk.id, user_id=self.bob_user.id)
        self.assertEqual(chosen.user_id, self.bob_user)
        self.assertFalse(self.ticket(team_id=self.team.id, user_id=False).user_id)

    def test_a_level_of_the_customer_goes_before_the_teams_and_after_the_contracts(
        self,
    ):
        """Tiered servicing. Covers: SRV-15"""
        better = self.level.copy({"name": "Platinum"})
        self.partner.service_level_id = better
        self.assertEqual(self.ticket().service_level_id, better)
        self.contract(service_level_id=self.level.id)
        self.assertEqual(self.ticket().service_level_id, self.level)

    def test_a_request_becomes_an_opportunity_of_the_salesperson(self):
        """Covers: SRV-15"""
        seller = new_test_user(
            self.env, "request_seller", groups="sales_team.group_sale_salesman"
        )
        self.partner.user_id = seller
        ticket = self.ticket()
        action = ticket.with_user(self.agent).action_create_opportunity()
        self.assertEqual(action["tag"], "display_notification")
        lead = ticket.opportunity_ids
        self.assertRecordValues(
            lead,
            [
                {
                    "type": "opportunity",
                    "partner_id": self.partner.id,
                    "user_id": seller.id,
                }
            ],
        )
        self.assertEqual(ticket.with_user(self.agent).opportunity_count, 0)
        self.assertEqual(ticket.opportunity_count, 1)
