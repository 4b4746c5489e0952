from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestAccountPlan(OrderToCashCommon):
    """Covers: CUS-05"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        Category = cls.env["product.category"]
        cls.resins = Category.create({"name": "Resins"})
        cls.glues = Category.create({"name": "Glues"})
        cls.resin.categ_id = cls.resins
        Partner = cls.env["res.partner"]
        cls.subsidiary = Partner.create(
            {
                "name": "Coatings South",
                "is_company": True,
                "parent_id": cls.customer.id,
            }
        )
        cls.dock = Partner.create(
            {"name": "Dock 4", "type": "delivery", "parent_id": cls.customer.id}
        )
        cls.plan = cls.env["crm.account.plan"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.seller.id,
                "date_start": cls.today - timedelta(days=30),
                "date_end": cls.today + timedelta(days=300),
                "family_ids": [Command.set((cls.resins | cls.glues).ids)],
                "goal_ids": [
                    Command.create({"name": "Turnover", "target": 4000.0}),
                ],
            }
        )

    def _cell(self, site, family):
        self.plan.invalidate_recordset(["whitespace", "coverage"])
        row = next(r for r in self.plan.whitespace["rows"] if r["id"] == site.id)
        return next(c for c in row["cells"] if c["family_id"] == family.id)

    def _goal(self, measure, **values):
        return self.env["crm.account.plan.goal"].create(
            {
                "plan_id": self.plan.id,
                "name": measure,
                "measure": measure,
                "target": 1000.0,
                **values,
            }
        )

    def test_invoices_and_refunds_of_the_whole_group_reach_the_goal(self):
        goal = self.plan.goal_ids
        self.invoice(self.quote())
        self.invoice(self.quote(partner_id=self.subsidiary.id))
        self.assertEqual(goal.actual, 2000.0)
        self.assertEqual(goal.progress, 50.0)
        move = self.invoice(self.quote())
        move._reverse_moves([{"invoice_date": self.today}]).action_post()
        goal.invalidate_recordset()
        self.assertEqual(goal.actual, 2000.0)

    def test_goals_by_order_family_and_hand(self):
        self.quote(price=30.0)
        self.assertEqual(self._goal("ordered").actual, 300.0)
        self.assertEqual(self._goal("ordered", categ_id=self.glues.id).actual, 0.0)
        self.assertEqual(self._goal("ordered", categ_id=self.resins.id).actual, 300.0)
        self.assertEqual(self._goal("manual", manual_value=7).actual, 7)
        self.invoice(self.quote())
        self.assertEqual(self._goal("families", target=2).progress, 50.0)

    def test_the_goals_of_many_plans_are_measured_in_few_statements(self):
        others = self.plan.copy({"partner_id": self.subsidiary.id})
        goals = self.plan.goal_ids | others.goal_ids
        goals.invalidate_recordset()
        goals.mapped("name"), goals.plan_id.mapped("name")
        self.env.flush_all()
        with self.assertQueryCount(4):
            goals.mapped("actual")

    def test_a_site_shows_what_it_bought_and_where_there_is_room(self):
        self.quote(partner_shipping_id=self.dock.id)
        self.assertEqual(self._cell(self.dock, self.resins)["state"], "bought")
        self.assertEqual(self._cell(self.dock, self.resins)["amount"], 1000.0)
        self.assertEqual(self._cell(self.dock, self.glues)["state"], "white")
        self.assertEqual(self._cell(self.customer, self.resins)["state"], "white")
        self.assertAlmostEqual(self.plan.coverage, 100 / 6)

    def test_a_deal_is_open_a_quotation_quoted_and_a_lost_deal_lost(self):
        lead = self.deal(
            line_ids=[Command.create({"categ_id": self.glues.id, "price_unit": 90})]
        )
        self.assertEqual(self._cell(self.customer, self.glues)["state"], "open")
        lead.action_set_lost()
        self.assertEqual(self._cell(self.customer, self.glues)["state"], "lost")
        self.quote(confirm=False, partner_shipping_id=self.dock.id)
        self.assertEqual(self._cell(self.dock, self.resins)["state"], "quoted")

    def test_a_cell_opens_its_documents_and_a_white_one_a_new_deal(self):
        order = self.quote(partner_shipping_id=self.dock.id)
        action = self.plan.action_open_cell(self.dock.id, self.resins.id, "bought")
        self.assertEqual(self.env["sale.order"].search(action["domain"]), order)
        action = self.plan.action_open_cell(self.dock.id, self.glues.id, "white")
        self.assertEqual(action["context"]["default_partner_id"], self.dock.id)

    def test_the_group_adds_up_its_companies(self):
        self.invoice(self.quote())
        self.invoice(self.quote(price=50.0, partner_id=self.subsidiary.id))
        self.deal(partner_id=self.subsidiary.id, expected_revenue=700.0)
        self.plan.invalidate_recordset(["rollup"])
        rows = {row["id"]: row for row in self.plan.rollup["rows"]}
        self.assertEqual(rows[self.customer.id]["invoiced"], 1000.0)
        self.assertEqual(rows[self.subsidiary.id]["invoiced"], 500.0)
        self.assertEqual(rows[self.subsidiary.id]["pipeline"], 700.0)
        self.assertEqual(self.plan.rollup["total"]["invoiced"], 1500.0)

    def test_the_responsible_person_is_reminded_of_a_review_once(self):
        self.plan.action_start()
        self.env["crm.account.plan.review"].create(
            [
                {"plan_id": self.plan.id, "date": self.today + timedelta(days=days)}
                for days in (5, 50)
            ]
        )
        for _run in range(2):
            self.env["crm.account.plan"]._cron_remind_reviews()
        self.assertEqual(len(self.plan.activity_ids), 1)
        self.assertEqual(self.plan.activity_ids.user_id, self.seller)
        self.assertEqual(self.plan.next_review, self.today + timedelta(days=5))

    def test_an_account_has_one_running_plan_at_a_time(self):
        self.plan.action_start()
        second = self.plan.copy()
        with self.assertRaisesRegex(ValidationError, "has a running plan"):
            second.action_start()

    def test_a_plan_without_goals_does_not_start(self):
        self.plan.goal_ids.unlink()
        with self.assertRaisesRegex(UserError, "a goal before"):
            self.plan.action_start()

    def test_the_plan_prints_with_goals_and_whitespace(self):
        self.quote(partner_shipping_id=self.dock.id)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("crm_b2b.report_crm_account_plan", self.plan.ids)[0]
            .decode()
        )
        for text in ("Turnover", "Dock 4", "Bought", "Coatings South"):
            self.assertIn(text, html)

    def test_only_the_team_of_a_plan_sees_it(self):
        Plan = self.env["crm.account.plan"].with_user(self.seller)
        domain = [("id", "=", self.plan.id)]
        self.assertTrue(Plan.search(domain))
        self.plan.user_id = self.env.user
        self.assertFalse(Plan.search(domain))
        self.env["crm.account.plan.member"].create(
            {"plan_id": self.plan.id, "user_id": self.seller.id, "role": "Service"}
        )
        self.assertTrue(Plan.search(domain))
        self.assertTrue(Plan.browse(self.plan.id).goal_ids.mapped("actual"))
