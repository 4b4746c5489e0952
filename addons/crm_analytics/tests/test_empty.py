from odoo.tests import new_test_user, tagged

from .common import ValueCommon

GOOD_NEWS = "No valuable customer is at risk"
FIRST = "No customer has been valued yet"
BUTTON = 'name="crm_analytics.crm_customer_value_action_refresh"'
FILLED_BY_A_REFRESH = [
    "crm_customer_value_action",
    "crm_customer_value_action_save",
    "crm_value_alarm_action",
    "crm_customer_month_action",
    "crm_customer_value_snapshot_action",
    "crm_customer_bridge_action",
    "crm_customer_flow_action",
    "crm_customer_cohort_action",
    "crm_customer_move_action",
    "crm_customer_equity_action",
    "crm_customer_suggestion_action",
    "crm_association_rule_action",
    "crm_finding_action",
    "crm_value_playbook_start_action",
    "crm_value_playbook_outcome_action",
]


@tagged("post_install", "-at_install")
class TestFirstDay(ValueCommon):
    """Covers: ANA-12"""

    def _help(self, name, user=None, companies=None):
        action = self.env.ref(f"crm_analytics.{name}")
        here = (companies or self.company).ids
        action = action.with_context(allowed_company_ids=here)
        return action.with_user(user or self.env.user).sudo()._get_action_dict()["help"]

    def test_before_the_first_refresh_each_list_says_how_to_begin(self):
        for name in FILLED_BY_A_REFRESH:
            with self.subTest(action=name):
                told = self._help(name)
                self.assertIn(FIRST, told)
                self.assertIn(BUTTON, told)
                self.assertIn("Post customer invoices, then refresh", told)
                self.assertEqual(told.count("o_view_nocontent_smiling_face"), 1)
        self.assertNotIn(GOOD_NEWS, self._help("crm_customer_value_action_save"))

    def test_a_refresh_without_customers_is_no_good_news(self):
        self.refresh()
        told = self._help("crm_customer_value_action_save")
        self.assertNotIn(GOOD_NEWS, told)
        self.assertIn("found no customer with a posted invoice", told)
        self.assertIn(BUTTON, told)

    def test_once_customers_are_valued_an_empty_list_is_news(self):
        self.document(self.customer("First"), self.day(1), 100)
        self.refresh()
        told = self._help("crm_customer_value_action_save")
        self.assertIn(GOOD_NEWS, told)
        self.assertNotIn(BUTTON, told)
        self.assertIn("Nothing rings", self._help("crm_value_alarm_action"))

    def test_runs_say_how_to_start_until_there_is_one(self):
        told = self._help("crm_value_run_action")
        self.assertIn("No refresh has run yet", told)
        self.assertIn(BUTTON, told)
        self.refresh()
        told = self._help("crm_value_run_action")
        self.assertIn("No such run", told)
        self.assertNotIn(BUTTON, told)

    def test_values_of_another_company_count_only_where_it_is_selected(self):
        self.document(self.customer("First"), self.day(1), 100)
        self.refresh()
        other = self.env["res.company"].create({"name": "Not yet valued"})
        self.env.user.company_ids += other
        name = "crm_customer_value_action_save"
        self.assertIn(FIRST, self._help(name, companies=other))
        self.assertIn(GOOD_NEWS, self._help(name, companies=other + self.company))

    def test_a_seller_is_told_who_begins_and_gets_no_button(self):
        seller = new_test_user(
            self.env,
            "first_day_seller",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        told = self._help("crm_value_alarm_action", user=seller)
        self.assertIn("an analyst refreshes the values", told)
        self.assertNotIn(BUTTON, told)
