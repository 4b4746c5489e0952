from odoo.tests import HttpCase, new_test_user, tagged

from .common_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestSendingTour(SendingCommon, HttpCase):
    def test_a_campaign_from_audience_to_sending(self):
        """Covers: MKT-02, MKT-04"""
        user = new_test_user(
            self.env,
            "mkt_tour",
            "crm_marketing.group_manager,mass_mailing.group_mass_mailing_campaign",
            email="mkt_tour@ours.example",
        )
        campaign = self.env["utm.campaign"].create(
            {"title": "Tour campaign", "user_id": user.id}
        )
        block = self.env["crm.content.block"].create(
            {"name": "B", "body": '<p>Growth of <t t-out="object.name"/></p>'}
        )
        place = '<p>Dear</p><t t-out="object.one_to_one_content"/>'
        letter = self.mailing(
            subject="Tour mailing",
            campaign_id=campaign.id,
            block_ids=block.ids,
            body_html=place,
            body_arch=place,
            user_id=user.id,
        )
        self.start_tour(
            "/odoo/action-crm_marketing.crm_audience_action",
            "crm_marketing_campaign",
            login="mkt_tour",
        )
        self.assertEqual(letter.state, "in_queue")
        self.assertEqual(letter.audience_id.name, "Tour audience")
        letter._action_send_mail()
        self.assertEqual(self.sent_to(letter), {self.ada.email})
        self.assertEqual(letter.snapshot_id, campaign.snapshot_id)
