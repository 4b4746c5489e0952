from lxml import etree

from odoo.tests import tagged

from .common import ValueCommon

CARDS_ON_A_PHONE = [
    "crm_association_rule_action",
    "crm_customer_cost_action",
    "crm_customer_equity_action",
    "crm_customer_suggestion_action",
    "crm_customer_value_action",
    "crm_customer_value_action_save",
    "crm_finding_action",
    "crm_insight_mailing_action",
    "crm_market_estimate_action",
    "crm_rfm_cell_action",
    "crm_rfm_group_action",
    "crm_value_alarm_action",
    "crm_value_alarm_rule_action",
    "crm_value_playbook_action",
    "crm_value_playbook_start_action",
    "crm_value_policy_action",
    "crm_value_run_action",
]
TOP_MENUS = [
    "Dashboard",
    "Save List",
    "Customers",
    "Curves",
    "Suggestions",
    "Findings",
    "Runs and Proof",
    "Configuration",
]


@tagged("post_install", "-at_install")
class TestScreens(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_multi_company")

    def _views(self, action):
        """The view of each mode of an action, as a user with two companies gets it."""
        pinned = {row.view_mode: row.view_id.id for row in action.view_ids}
        for mode in action.view_mode.split(","):
            Model = self.env[action.res_model]
            view = Model.get_view(pinned.get(mode, False), mode)
            yield mode, etree.fromstring(view["arch"])

    def test_lists_are_cards_on_a_phone(self):
        """Covers: ANA-12"""
        for name in CARDS_ON_A_PHONE:
            with self.subTest(action=name):
                action = self.env.ref(f"crm_analytics.{name}")
                self.assertIn("kanban", action.view_mode.split(","))
                self.assertEqual(action.mobile_view_mode, "kanban")
                for mode, arch in self._views(action):
                    if mode == "kanban":
                        self.assertTrue(arch.xpath("//t[@t-name='card']//field"))

    def test_with_two_companies_rows_and_cards_tell_theirs(self):
        """Covers: ANA-12"""
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "=like", "crm.%")]
        )
        ours = actions.get_external_id()
        seen = set()
        for action in actions:
            if not ours[action.id].startswith("crm_analytics."):
                continue
            if "company_id" not in self.env[action.res_model]._fields:
                continue
            for mode, arch in self._views(action):
                if mode not in ("list", "kanban"):
                    continue
                with self.subTest(action=ours[action.id], mode=mode):
                    nodes = arch.xpath("//field[@name='company_id']")
                    shown = [
                        node
                        for node in nodes
                        if node.get("optional") != "hide"
                        and node.get("column_invisible") not in ("1", "True")
                    ]
                    self.assertTrue(shown)
                seen.add(action.res_model)
        self.assertGreater(len(seen), 15)

    def test_the_card_of_the_save_list_tells_what_the_list_tells(self):
        """Covers: ANA-12, ANA-02"""
        action = self.env.ref("crm_analytics.crm_customer_value_action_save")
        for mode, arch in self._views(action):
            if mode == "kanban":
                names = set(arch.xpath("//field/@name"))
        self.assertLessEqual(
            {
                "contribution",
                "last_contact",
                "activity_summary",
                "activity_date_deadline",
                "churn_risk",
                "reasons",
            },
            names,
        )

    def test_the_bar_has_room_for_all_menus(self):
        """Covers: ANA-12"""
        root = self.env.ref("crm_analytics.crm_analytics_menu_root")
        menus = self.env["ir.ui.menu"].search([("parent_id", "=", root.id)])
        self.assertEqual(menus.mapped("name"), TOP_MENUS)
