from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestTeamDocuments(OrderToCashCommon):
    """Invoices and deals of a team, as its members use them. Covers: FRM-04"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mate = cls._user("team_mate", "crm_b2b.group_sale_salesman_team")
        cls.stranger = cls._user("team_stranger", "crm_b2b.group_sale_salesman_team")
        cls.leader = cls._user("team_leader", "sales_team.group_sale_salesman")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Resins North",
                "company_id": cls.env.company.id,
                "user_id": cls.leader.id,
                "member_ids": [Command.set((cls.seller | cls.mate).ids)],
            }
        )
        cls.order = cls.quote(user_id=cls.seller.id, team_id=cls.team.id)
        cls.move = cls.invoice(cls.order)

    @classmethod
    def _user(cls, login, group):
        return new_test_user(
            cls.env,
            login,
            group,
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    def _sees(self, user, record):
        found = record.with_user(user).search([("id", "in", record.ids)])
        return found == record

    def test_invoices_are_read_by_the_team_and_nobody_else(self):
        self.assertEqual(self.move.team_id, self.team)
        for record in (self.move, self.move.invoice_line_ids):
            for user in (self.seller, self.mate, self.leader):
                self.assertTrue(self._sees(user, record), (record, user.login))
            self.assertFalse(self._sees(self.stranger, record), record)

    def test_the_order_to_cash_bar_of_a_team_mate_is_that_of_the_seller(self):
        """Covers: SAL-01"""
        figures = [
            self.figures(self.customer.with_user(user))
            for user in (self.seller, self.mate, self.leader, self.stranger)
        ]
        self.assertEqual(figures[0]["invoiced"], 1000.0)
        self.assertEqual(figures[1], figures[0])
        self.assertEqual(figures[2], figures[0])
        self.assertFalse(figures[3] and figures[3]["invoiced"])

    def test_a_mate_continues_a_deal_and_a_stranger_does_not(self):
        deal = self.deal(user_id=self.seller.id, team_id=self.team.id)
        deal.with_user(self.mate).expected_revenue = 500
        with self.assertRaises(AccessError):
            deal.with_user(self.stranger).expected_revenue = 600
        self.assertEqual(deal.expected_revenue, 500)

    def test_who_leaves_the_team_sees_its_documents_no_longer(self):
        self.assertTrue(self._sees(self.mate, self.order))
        self.team.crm_team_member_ids.filtered(
            lambda member: member.user_id == self.mate
        ).unlink()
        self.assertFalse(self._sees(self.mate, self.order))

    def test_the_levels_of_sales_build_a_ladder(self):
        levels = [
            "sales_team.group_sale_salesman",
            "crm_b2b.group_sale_salesman_team",
            "sales_team.group_sale_salesman_all_leads",
            "sales_team.group_sale_manager",
        ]
        groups = [self.env.ref(level) for level in levels]
        for lower, higher in zip(groups, groups[1:], strict=False):
            self.assertIn(lower, higher.all_implied_ids)
            self.assertLess(lower.sequence, higher.sequence)
        self.assertEqual(len({group.privilege_id for group in groups}), 1)
