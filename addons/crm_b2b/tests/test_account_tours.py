from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

MANAGER = "sales_team.group_sale_manager,base.group_partner_manager"


@tagged("post_install", "-at_install")
class TestAccountTours(HttpCase):
    """The screens of accounts, visits, agreements and partners, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "tour_accounts", MANAGER)
        cls.account, cls.reseller, cls.other = cls.env["res.partner"].create(
            [
                {"name": name, "is_company": True, "user_id": cls.user.id}
                for name in ("Tour Account", "Tour Reseller", "Tour Rival")
            ]
        )
        cls.family = cls.env["product.category"].create({"name": "Tour Family"})

    def _tour(self, action, name):
        self.start_tour(f"/odoo/action-crm_b2b.{action}", name, login=self.user.login)

    def test_a_plan_shows_group_and_whitespace_and_starts_a_deal(self):
        """Covers: CUS-05"""
        self.env["crm.account.plan"].create(
            {
                "name": "Tour Plan",
                "partner_id": self.account.id,
                "user_id": self.user.id,
                "family_ids": self.family.ids,
                "goal_ids": [Command.create({"name": "Tour turnover", "target": 10})],
            }
        )
        self._tour("crm_account_plan_action", "crm_b2b_account_plan")
        self._tour("crm_account_plan_action", "crm_b2b_views_plan")

    def test_a_visit_is_reported_and_its_step_becomes_an_activity(self):
        """Covers: SAL-10"""
        visit = self.env["crm.visit.report"].create(
            {
                "name": "Tour Visit",
                "partner_id": self.account.id,
                "user_id": self.user.id,
                "date": fields.Datetime.now() - timedelta(hours=3),
                "step_ids": [
                    Command.create({"summary": "Tour step", "user_id": self.user.id})
                ],
            }
        )
        self._tour("crm_visit_report_action", "crm_b2b_visit_report")
        self.assertEqual(visit.state, "done")
        self.assertEqual(visit.activity_ids.summary, "Tour step")
        self._tour("crm_visit_report_action", "crm_b2b_views_visit")
        self._tour("crm_visit_due_action", "crm_b2b_views_due")

    def test_a_conflict_of_registrations_is_seen_before_the_decision(self):
        """Covers: CUS-06"""
        first, second = self.env["crm.deal.registration"].create(
            [
                {
                    "subject": subject,
                    "partner_id": partner.id,
                    "end_customer_id": self.account.id,
                    "user_id": self.user.id,
                }
                for subject, partner in (
                    ("Tour first", self.reseller),
                    ("Tour second", self.other),
                )
            ]
        )
        (first | second).action_submit()
        with mute_logger("odoo.http"):  # the refusal is part of the tour
            self._tour("crm_deal_registration_action", "crm_b2b_registration")
        self.assertEqual(second.state, "approved")
        self._tour("crm_deal_registration_action", "crm_b2b_views_registration")
        self._tour("crm_channel_report_action", "crm_b2b_views_channel")

    def test_the_lists_of_the_account_open_in_each_view(self):
        """Covers: CUS-03, CUS-04, SAL-13"""
        self.account.relationship_target = "proactive"
        self.env["crm.relationship.review"]._take(
            self.account, self.env.company, fields.Date.today()
        )
        self.env["crm.wallet.estimate"].create(
            {
                "partner_id": self.account.id,
                "categ_id": self.family.id,
                "yearly_spend": 100.0,
                "user_id": self.user.id,
            }
        )
        self._tour("crm_relationship_review_action", "crm_b2b_views_relationship")
        self._tour("crm_wallet_estimate_action", "crm_b2b_views_wallet")
        self._tour("sale_blanket_order_action", "crm_b2b_views_agreement")
