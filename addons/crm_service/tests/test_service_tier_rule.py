from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_credit.models.res_partner_tier import ResPartner

from .desk_common import DeskCase


@tagged("post_install", "-at_install")
class TestServiceTierRule(DeskCase):
    """The tier of a customer decides level and priority. Covers: SRV-15"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiers = {cls.partner.id: "1"}
        model = cls.env.registry["res.partner"]
        for name, answer in (
            ("_get_customer_tier_options", lambda self: [("1", "Best"), ("2", "Next")]),
            (
                "_get_customer_tiers",
                lambda self: {k: t for k, t in cls.tiers.items() if k in self.ids},
            ),
        ):
            cls.startClassPatcher(patch.object(model, name, answer))
        cls.best = cls.level.copy({"name": "Best customers"})
        cls.rule = cls.env["service.tier.rule"].create(
            {"tier": "1", "level_id": cls.best.id, "priority": "2"}
        )

    def test_the_tier_chooses_level_and_priority_of_a_new_request(self):
        ticket = self.ticket(priority="0")
        self.assertEqual(ticket.service_level_id, self.best)
        self.assertEqual(ticket.decision_id.level_id, self.best)
        self.assertEqual(ticket.priority, "2")
        self.assertIn("service.tier.rule", str(ticket.decision_id.documents))
        self.assertEqual(ticket.clock_ids.level_id, self.best)

    def test_a_more_urgent_request_keeps_its_priority(self):
        self.assertEqual(self.ticket(priority="3").priority, "3")

    def test_a_contract_and_a_level_of_the_customer_go_first(self):
        self.partner.service_level_id = self.level
        self.assertEqual(self.ticket().service_level_id, self.level)
        self.partner.service_level_id = False
        contract = self.contract()
        self.assertEqual(self.ticket().service_level_id, contract.service_level_id)

    def test_other_tiers_and_other_companies_are_served_as_before(self):
        self.tiers[self.partner.id] = "2"
        self.addCleanup(self.tiers.update, {self.partner.id: "1"})
        ticket = self.ticket(priority="0")
        self.assertNotEqual(ticket.service_level_id, self.best)
        self.assertEqual(ticket.priority, "0")
        self.tiers[self.partner.id] = "1"
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.rule.write({"level_id": False, "company_id": elsewhere.id})
        self.assertEqual(self.ticket(priority="0").priority, "0")

    def test_an_archived_rule_no_longer_decides(self):
        self.rule.active = False
        self.assertNotEqual(self.ticket().service_level_id, self.best)

    def test_without_tiers_there_is_no_menu(self):
        menu = self.env.ref("crm_service.service_tier_rule_menu")
        self.assertNotIn(menu.id, self.env["ir.ui.menu"]._load_menus_blacklist())
        options = ResPartner._get_customer_tier_options
        with patch.object(
            self.env.registry["res.partner"], "_get_customer_tier_options", options
        ):
            self.assertIn(menu.id, self.env["ir.ui.menu"]._load_menus_blacklist())

    def test_agents_read_the_rules_and_managers_make_them(self):
        agent = new_test_user(
            self.env, "tier_agent", groups="crm_service.group_service_user_team"
        )
        rule = self.rule.with_user(agent)
        self.assertEqual(rule.tier, "1")
        with self.assertRaises(AccessError):
            rule.priority = "3"
