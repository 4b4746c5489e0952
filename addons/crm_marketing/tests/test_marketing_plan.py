from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_result import ResultCommon


@tagged("post_install", "-at_install")
class TestMarketingPlan(ResultCommon):
    def test_actual_cost_comes_from_posted_bills_by_their_distribution(self):
        """Covers: MKT-01"""
        other = self.make_activity("Fair", 100)
        half = {
            str(self.activity.analytic_account_id.id): 50,
            str(other.analytic_account_id.id): 50,
        }
        self.document(self.partner_b, 300, "in_invoice", analytic_distribution=half)
        self.bill(60, move_type="in_refund")
        draft = self.bill(999)
        draft.button_draft()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.activity.actual_cost, 90)
        self.assertEqual(other.actual_cost, 150)
        self.assertEqual(self.plan.actual_cost, 240)
        self.assertEqual(self.plan.budget_left, 760)
        action = self.plan.action_open_costs()
        rows = self.env["crm.marketing.cost"].search(action["domain"])
        self.assertEqual(sum(rows.mapped("amount")), 240)
        self.assertEqual(len(rows.move_id), 2)

    def test_a_key_of_several_plans_counts_once(self):
        """Covers: MKT-01"""
        plan = self.env["account.analytic.plan"].create({"name": "Departments"})
        department = self.env["account.analytic.account"].create(
            {"name": "Marketing", "plan_id": plan.id}
        )
        key = f"{self.activity.analytic_account_id.id},{department.id}"
        self.document(
            self.partner_b, 300, "in_invoice", analytic_distribution={key: 40}
        )
        self.env.flush_all()
        self.assertEqual(self.activity.actual_cost, 120)

    def test_expenses_of_people_are_cost_once_posted(self):
        """Covers: MKT-01"""
        employee = (
            self.env["hr.employee"]
            .sudo()
            .create(
                {
                    "name": "Traveller",
                    "work_contact_id": self.env["res.partner"]
                    .create({"name": "Traveller"})
                    .id,
                }
            )
        )
        product = self.env["product.product"].create(
            {"name": "Stand", "can_be_expensed": True, "standard_price": 0}
        )
        expense = (
            self.env["hr.expense"]
            .sudo()
            .create(
                {
                    "name": "Stand material",
                    "employee_id": employee.id,
                    "product_id": product.id,
                    "total_amount_currency": 80,
                    "tax_ids": [Command.clear()],
                    "analytic_distribution": {
                        str(self.activity.analytic_account_id.id): 100
                    },
                }
            )
        )
        expense.action_submit()
        if expense.state != "approved":
            expense.action_approve()
        self.env.flush_all()
        self.activity.invalidate_recordset()
        self.assertEqual(self.activity.actual_cost, 0)
        expense._post_without_wizard()
        move = expense.account_move_id
        if move.state == "draft":
            move.action_post()
        self.env.flush_all()
        self.activity.invalidate_recordset()
        self.assertEqual(self.activity.actual_cost, 80)
        row = self.env["crm.marketing.cost"].search(
            [("activity_id", "=", self.activity.id)]
        )
        self.assertEqual(row.kind, "expense")

    def test_planned_stands_beside_actual(self):
        """Covers: MKT-01"""
        self.bill(250)
        self.env.flush_all()
        [(planned, actual, left)] = self.env["crm.marketing.budget"]._read_group(
            [("plan_id", "=", self.plan.id)],
            [],
            ["planned_cost:sum", "actual_cost:sum", "cost_left:sum"],
        )
        self.assertEqual((planned, actual, left), (400, 250, 150))

    def test_only_a_manager_approves_and_only_within_the_budget(self):
        """Covers: MKT-01"""
        activity = self.activity.with_user(self.marketer)
        activity.action_ask()
        self.assertEqual(activity.state, "asked")
        self.assertTrue(activity.activity_ids)
        with self.assertRaisesRegex(UserError, "marketing manager"):
            activity.action_approve()
        boss = self.activity.with_user(self.chief)
        with self.assertRaisesRegex(UserError, "not in force"):
            boss.action_approve()
        self.plan.with_user(self.chief).action_start()
        boss.action_approve()
        self.assertEqual((boss.state, boss.approved_by_id), ("approved", self.chief))
        dear = self.make_activity("Dear", 700)
        with self.assertRaisesRegex(UserError, "Raise the budget"):
            dear.with_user(self.chief).action_approve()
        dear.planned_cost = 600
        dear.with_user(self.chief).action_approve()
        self.plan.invalidate_recordset()
        self.assertEqual(self.plan.approved_cost, 1000)

    def test_what_was_approved_stays_as_it_was(self):
        """Covers: MKT-01"""
        self.plan.action_start()
        self.activity.action_approve()
        with self.assertRaisesRegex(UserError, "approved as it is"):
            self.activity.with_user(self.marketer).planned_cost = 5
        with self.assertRaises(UserError):
            self.activity.with_user(self.marketer).unlink()
        self.activity.with_user(self.marketer).name = "Another name"
        self.activity.with_user(self.chief).action_draft()
        self.activity.with_user(self.marketer).planned_cost = 5

    def test_the_responsible_is_told_once_beyond_the_budget(self):
        """Covers: MKT-01"""
        self.plan.action_start()
        self.activity.action_approve()
        Plan = self.env["crm.marketing.plan"]
        Plan._cron_warn()
        self.assertFalse(self.plan.activity_ids)
        bill = self.bill(1200)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.plan.is_over)
        self.assertIn(self.plan, Plan.search([("is_over", "=", True)]))
        self.assertIn(self.activity, self.activity.search([("is_over", "=", True)]))
        Plan._cron_warn()
        Plan._cron_warn()
        self.assertEqual(len(self.plan.activity_ids), 1)
        self.assertEqual(len(self.activity.activity_ids), 1)
        self.assertEqual(self.plan.activity_ids.user_id, self.plan.user_id)
        bill.button_draft()
        self.env.flush_all()
        self.env.invalidate_all()
        Plan._cron_warn()
        self.assertFalse(self.plan.is_warned or self.activity.is_warned)

    def test_plans_are_read_by_marketing_and_changed_by_its_manager(self):
        """Covers: MKT-01"""
        self.assertEqual(self.plan.with_user(self.marketer).budget, 1000)
        with self.assertRaises(AccessError):
            self.plan.with_user(self.marketer).budget = 5000
        with self.assertRaises(AccessError):
            self.plan.with_user(self.seller).mapped("budget")

    def test_a_plan_does_not_end_before_it_begins(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.plan.date_to = "2000-01-01"
            self.env.flush_all()
