from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_result import ResultCommon


@tagged("post_install", "-at_install")
class TestLeadProcess(ResultCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.group_ids += cls.env.ref("crm.group_use_lead")
        # marketing works on its own leads
        cls.marketer.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.team = cls.env["crm.team"].create(
            {"name": "Coatings", "user_id": cls.chief.id}
        )
        cls.source = cls.env["utm.source"].create({"name": "Journal"})
        cls.env["crm.lead.score.rule"].search([]).active = False
        Rule = cls.env["crm.lead.score.rule"]
        cls.rules = Rule.create(
            [
                {"name": "Phone", "points": 5, "condition": "[('phone', '!=', False)]"},
                {
                    "name": "Acme",
                    "points": 30,
                    "condition": "[('partner_name', 'ilike', 'acme')]",
                },
                {
                    "name": "No name",
                    "points": -10,
                    "condition": "[('contact_name', '=', False)]",
                },
            ]
        )

    def lead(self, name="A lead", **values):
        return self.env["crm.lead"].create(
            {
                "name": name,
                "type": "lead",
                "user_id": self.marketer.id,
                "source_id": self.source.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def hand(self, lead):
        return lead.with_user(self.marketer)._hand_over(
            self.seller, self.team, "Met at the fair"
        )

    def test_the_score_is_the_sum_of_rules_that_are_shown(self):
        """Covers: MKT-06"""
        good = self.lead(phone="1", partner_name="ACME", contact_name="Ann")
        bad = self.lead()
        (good | bad)._update_marketing_score()
        self.assertEqual((good.marketing_score, bad.marketing_score), (35, -10))
        self.assertEqual(good.marketing_score_text, "+5  Phone\n+30  Acme")
        self.assertEqual(bad.marketing_score_text, "-10  No name")
        self.rules[1].points = 1
        self.assertEqual(good.marketing_score, 35, "scores change when scored")
        good.action_update_marketing_score()
        self.assertEqual(good.marketing_score, 6)

    def test_a_condition_must_be_one_on_leads(self):
        for condition in ("[('nothing', '=', 1)]", "os.system('x')", "[("):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.rules[0].condition = condition

    def test_scoring_many_leads_takes_a_search_a_rule(self):
        """Covers: MKT-06"""
        leads = self.env["crm.lead"]
        for number in range(30):
            leads |= self.lead(f"Lead {number}", phone="1" if number % 2 else False)
        leads._update_marketing_score()
        self.env.flush_all()
        with self.assertQueryCount(12):
            leads._update_marketing_score()
            self.env.flush_all()

    def test_sales_accepts_and_the_lead_becomes_a_deal(self):
        """Covers: MKT-06"""
        lead = self.lead(phone="1", contact_name="Ann")
        transfer = self.hand(lead)
        self.assertEqual(lead.transfer_state, "offered")
        self.assertEqual((lead.user_id, lead.team_id), (self.seller, self.team))
        self.assertEqual((transfer.score, transfer.from_user_id), (5, self.marketer))
        self.assertEqual(transfer.deadline, self.today + timedelta(days=2))
        task = lead.activity_ids
        self.assertEqual((task.user_id, len(task)), (self.seller, 1))
        with self.assertRaisesRegex(UserError, "with sales already"):
            lead._hand_over(self.chief, self.team)
        seen = lead.with_user(self.seller)
        self.assertTrue(seen.transfer_is_mine)
        seen.action_transfer_accept()
        self.assertEqual((lead.transfer_state, lead.type), ("accepted", "opportunity"))
        self.assertFalse(lead.activity_ids)
        with self.assertRaises(UserError):
            seen.action_transfer_accept()

    def test_sales_returns_with_a_reason_and_marketing_gets_a_task(self):
        """Covers: MKT-06"""
        lead = self.lead()
        transfer = self.hand(lead).with_user(self.seller)
        action = lead.with_user(self.seller).action_transfer_return()
        wizard = (
            self.env["crm.lead.transfer.return"]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create({"reason": "other"})
        )
        with self.assertRaisesRegex(UserError, "in words"):
            wizard.action_return()
        wizard.write({"reason": "bad_data", "note": "No phone number"})
        wizard.action_return()
        self.assertEqual(transfer.sudo().state, "returned")
        self.assertEqual(
            (lead.transfer_state, lead.user_id), ("returned", self.marketer)
        )
        self.assertIn("No phone number", lead.transfer_reason)
        self.assertEqual(lead.activity_ids.user_id, self.marketer)
        again = self.hand(lead)
        self.assertEqual(lead.transfer_state, "offered")
        self.assertEqual(len(lead.transfer_ids), 2)
        again.with_user(self.seller).action_accept()
        self.assertEqual(lead.transfer_state, "accepted")

    def test_only_the_receiver_or_the_leader_answers(self):
        """Covers: MKT-06"""
        transfer = self.hand(self.lead())
        other = self.person("mk_other_seller", "sales_team.group_sale_salesman")
        self.assertFalse(
            self.env["crm.lead.transfer"]
            .with_user(other)
            .search([("id", "=", transfer.id)])
        )
        with self.assertRaises(AccessError):
            transfer.with_user(other).action_accept()
        with self.assertRaises(AccessError):
            transfer.with_user(self.seller).write({"state": "accepted"})
        transfer.with_user(self.seller).action_accept()

    def test_the_leader_hears_once_of_a_lead_that_waits(self):
        """Covers: MKT-06"""
        lead = self.lead()
        transfer = self.hand(lead).sudo()
        Transfer = self.env["crm.lead.transfer"].sudo()  # as the cron
        Transfer._cron_remind()
        self.assertEqual(len(lead.activity_ids), 1)
        transfer.deadline = self.today - timedelta(days=1)
        self.assertIn(transfer, Transfer.search([("is_late", "=", True)]))
        Transfer._cron_remind()
        Transfer._cron_remind()
        warning = lead.activity_ids.filtered(lambda a: a.user_id == self.chief)
        self.assertEqual(len(warning), 1)

    def test_conversion_counts_by_source_from_sums(self):
        """Covers: MKT-06"""
        leads = [self.lead(f"Lead {number}") for number in range(4)]
        for lead in leads[:3]:
            self.hand(lead)
        for lead in leads[:2]:
            lead.transfer_ids.with_user(self.seller).action_accept()
        leads[2].transfer_ids.with_user(self.seller)._return("no_need", "")
        leads[0].partner_id = self.partner_a
        leads[0].action_set_won()
        self.sell(self.partner_a, invoice=False, opportunity_id=leads[0].id)
        self.env.flush_all()
        [row] = self.env["crm.lead.conversion"]._read_group(
            [("source_id", "=", self.source.id)],
            ["source_id"],
            [
                "lead_count:sum",
                "handed_count:sum",
                "accept_rate:avg",
                "deal_rate:avg",
                "won_rate:avg",
                "ordered:sum",
            ],
        )
        self.assertEqual(row[1:3], (4, 3))
        self.assertAlmostEqual(row[3], 200 / 3)
        self.assertAlmostEqual(row[4], 50)
        self.assertAlmostEqual(row[5], 25)
        self.assertEqual(row[6], 1000)

    def test_a_seller_sees_the_conversion_of_own_leads(self):
        """Covers: MKT-06"""
        lead = self.lead()
        self.env.flush_all()
        rows = self.env["crm.lead.conversion"]
        domain = [("lead_id", "=", lead.id)]
        self.assertFalse(rows.with_user(self.seller).search(domain))
        self.assertTrue(rows.with_user(self.marketer).search(domain))
        self.assertEqual(
            rows.search(domain).date, fields.Date.to_date(lead.create_date)
        )
