from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCrmB2bTours(HttpCase):
    def test_a_seller_meets_the_gate_in_the_pipeline(self):
        """Covers: SAL-02"""
        seller = new_test_user(
            self.env, "tour_gate_seller", "sales_team.group_sale_salesman"
        )
        team = self.env["crm.team"].create(
            {"name": "Tour team", "member_ids": [Command.link(seller.id)]}
        )
        contact, offer = self.env["crm.stage"].create(
            [
                {
                    "name": name,
                    "sequence": 2000 + number,
                    "team_ids": [Command.link(team.id)],
                }
                for number, name in enumerate(("Tour contact", "Tour offer"))
            ]
        )
        self.env["crm.stage.criterion"].create(
            {"name": "Tour decider met", "stage_id": contact.id}
        )
        lead = self.env["crm.lead"].create(
            {
                "name": "Gated tour deal",
                "type": "opportunity",
                "team_id": team.id,
                "user_id": seller.id,
            }
        )
        # past the gates which other stages may have
        lead.sudo().with_context(crm_b2b_skip_gates=True).stage_id = contact
        self.start_tour("/odoo/crm", "crm_b2b_stage_gate", login="tour_gate_seller")
        self.assertEqual(lead.stage_id, offer)
