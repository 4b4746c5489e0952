from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCompetition(TransactionCase):
    """Covers: SAL-05"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "competition_seller", "sales_team.group_sale_salesman"
        )
        cls.team = cls.env["crm.team"].create({"name": "Reviewers"})
        cls.rival, cls.other = cls.env["res.partner"].create(
            [
                {"name": "Rival", "is_company": True, "is_competitor": True},
                {"name": "Other", "is_company": True},
            ]
        )
        cls.reason = cls.env["crm.review.reason"].create({"name": "Dear"})

    def deal(self, *competitors, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Contested",
                "type": "opportunity",
                "team_id": self.team.id,
                "user_id": self.seller.id,
                "competitor_ids": [
                    Command.create({"partner_id": partner.id})
                    for partner in competitors
                ],
                **values,
            }
        )

    def lose(self, deals, **values):
        self.env["crm.lead.lost"].create(
            {"lead_ids": [Command.set(deals.ids)], **values}
        ).action_lost_reason_apply()

    def test_the_win_rate_counts_decided_deals_only(self):
        won, lost, open_deal = (self.deal(self.rival) for _n in range(3))
        won.action_set_won()
        self.lose(lost)
        self.assertEqual(open_deal.competitor_ids.outcome, "pending")
        self.rival.invalidate_recordset()
        self.assertEqual(self.rival.competition_count, 3)
        self.assertEqual(self.rival.win_rate_against, 0.5)
        rows = self.env["crm.lead.competitor"]._read_group(
            [("partner_id", "=", self.rival.id), ("outcome", "in", ("won", "lost"))],
            ["partner_id"],
            ["win_rate:avg"],
        )
        self.assertEqual(rows, [(self.rival, 0.5)])

    def test_a_partner_named_as_competitor_is_flagged(self):
        self.deal(self.other)
        self.assertTrue(self.other.is_competitor)

    def test_a_seller_keeps_competitors_of_own_deals_only(self):
        deal = self.deal(self.rival)
        row = deal.competitor_ids.with_user(self.seller)
        row.write({"counter": "Faster delivery", "price": 12})
        deal.user_id = self.env.user
        self.assertFalse(row.has_access("read"))

    def test_losing_with_reasons_writes_the_review_and_the_winner(self):
        deals = self.deal(self.rival) + self.deal()
        self.lose(
            deals,
            reason_ids=[Command.set(self.reason.ids)],
            competitor_id=self.rival.id,
            lessons="Quote faster",
        )
        self.assertEqual(deals.review_ids.mapped("outcome"), ["lost", "lost"])
        self.assertEqual(deals.review_ids.reason_ids, self.reason)
        self.assertEqual(deals.competitor_ids.mapped("is_winner"), [True, True])

    def test_a_team_that_reviews_asks_for_reasons_when_a_deal_is_lost(self):
        self.team.review_required = True
        deal = self.deal()
        with self.assertRaises(UserError):
            self.lose(deal)
        self.assertEqual(deal.won_status, "pending")
        self.lose(deal, reason_ids=[Command.set(self.reason.ids)])
        self.assertEqual(deal.won_status, "lost")
        self.assertFalse(deal.review_missing)

    def test_a_team_that_reviews_gives_the_seller_a_task_when_a_deal_is_won(self):
        self.team.review_required = True
        deal = self.deal()
        deal.action_set_won()
        self.assertTrue(deal.review_missing)
        found = self.env["crm.lead"].search(
            [("review_missing", "=", True), ("team_id", "=", self.team.id)]
        )
        self.assertEqual(found, deal)
        task = deal.activity_ids.filtered(
            lambda a: (
                a.activity_type_id == self.env.ref("crm_b2b.mail_activity_type_review")
            )
        )
        self.assertEqual(task.user_id, self.seller)
        self.env["crm.lead.review"].create(
            {"lead_id": deal.id, "reason_ids": [Command.set(self.reason.ids)]}
        )
        self.assertFalse(deal.review_missing)
        self.assertFalse(task.exists().filtered("active"))

    def test_an_open_deal_cannot_be_reviewed(self):
        with self.assertRaises(ValidationError):
            self.env["crm.lead.review"].create(
                {
                    "lead_id": self.deal().id,
                    "reason_ids": [Command.set(self.reason.ids)],
                }
            )

    def test_a_sighting_compares_with_our_price(self):
        product = self.env["product.product"].create(
            {"name": "Resin", "list_price": 100.0}
        )
        sighting = self.env["crm.price.sighting"].create(
            {
                "competitor_id": self.rival.id,
                "product_id": product.id,
                "price": 90,
                "date": fields.Date.today(),
            }
        )
        self.assertEqual(sighting.our_price, 100)
        self.assertAlmostEqual(sighting.gap, -0.1)
        self.assertEqual(sighting.categ_id, product.categ_id)
        self.assertEqual(sighting.display_name, "Rival - Resin")

    def test_sightings_stay_in_their_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        sighting = self.env["crm.price.sighting"].create(
            {
                "competitor_id": self.rival.id,
                "price": 1,
                "company_id": company.id,
            }
        )
        self.assertFalse(sighting.with_user(self.seller).has_access("read"))
