from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import lifetime
from .common import ValueCommon

LOGGER = "odoo.addons.crm_analytics.models.crm_value_run_failure"


@tagged("post_install", "-at_install")
class TestRunFailures(ValueCommon):
    """A company that cannot be valued says why, and stops no other one.

    Covers: ANA-01
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.customer("Acme")
        cls.document(cls.acme, cls.day(1), 100)

    @contextmanager
    def _failing(self, code, error, company=None):
        """The step ``code`` fails for a company, and for no other one."""
        company = company or self.company
        Run = type(self.Run)
        whole = getattr(Run, f"_step_{code}")

        def step(run):
            if run.company_id == company:
                raise error
            return whole(run)

        with patch.object(Run, f"_step_{code}", step):
            yield

    @staticmethod
    def _coming_and_going(count):
        """Customers that buy and leave as BG/NBD has it, their sizes without a mean."""
        rng = np.random.default_rng(7)
        age = np.linspace(300, 700, count).round()
        days, last = np.ones(count), np.zeros(count)
        leaves, pace = rng.beta(1.5, 8, count), 200 / rng.gamma(4, 1, count)
        for row in range(count):
            day = rng.exponential(pace[row])
            while day < age[row]:
                days[row], last[row] = days[row] + 1, day
                gone = rng.random() < leaves[row]
                day = np.inf if gone else day + rng.exponential(pace[row])
        sizes = np.exp(rng.normal(5, 2.5, count))
        return lifetime.History(days, last, age, days * sizes, np.zeros(count))

    def _last_begun(self, company=None):
        return self.Run.search(
            [("company_id", "=", (company or self.company).id)], limit=1
        )

    def _go(self):
        """A refresh as the web client does it: its progress at the end."""
        Run = self.Run.with_company(self.company)
        seen = Run.start_in_steps()
        while seen["state"] == "running":
            seen = Run.browse(seen["id"]).do_next_step()
        return seen

    def test_the_cron_goes_on_to_the_other_companies(self):
        other = self.setup_other_company()["company"]
        first, second = (self.company | other).sorted("id")
        failing = self._failing("features", ValueError("q = 0.9"), first)
        with (
            failing,
            self.enter_registry_test_mode(),
            self.assertLogs(LOGGER, "ERROR") as logged,
        ):
            self.env.ref("crm_analytics.ir_cron_refresh").method_direct_trigger()
        self.assertEqual(len(logged.records), 1)
        run = self._last_begun(first)
        self.assertRecordValues(
            run,
            [
                {
                    "state": "failed",
                    "failure": "The step Loyalty and risk failed: ValueError: q = 0.9",
                }
            ],
        )
        self.assertTrue(run.date_end)
        states = {step.code: step.state for step in run.step_ids}
        self.assertEqual(states["months"], "done")
        self.assertEqual(states["features"], "failed")
        self.assertEqual(states["values"], "pending")
        self.assertIn("q = 0.9", run.message_ids[0].body)
        self.assertEqual(self._last_begun(second).state, "done")

    def test_a_failure_outside_of_the_steps_stops_no_other_company(self):
        other = self.setup_other_company()["company"]
        Run = type(self.Run)
        whole = Run._prepare

        def prepare(run, company, *args):
            if company == self.company:
                raise ValueError("no")
            return whole(run, company, *args)

        with (
            patch.object(Run, "_prepare", prepare),
            self.enter_registry_test_mode(),
            self.assertLogs(LOGGER.replace("failure", "schedule"), "ERROR") as logged,
        ):
            self.env.ref("crm_analytics.ir_cron_refresh").method_direct_trigger()
        self.assertEqual(len(logged.records), 1)
        self.assertFalse(self._last_begun())
        self.assertEqual(self._last_begun(other).state, "done")

    def test_the_web_client_is_told_why_and_the_next_run_makes_good_for_it(self):
        self._go()
        self.document(self.acme, self.day(1), 11)
        with (
            self._failing("values", UserError("Too much.")),
            self.assertLogs(LOGGER, "ERROR"),
        ):
            seen = self._go()
        self.assertEqual(seen["state"], "failed")
        self.assertEqual(
            seen["failure"], "The step Scores and classes failed: Too much."
        )
        self.assertEqual(self.value(self.acme).monetary, 100)
        run = self.Run.browse(seen["id"])
        self.assertEqual(run.action_retry()["params"]["kind"], run.kind)
        # The failed run has written the facts: the next one finds them as they are.
        again = self._go()
        self.assertNotEqual(again["id"], seen["id"])
        self.assertEqual(again["state"], "done")
        self.assertEqual(self.value(self.acme).monetary, 111)

    def test_what_is_only_late_is_tried_again_by_the_server(self):
        Run = self.Run.with_company(self.company)
        run = Run.browse(Run.start_in_steps()["id"])
        with (
            self._failing("facts", SerializationFailure()),
            self.assertRaises(SerializationFailure),
        ):
            run.do_next_step()
        self.assertEqual(run.state, "running")

    def test_who_starts_a_run_as_a_whole_gets_the_error_and_nothing_remains(self):
        with (
            self._failing("values", UserError("Too much.")),
            self.assertRaisesRegex(UserError, "Too much"),
            self.cr.savepoint(),
        ):
            self.refresh()
        self.assertFalse(self._last_begun())

    def test_sizes_without_a_mean_leave_the_simple_rule_and_the_reason(self):
        """Covers: ANA-07"""
        history = self._coming_and_going(300)
        self.document(self.acme, self.day(2), 500)
        Fact = type(self.env["crm.customer.fact"])
        with patch.object(Fact, "_get_closed_history", return_value=history):
            run = self.refresh("full")
        self.assertEqual(run.state, "done")
        fit = run.model_fit
        self.assertTrue(fit["bgnbd"]["converged"])
        self.assertTrue(fit["gamma_gamma"]["converged"])
        self.assertLessEqual(fit["gamma_gamma"]["q"], 1)
        self.assertEqual(fit["rule"], "half_year_repeats")
        self.assertIn(
            "they vary so much that no mean exists", run.model_fit_shown["refused"]
        )
        self.assertGreater(self.value(self.acme).lifetime_value, 0)
