from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.policy_fields import RANGES, WEIGHT_FIELDS
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestPolicy(ValueCommon):
    """Covers: ANA-04"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["crm.value.policy"]._get_current(cls.company)

    def test_a_version_in_force_never_changes(self):
        with self.assertRaises(UserError):
            self.policy.abc_a = 0.7
        with self.assertRaises(UserError):
            self.policy.unlink()

    def test_a_changed_limit_is_a_new_version(self):
        newer = self.policy._change({"new_months": 3})
        self.assertEqual(newer.version, self.policy.version + 1)
        self.assertEqual((self.policy.state, newer.state), ("past", "current"))
        self.assertEqual(self.policy.new_months, 6)
        self.assertEqual(newer._change({"new_months": 3}), newer)

    def test_values_keep_the_version_they_were_judged_by(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(4), 100)
        self.refresh()
        self.assertEqual(self.value(acme).value_class, "new")
        newer = self.policy._change({"new_months": 3})
        self.assertEqual(self.value(acme).policy_id, self.policy)
        self.refresh()
        self.assertEqual(self.value(acme).policy_id, newer)
        self.assertNotEqual(self.value(acme).value_class, "new")

    def test_a_run_cancelled_after_the_values_has_judged_them(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(4), 100)
        self.refresh()
        newer = self.policy._change({"new_months": 3})
        run = self.refresh()
        run.state = "cancelled"
        self.env.invalidate_all()
        self.assertEqual(self.value(acme).policy_id, newer)
        self.assertNotEqual(self.value(acme).run_id, run)

    def test_a_what_if_run_tells_and_changes_nothing(self):
        acme = self.customer("Acme")
        self.document(acme, self.day(4), 100)
        self.refresh()
        before, rest = self.tables(), self._rest()
        self.document(acme, self.day(1), 55)  # a mark that waits for the next run
        self.env.flush_all()
        waiting = self._rest()["crm_customer_dirty"]
        draft = self.policy.copy({"new_months": 3})
        run = self.Run._start(self.company, "what_if", self.as_of, draft)
        self.assertEqual(run.changed_count, 1)
        self.assertIn("New", run.result_text)
        self.assertEqual(before, self.tables())
        self.assertEqual(self._rest(), rest | {"crm_customer_dirty": waiting})
        self.assertEqual(draft.state, "draft")
        self.assertEqual(self.refresh().kind, "incremental")

    def test_a_what_if_run_tells_what_a_full_run_does(self):
        """Also when the draft differs in what facts, months and features rest on."""
        for index, (days, amount) in enumerate(
            ((4, 100), (40, 900), (100, 50), (200, 400), (300, 700), (420, 30))
        ):
            customer = self.customer(f"Customer {index}")
            self.document(customer, self.day(days), amount)
            self.document(customer, self.day(days + 250), 2 * amount)
        self.refresh()
        before = self.tables()
        for changes in (
            {"window_months": 3},
            {"interest_rate": 0.5, "sales_hour_cost": 500},
            {"weight_tenure": 90, "weight_continuity": 1, "tenure_years": 1},
        ):
            with self.subTest(changes=changes):
                draft = self.policy.copy({**changes, "dormant_months": 60})
                told = self.Run._start(self.company, "what_if", None, draft)
                self.assertEqual(told.as_of, self.as_of)
                self.assertEqual(before, self.tables())
                savepoint = self.env.cr.savepoint()
                draft.action_put_in_force()
                done = self.Run._start(self.company, "full", self.as_of, draft)
                self.assertEqual(told.result, done.result)
                self.assertTrue(done.result)
                self.assertEqual(told.customer_count, done.customer_count)
                savepoint.rollback()
                self.env.invalidate_all()

    def _rest(self):
        """What else a run writes: content of every such table of the company."""
        self.env.flush_all()
        content = {}
        for table in (
            "crm_customer_dirty",
            "crm_customer_move",
            "crm_customer_value_snapshot",
            "crm_value_playbook_start",
            "crm_value_alarm",
            "crm_finding",
            "crm_association_rule",
            "crm_customer_suggestion",
            "crm_basket_item",
            "crm_basket_pair",
            "crm_basket_line",
        ):
            self.env.cr.execute(
                f"SELECT t::text FROM {table} t WHERE company_id = %s ORDER BY id",
                [self.company.id],
            )
            content[table] = self.env.cr.fetchall()
        self.env.cr.execute("SELECT count(*) FROM mail_activity")
        content["mail_activity"] = self.env.cr.fetchall()
        return content

    def test_before_a_short_window_are_twelve_months(self):
        """Covers: ANA-04"""
        acme = self.customer("Acme")
        self.document(acme, self.day(1), 100)
        self.document(acme, self.day(14), 1000)
        self.document(acme, self.day(19), 5000)  # 18 months ago the 12 months begin
        self.policy._change({"window_months": 6})
        self.refresh()
        value = self.value(acme)
        self.assertEqual((value.monetary, value.contribution), (100, 100))
        self.assertEqual((value.contribution_previous, value.abc_before), (1000, "A"))

    def test_settings_make_a_version_only_when_a_limit_differs(self):
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        settings.set_values()
        current = self.env["crm.value.policy"]._get_current(self.company)
        self.assertEqual(current, self.policy)
        settings.customer_value_new_months = 4
        settings.set_values()
        current = self.env["crm.value.policy"]._get_current(self.company)
        self.assertEqual((current.version, current.new_months), (2, 4))

    def test_limits_that_contradict_each_other_are_refused(self):
        for limits in ({"abc_a": 0.96}, {"window_months": 0}, {"r_days_5": 999}):
            with self.subTest(limits=limits), self.assertRaises(ValidationError):
                self.policy.copy(limits)

    def test_a_limit_out_of_its_range_is_refused_by_name(self):
        """Covers: ANA-04"""
        for name, limits in RANGES.items():
            label = self.policy._fields[name]._description_string(self.env)
            for value in (limits.least - 1, limits.most + 1):
                with (
                    self.subTest(name=name, value=value),
                    self.assertRaises(ValidationError) as refused,
                ):
                    self.policy.copy({name: value})
                self.assertIn(f"{label} is ", str(refused.exception))
        with self.assertRaises(ValidationError) as refused:
            self.policy.copy({"churn_limit": 80, "rule_support": 5, "tenure_years": 0})
        self.assertEqual(
            str(refused.exception),
            "Being Lost From Risk is 8,000 %, and must be between 0 % and 100 %.\n"
            "Full Tenure After (years) is 0, and must be between 1 and 100.\n"
            "Least Support of a Rule is 500 %, and must be between 0.01 % and 100 %.",
        )
        with self.assertRaises(ValidationError):
            self.policy.copy(dict.fromkeys(WEIGHT_FIELDS, 0))

    def test_every_number_of_the_policy_has_a_range(self):
        kept = {"id", "version"}
        numbers = {
            name
            for name, field in self.policy._fields.items()
            if field.type in ("integer", "float", "monetary")
            and field.store
            and field._description_readonly is False
        }
        self.assertEqual(numbers - kept, set(RANGES))

    def test_a_corrected_policy_ends_the_run_of_the_wrong_one(self):
        """Covers: ANA-01"""
        acme = self.customer("Acme")
        self.document(acme, self.day(4), 100)
        self.refresh()
        wrong = self.policy._change({"new_months": 5, "window_months": 3})
        self.document(acme, self.day(1), 50)
        self.env.flush_all()
        begun = self.Run.sudo()._prepare(self.company, "full", self.as_of, None)
        for _step in range(2):
            begun._execute_step(begun._get_next_step())
        better = wrong._change({"new_months": 3, "window_months": 12})
        run = self.refresh()
        self.assertEqual((begun.state, run.policy_id), ("cancelled", better))
        self.assertTrue(begun.date_end)
        self.assertIn(wrong.display_name, begun.message_ids[0].body)
        self.assertIn(better.display_name, begun.message_ids[0].body)
        self.assertEqual(run.kind, "full", "the tables have the window of the other")
        self.assertEqual(self.value(acme).policy_id, better)
        self.assertEqual(self.value(acme).monetary, 150)
        tables = self.tables()
        self.refresh("full")
        self.assertEqual(self.tables(), tables)

    def test_a_run_of_the_policy_in_force_goes_on(self):
        run = self.Run.sudo()._prepare(self.company, "full", self.as_of, None)
        self.assertEqual(self.refresh(), run)

    def test_a_failure_is_told_in_words_with_the_policy_to_open(self):
        """Covers: ANA-01"""
        self.document(self.customer("Acme"), self.day(4), 100)
        self.refresh()
        draft = self.policy.copy({"new_months": 3})
        broken = patch.object(
            type(self.Run), "_step_values", side_effect=ValueError("no such thing")
        )
        with (
            broken,
            mute_logger("odoo.addons.crm_analytics.models.crm_value_run_refusal"),
            self.assertRaises(RedirectWarning) as told,
        ):
            draft.action_what_if()
        words, action, button = told.exception.args[:3]
        for part in ("Scores and classes", draft.display_name, "no such thing"):
            self.assertIn(part, words)
        self.assertEqual(action["res_id"], draft.id)
        self.assertTrue(button)
