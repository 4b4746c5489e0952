from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ValueCommon

KEPT = ("partner_id", "recency", "frequency", "monetary", "value_class")


@tagged("post_install", "-at_install")
class TestMonthEnds(ValueCommon):
    """Covers: ANA-10"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme, cls.late = cls.customer("Acme"), cls.customer("Late")
        cls.document(cls.acme, date(2026, 1, 10), 100)
        cls.Snapshot = cls.env["crm.customer.value.snapshot"]

    def _go(self, day, kind="incremental"):
        """The run of a day, on that day."""
        with patch.object(type(self.Run), "_get_today", lambda run: day):
            return self.refresh(kind, as_of=day)

    def _kept(self):
        """Month end, customer, revenue of what is kept, in that order."""
        found = self.Snapshot.search([("company_id", "=", self.company.id)])
        self.assertEqual(found.mapped("date"), found.mapped("as_of"))
        return sorted((row.date, row.partner_id.name, row.monetary) for row in found)

    def _runs(self):
        return self.Run.search([("company_id", "=", self.company.id)], order="id")

    def test_a_month_end_holds_the_whole_last_day(self):
        self._go(date(2026, 5, 31))
        self.assertEqual(self._kept(), [(date(2026, 4, 30), "Acme", 100)])
        self.document(self.acme, date(2026, 5, 31), 40)
        self.document(self.acme, date(2026, 6, 1), 7)
        self.document(self.late, date(2026, 6, 1), 5)
        run = self._go(date(2026, 6, 1))
        self.assertEqual(self._kept()[1:], [(date(2026, 5, 31), "Acme", 140)])
        self.assertEqual((run.as_of, run.month_end), (date(2026, 6, 1), False))
        self.assertEqual(self.value(self.acme).monetary, 147)
        self.assertEqual(run.state, "done")
        self._go(date(2026, 6, 2))
        self.assertEqual(len(self._kept()), 2, "once")

    def test_missed_month_ends_are_made_good_as_of_their_days(self):
        self._go(date(2026, 3, 3))
        for day, amount in ((20, 30), (10, 4)):
            self.document(self.acme, date(2026, 4 + (amount == 4), day), amount)
        self.document(self.late, date(2026, 6, 15), 50)
        run = self._go(date(2026, 6, 22))
        expected = [
            (date(2026, 2, 28), "Acme", 100),
            (date(2026, 3, 31), "Acme", 100),
            (date(2026, 4, 30), "Acme", 130),
            (date(2026, 5, 31), "Acme", 134),
        ]
        self.assertEqual(self._kept(), expected)
        ends = [found.as_of for found in self._runs().filtered("month_end")]
        self.assertEqual(ends, [row[0] for row in expected])
        self.assertEqual(set(self._runs().mapped("state")), {"done"})
        self.assertEqual((run.kind, run.month_end), ("incremental", False))
        tables = self.tables()
        self._go(date(2026, 6, 22), "full")
        self.assertEqual(self.tables(), tables)
        for end in ends[1:]:
            self.refresh("full", as_of=end)
            values = self.Value.search([("company_id", "=", self.company.id)])
            kept = self.Snapshot.search(
                [("company_id", "=", self.company.id), ("date", "=", end)]
            )
            self.assertEqual(
                values.read(KEPT, load=""), self._without_ids(kept, values)
            )

    def _without_ids(self, kept, values):
        rows = kept.read(KEPT, load="")
        return [row | {"id": value.id} for row, value in zip(rows, values, strict=True)]

    def test_no_more_than_a_year_is_made_good(self):
        self._go(date(2024, 6, 2))
        self._go(date(2026, 3, 2))
        ends = sorted(self._runs().filtered("month_end").mapped("as_of"))
        self.assertEqual(len(ends), 13)
        self.assertEqual((ends[1], ends[-1]), (date(2025, 3, 31), date(2026, 2, 28)))

    def test_a_company_without_customers_has_one_run_a_month_more(self):
        self.acme.company_id = self.company
        self.env["account.move"].search(
            [("company_id", "=", self.company.id)]
        ).button_draft()
        for day in (2, 3, 4):
            self._go(date(2026, 3, day))
        self.assertEqual(self._runs().mapped("month_end"), [True, False, False, False])
        self.assertEqual(self._kept(), [])

    def test_a_rebuild_rebuilds_once_for_missed_month_ends(self):
        self._go(date(2026, 3, 2))
        run = self._go(date(2026, 5, 4), "full")
        last = self._runs()[-3:]
        self.assertEqual(last.mapped("kind"), ["full", "incremental", "full"])
        self.assertEqual(last[-1], run)

    def test_a_what_if_keeps_nothing(self):
        self._go(date(2026, 3, 2))
        runs, kept = self._runs(), self._kept()
        draft = self.env["crm.value.policy"]._get_current(self.company).copy()
        with patch.object(type(self.Run), "_get_today", lambda run: date(2026, 5, 2)):
            draft.action_what_if()
        self.assertEqual(len(self._runs()), len(runs) + 1)
        self.assertEqual(self._kept(), kept)

    def test_the_web_client_goes_on_from_the_month_end_to_the_day(self):
        Run = self.Run.with_company(self.company)
        seen = Run.start_in_steps()
        first = Run.browse(seen["id"])
        self.assertTrue(first.month_end)
        while seen["state"] == "running":
            seen = Run.browse(seen["id"]).do_next_step()
        last = Run.browse(seen["id"])
        self.assertEqual((first.state, last.state), ("done", "done"))
        self.assertEqual(last.as_of, fields.Date.context_today(last))
        self.assertEqual(len(self._kept()), 1)

    def _get_playbook(self, value_class):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Ask",
                "res_model": "res.partner",
                "company_id": False,
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.env.ref(
                                "mail.mail_activity_data_todo"
                            ).id,
                        }
                    )
                ],
            }
        )
        return self.env["crm.value.playbook"].create(
            {
                "name": value_class,
                "value_class": value_class,
                "plan_id": plan.id,
                "company_id": self.company.id,
            }
        )

    def _starts(self, *playbooks):
        found = [playbook.start_ids for playbook in playbooks]
        return [[start.date for start in starts] for starts in found]

    def test_playbooks_wait_for_the_day_and_start_once(self):
        """Who passed a class at missed month ends is not treated for it. Covers: ANA-02

        New in January, transactional in April, dormant in June: one start, in June.
        """
        self.env["crm.value.playbook"].search([]).active = False
        self.acme.user_id = new_test_user(
            self.env,
            "month_end_owner",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.env["crm.value.policy"]._get_current(self.company)._change(
            {"loyalty_limit": 100, "new_months": 2, "dormant_months": 4}
        )
        passed = self._get_playbook("transactional")
        entered = self._get_playbook("dormant")
        self._go(date(2026, 2, 2))
        self.assertEqual(self.value(self.acme).value_class, "new")
        self._go(date(2026, 6, 2))
        moves = self.env["crm.customer.move"].search(
            [("partner_id", "=", self.acme.id)], order="id"
        )
        self.assertEqual(
            [(move.date, move.class_from, move.class_to) for move in moves],
            [
                (date(2026, 3, 31), "new", "transactional"),
                (date(2026, 5, 31), "transactional", "dormant"),
            ],
        )
        self.assertEqual(self._starts(passed, entered), [[], [date(2026, 6, 2)]])
        entered.start_ids.activity_ids.action_feedback()
        self._go(date(2026, 6, 3))
        self._go(date(2026, 7, 3))
        self.assertEqual(len(entered.start_ids), 1)

    def test_who_came_back_by_the_day_starts_nothing(self):
        self.env["crm.value.playbook"].search([]).active = False
        self.acme.user_id = self.env.user
        self.env["crm.value.policy"]._get_current(self.company)._change(
            {"loyalty_limit": 100, "new_months": 2, "dormant_months": 4}
        )
        playbook = self._get_playbook("transactional")
        self._go(date(2026, 4, 12))
        self.assertEqual(self.value(self.acme).value_class, "transactional")
        self.document(self.acme, date(2026, 6, 2), 10)
        self._go(date(2026, 6, 2))
        classes = self.env["crm.customer.move"].search(
            [("partner_id", "=", self.acme.id)], order="id"
        )
        self.assertEqual(classes.mapped("class_to"), ["dormant", "transactional"])
        self.assertEqual(self.value(self.acme).value_class, "transactional")
        self.assertFalse(playbook.start_ids)

    def test_a_stopped_run_loses_no_playbook(self):
        self.env["crm.value.playbook"].search([]).active = False
        self.acme.user_id = self.env.user
        self.env["crm.value.policy"]._get_current(self.company)._change(
            {"loyalty_limit": 100, "new_months": 3}
        )
        playbook = self._get_playbook("transactional")
        self._go(date(2026, 4, 9))
        day = date(2026, 4, 11)
        run = self.Run.sudo()._prepare(self.company, "incremental", day, None)
        while run._get_next_step().code != "playbooks":
            run._execute_step(run._get_next_step())
        self.assertEqual(self.value(self.acme).value_class, "transactional")
        run.action_cancel()
        self._go(day + timedelta(days=1))
        self.assertEqual(playbook.start_ids.mapped("date"), [date(2026, 4, 12)])
