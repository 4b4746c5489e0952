from odoo.tests import HttpCase, tagged

from .common_result import ResultCommon
from .test_personal_page import PersonalCommon


@tagged("post_install", "-at_install")
class TestResultTour(ResultCommon, HttpCase):
    def test_from_the_cockpit_down_to_an_invoice(self):
        """Covers: MKT-03"""
        self.campaign.title = "Tour campaign"
        self.sell(self.partner_a, quantity=10, campaign_id=self.campaign.id)
        self.bill(100)
        self.chief.group_ids += self.env.ref("account.group_account_readonly")
        self.chief.password = "mk_chief"
        self.start_tour("/odoo/one-to-one", "crm_marketing_result", login="mk_chief")

    def test_the_screens_render(self):
        """Covers: MKT-01, MKT-07, MKT-09"""
        self.plan.action_start()
        self.sell(self.partner_a, campaign_id=self.campaign.id)
        self.chief.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.chief.group_ids += self.env.ref("event.group_event_user")
        self.start_tour(
            "/odoo/campaign-results", "crm_marketing_views", login="mk_chief"
        )


@tagged("post_install", "-at_install")
class TestPersonalTour(PersonalCommon):
    def test_a_customer_asks_and_chooses_what_we_write(self):
        """Covers: MKT-08"""
        self.start_tour("/my/premier", "crm_marketing_personal", login="mk_buyer")
        self.assertTrue(self.buyer.partner_id.interest_ids.is_question)
        self.assertTrue(self.buyer.partner_id.consent_ids)
