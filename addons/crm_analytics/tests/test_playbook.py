from datetime import date, timedelta
from io import BytesIO

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.translate import trans_export

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestPlaybook(ValueCommon):
    """Covers: ANA-02, ANA-04"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = new_test_user(
            cls.env,
            "value_owner",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        cls.env["crm.value.playbook"].search([]).active = False
        cls.plan = cls.env["mail.activity.plan"].create(
            {
                "name": "Check",
                "res_model": "res.partner",
                "company_id": False,
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": cls.env.ref(
                                "mail.mail_activity_data_todo"
                            ).id,
                            "summary": "Ask why",
                            "delay_count": 3,
                        },
                    )
                ],
            }
        )
        cls.playbook = cls.env["crm.value.playbook"].create(
            {
                "name": "Transactional",
                "value_class": "transactional",
                "plan_id": cls.plan.id,
                "company_id": cls.company.id,
            }
        )
        cls.acme = cls.customer("Acme", user_id=cls.owner.id)
        cls.document(cls.acme, cls.day(5), 100)
        cls.document(cls.acme, cls.day(5, 40), 100)

    def _starts(self):
        return self.env["crm.value.playbook.start"].search(
            [("playbook_id", "=", self.playbook.id)]
        )

    def _leave_new(self):
        self.refresh()
        self.assertEqual(self.value(self.acme).value_class, "new")
        return self.refresh(as_of=self.as_of + timedelta(days=45))

    def test_entering_a_class_starts_the_plan_for_the_owner(self):
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"loyalty_limit": 100, "new_months": 7})
        self._leave_new()
        self.assertEqual(self.value(self.acme).value_class, "transactional")
        start = self._starts()
        self.assertRecordValues(
            start,
            [
                {
                    "partner_id": self.acme.id,
                    "user_id": self.owner.id,
                    "planned_count": 1,
                    "open_count": 1,
                    "revenue_before": 0,
                }
            ],
        )
        activity = start.activity_ids
        self.assertEqual((activity.summary, activity.user_id), ("Ask why", self.owner))
        activity.action_feedback("He moved")
        self.env.invalidate_all()
        self.assertEqual((start.open_count, start.done_count), (0, 1))
        self.document(self.acme, start.date + timedelta(days=1), 70)
        start.invalidate_recordset()
        self.assertEqual(start.revenue_after, 70)

    def _measured(self, start):
        self.env.flush_all()
        return self.env["crm.value.playbook.outcome"].browse(start.id)

    def test_the_outcome_compares_done_and_not_done_with_later_invoices(self):
        today = fields.Date.today()
        started = today - timedelta(days=60)
        double = self.customer("Quiet", user_id=self.owner.id)
        for customer in (self.acme, double):
            self.document(customer, started - timedelta(days=59), 300)
            self.document(customer, started, 20)
            self.document(customer, started - timedelta(days=60), 5000)  # too early
        self.document(self.acme, started + timedelta(days=60), 700)
        self.document(self.acme, started + timedelta(days=1), 30, "out_refund")
        self.document(self.acme, started + timedelta(days=61), 9000)  # not yet over
        starts = self.env["crm.value.playbook.start"]
        for customer in (self.acme, double):
            starts |= self._start(self._enter(customer, started))
        done, open_start = starts
        self.assertEqual(self._measured(done).measure, "none")
        done.activity_ids.action_feedback("Told")
        open_start.activity_ids.unlink()  # called off: not done
        self.assertRecordValues(
            self._measured(done),
            [
                {
                    "measure": "all",
                    "days": 60,
                    "revenue_before": 320,
                    "revenue_after": 670,
                    "change": 350,
                }
            ],
        )
        self.assertRecordValues(
            self._measured(open_start),
            [{"measure": "none", "revenue_before": 320, "revenue_after": 0}],
        )
        moves = self.env["account.move"].search(
            self._measured(done).action_open_moves()["domain"]
        )
        self.assertEqual(sum(moves.mapped("amount_untaxed_signed")), 670)
        compared = self.env["crm.value.playbook.outcome"]._read_group(
            [("id", "in", starts.ids)], ["measure"], ["mean_change:avg"]
        )
        self.assertEqual(dict(compared), {"all": 350, "none": -320})

    def test_the_first_run_of_a_company_starts_nothing(self):
        self.playbook.value_class = "new"
        self.refresh()
        self.assertFalse(self._starts())

    def test_moves_between_classes_are_kept(self):
        """Covers: ANA-10"""
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"loyalty_limit": 100, "new_months": 7})
        run = self._leave_new()
        month_end = self.Run.search(
            [("company_id", "=", self.company.id), ("month_end", "=", True)]
        )
        moves = self.env["crm.customer.move"].search(
            [("partner_id", "=", self.acme.id)]
        )
        self.assertRecordValues(
            moves,
            [
                {
                    "class_from": "new",
                    "class_to": "transactional",
                    "date": date(2026, 7, 31),
                    "run_id": month_end.id,
                }
            ],
        )
        self.assertGreater(run.id, month_end.id)

    def _start(self, moves):
        """The starts of the playbook for moves."""
        starts = self.playbook.sudo()._start_for_moves(moves)
        return starts.filtered(lambda start: start.playbook_id == self.playbook)

    def _enter(self, customer, date=None):
        """A move of the customer into the class of the playbook."""
        return (
            self.env["crm.customer.move"]
            .sudo()
            .create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "class_to": "transactional",
                    "date": date or self.as_of,
                }
            )
        )

    def test_what_a_playbook_starts_speaks_its_owners_language(self):
        """Covers: ANA-04"""
        self.env["res.lang"]._activate_lang("zh_CN")
        step = self.plan.template_ids
        step.with_context(lang="zh_CN").summary = "问明原因"
        self.plan.with_context(lang="zh_CN").name = "检查"
        self.owner.lang = "zh_CN"
        boss = new_test_user(self.env, "value_boss", "base.group_user", lang="en_US")
        other = step.copy({"responsible_type": "other", "responsible_id": boss.id})
        other.update_field_translations("summary", {"zh_CN": "检查原因"})
        start = self._start(self._enter(self.acme))
        said = {each.user_id: each.summary for each in start.activity_ids}
        self.assertEqual(said, {self.owner: "问明原因", boss: "Ask why"})
        playbook = self.playbook.with_context(lang="zh_CN")
        self.assertEqual(playbook.plan_id.display_name, "检查")

    def test_the_leader_of_the_team_steps_in_for_a_salesperson(self):
        """Covers: ANA-04"""
        make = {"company_id": self.company.id, "company_ids": self.company.ids}
        leader, later, gone = (
            new_test_user(self.env, login, "sales_team.group_sale_salesman", **make)
            for login in ("value_leader", "value_later", "value_gone")
        )
        teams = self.env["crm.team"].create(
            [{"name": user.login, "user_id": user.id} for user in (leader, later)]
        )
        orphan = self.customer("Orphan")
        left = self.customer("Left", user_id=gone.id)
        gone.active = False
        for customer in (orphan, left):
            self.document(customer, self.day(3), 10, team_id=teams[0].id)
            self.document(customer, self.day(1), 10, team_id=teams[1].id)
        moves = self._enter(orphan) | self._enter(left) | self._enter(self.acme)
        starts = self.env["crm.value.playbook"].sudo()._start_for_moves(moves)
        self.assertEqual(
            [(start.partner_id, start.user_id) for start in starts],
            [(orphan, later), (left, later), (self.acme, self.owner)],
        )
        self.assertEqual(starts.activity_ids.user_id, later | self.owner)
        self.assertEqual(set(starts.mapped("state")), {"started"})

    def test_without_owner_it_waits_to_be_assigned_and_started(self):
        """Covers: ANA-04"""
        orphan = self.customer("Orphan")
        self.document(orphan, self.day(1), 10, team_id=False)
        start = self._start(self._enter(orphan))
        self.assertEqual((start.state, start.planned_count), ("no_owner", 0))
        self.assertFalse(start.activity_ids)
        again = self._start(self._enter(orphan))
        self.assertFalse(again, "it is listed once")
        self.env.flush_all()
        Outcome = self.env["crm.value.playbook.outcome"]
        self.assertFalse(Outcome.search([("partner_id", "=", orphan.id)]))
        analyst = new_test_user(
            self.env,
            "value_assigner",
            "crm_analytics.group_analyst",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        action = start.with_user(analyst).action_assign()
        Wizard = self.env["crm.value.playbook.assign"].with_user(analyst)
        wizard = Wizard.with_context(**action["context"]).create(
            {"user_id": self.owner.id}
        )
        self.assertEqual(wizard.start_ids, start)
        wizard.action_start()
        self.assertRecordValues(
            start,
            [{"state": "started", "user_id": self.owner.id, "planned_count": 1}],
        )
        activity = start.activity_ids
        self.assertEqual(activity.user_id, self.owner)
        today = fields.Date.context_today(self.env["res.partner"])
        self.assertEqual(activity.date_deadline, today - timedelta(days=3))
        with self.assertRaises(UserError):
            start.with_user(analyst).action_assign()

    def test_words_of_our_playbooks_are_for_translators(self):
        """Covers: ANA-04"""
        for xmlid in ("mail_activity_plan_growth", "mail_activity_plan_growth_1"):
            record = self.env.ref(f"crm_analytics.{xmlid}")
            name = "name" if "name" in record._fields else "summary"
            self.assertTrue(record._fields[name].translate)
        out = BytesIO()
        trans_export("zh_CN", ["crm_analytics"], out, "po", self.env)
        exported = out.getvalue().decode()
        for words in ("Growth: widen", "Call within two days: what went wrong?"):
            self.assertIn(f'msgid "{words}"', exported)
        self.assertIn("model:mail.activity.plan.template,summary:", exported)

    def test_save_list_plans_activities_on_the_accounts(self):
        self.refresh()
        action = self.value(self.acme).action_plan_activities()
        wizard = (
            self.env["mail.activity.schedule"]
            .with_context(**action["context"])
            .create({"plan_id": self.plan.id, "plan_on_demand_user_id": self.owner.id})
        )
        wizard.action_schedule_plan()
        self.assertEqual(self.acme.activity_ids.summary, "Ask why")
