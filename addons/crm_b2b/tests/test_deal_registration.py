from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestDealRegistration(OrderToCashCommon):
    """Covers: CUS-06"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.resellers = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("North", "South")]
        )
        cls.manager = new_test_user(
            cls.env,
            "channel_manager",
            "sales_team.group_sale_manager",
            company_id=cls.env.company.id,
            company_ids=cls.env.company.ids,
        )

    def _registration(self, reseller=0, **values):
        return self.env["crm.deal.registration"].create(
            {
                "subject": "New line",
                "partner_id": self.resellers[reseller].id,
                "end_customer_id": self.customer.id,
                "amount": 5000.0,
                "user_id": self.seller.id,
                **values,
            }
        )

    def _approve(self, registration):
        registration.action_submit()
        registration.with_user(self.manager).action_approve()

    def test_approval_protects_and_opens_the_partners_deal(self):
        registration = self._registration()
        self._approve(registration)
        self.assertEqual(registration.state, "approved")
        self.assertEqual(registration.protection_until, self.today + timedelta(days=90))
        self.assertRecordValues(
            registration.lead_id,
            [
                {
                    "channel_partner_id": self.resellers[0].id,
                    "channel_kind": "sourced",
                    "expected_revenue": 5000.0,
                }
            ],
        )

    def test_a_conflict_is_shown_and_needs_a_reason(self):
        self._approve(self._registration())
        second = self._registration(1)
        self.assertEqual(len(second.conflict_registration_ids), 1)
        self.assertEqual(len(second.conflict_lead_ids), 1)
        with self.assertRaisesRegex(UserError, "collides with: REG"):
            self._approve(second)
        second.decision_note = "Other plant"
        second.with_user(self.manager).action_approve()
        self.assertEqual(second.state, "approved")

    def test_another_family_or_the_own_deal_is_no_conflict(self):
        families = self.env["product.category"].create([{"name": "A"}, {"name": "B"}])
        first = self._registration(categ_id=families[0].id)
        self._approve(first)
        self.assertFalse(first.conflict_count)
        self.assertFalse(self._registration(1, categ_id=families[1].id).conflict_count)
        self.assertTrue(self._registration(1, categ_id=families[0].id).conflict_count)

    def test_a_seller_does_not_decide(self):
        registration = self._registration().with_user(self.seller)
        registration.action_submit()
        with self.assertRaisesRegex(UserError, "manager decides"):
            registration.action_approve()
        with self.assertRaisesRegex(UserError, "manager decides"):
            registration.write({"state": "approved", "protection_until": self.today})

    def test_the_protection_ends_by_itself_but_not_for_a_won_deal(self):
        ended, won = self._registration(), self._registration()
        for item in (ended, won):
            self._approve(item)
            item.protection_until = self.today - timedelta(days=1)
        won.lead_id.action_set_won()
        self.env["crm.deal.registration"]._cron_expire()
        self.assertEqual((ended.state, won.state), ("expired", "approved"))
        self.assertEqual(ended.activity_ids.user_id, self.seller)

    def test_a_colleagues_deal_says_that_the_customer_is_protected(self):
        self._approve(self._registration())
        deal = self.deal(user_id=self.seller.id)
        self.assertEqual(deal.with_user(self.seller).protected_by_id, self.resellers[0])
        deal.channel_partner_id = self.resellers[0]
        self.assertFalse(deal.protected_by_id)

    def test_the_report_counts_what_partners_bring_and_are_given(self):
        self.deal(
            channel_partner_id=self.resellers[0].id,
            channel_kind="assigned",
            expected_revenue=300.0,
        )
        won = self.deal(
            channel_partner_id=self.resellers[0].id,
            channel_kind="sourced",
            expected_revenue=200.0,
        )
        won.action_set_won()
        self.env.flush_all()
        rows = self.env["crm.channel.report"]._read_group(
            [("partner_id", "=", self.resellers[0].id)],
            ["channel_kind"],
            ["expected:sum", "won:sum", "win_rate:avg"],
        )
        self.assertEqual(
            {row[0]: row[1:] for row in rows},
            {"assigned": (300.0, 0.0, 0.0), "sourced": (200.0, 200.0, 100.0)},
        )
