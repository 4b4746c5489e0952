from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

SELLER = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestCrmB2bTours(HttpCase):
    """The screens of the sale, used in a browser."""

    def _team(self, user):
        return self.env["crm.team"].create(
            {"name": "Tour team", "member_ids": [Command.link(user.id)]}
        )

    @mute_logger("odoo.http")  # the refusals are what is shown
    def test_a_seller_meets_the_gate_in_pipeline_list_and_form(self):
        """Covers: SAL-02"""
        seller = new_test_user(self.env, "tour_gate_seller", SELLER)
        team = self._team(seller)
        # in front of all others: a drag ends inside the window
        contact, offer = self.env["crm.stage"].create(
            [
                {
                    "name": name,
                    "sequence": number - 20,
                    "team_ids": [Command.link(team.id)],
                }
                for number, name in enumerate(("Tour contact", "Tour offer"))
            ]
        )
        self.env["crm.stage.criterion"].create(
            {"name": "Tour decider met", "stage_id": contact.id}
        )
        gated, other = self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "team_id": team.id,
                    "user_id": seller.id,
                    "stage_id": contact.id,
                }
                for name in ("Gated tour deal", "Other tour deal")
            ]
        )
        self.start_tour("/odoo/crm", "crm_b2b_stage_gate", login="tour_gate_seller")
        self.assertEqual(gated.stage_id, offer)
        self.assertEqual(other.stage_id, contact)

    def test_a_seller_enters_the_forecast_call(self):
        """Covers: SAL-06"""
        seller = new_test_user(
            self.env, "tour_forecast_seller", SELLER, name="Tour Forecaster"
        )
        team = self._team(seller)
        self.env["crm.stage.criterion"].search([]).active = False
        self.env["crm.lead"].create(
            {
                "name": "Tour commit",
                "type": "opportunity",
                "team_id": team.id,
                "user_id": seller.id,
                "expected_revenue": 5000,
                "date_deadline": fields.Date.today(),
                "forecast_category": "commit",
            }
        )
        self.start_tour(
            "/odoo/action-crm_b2b.crm_forecast_line_action_current",
            "crm_b2b_forecast_call",
            login="tour_forecast_seller",
        )
        line = self.env["crm.forecast.line"].search([("user_id", "=", seller.id)])
        self.assertRecordValues(
            line, [{"seller_call": 6500, "seller_call_user_id": seller.id}]
        )

    def _people(self):
        """A manager, one who leaves, one who follows, and an account of the first."""
        new_test_user(
            self.env,
            "tour_manager",
            "sales_team.group_sale_manager,base.group_partner_manager",
        )
        leaver = new_test_user(self.env, "tour_leaver", SELLER, name="Tour Leaver")
        follower = new_test_user(
            self.env, "tour_follower", SELLER, name="Tour Follower"
        )
        tag = self.env["res.partner.category"].create({"name": "Tour Tag"})
        account = self.env["res.partner"].create(
            {
                "name": "Tour Account",
                "is_company": True,
                "user_id": leaver.id,
                "category_id": [Command.link(tag.id)],
            }
        )
        return leaver, follower, account

    def test_a_manager_hands_over_and_takes_it_back(self):
        """Covers: SAL-10"""
        leaver, follower, account = self._people()
        self.start_tour(
            "/odoo/action-crm_b2b.crm_handover_action",
            "crm_b2b_handover",
            login="tour_manager",
        )
        handover = self.env["crm.handover"].search([("to_user_id", "=", follower.id)])
        self.assertRecordValues(handover, [{"state": "undone"}])
        self.assertEqual(account.user_id, leaver)

    def test_a_manager_draws_a_territory_and_applies_it(self):
        """Covers: SAL-09"""
        _leaver, follower, account = self._people()
        self.start_tour(
            "/odoo/action-crm_b2b.crm_territory_action",
            "crm_b2b_territory",
            login="tour_manager",
        )
        self.assertEqual(account.user_id, follower)
        self.assertEqual(account.territory_id.name, "Tour Territory")
