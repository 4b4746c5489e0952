from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_result import ResultCommon


@tagged("post_install", "-at_install")
class TestFair(ResultCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = fields.Datetime.now()
        cls.fair = cls.env["event.event"].create(
            {
                "name": "Coatings Fair",
                "marketing_kind": "fair",
                "date_begin": now - relativedelta(hours=2),
                "date_end": now + relativedelta(hours=6),
                "company_id": cls.company.id,
            }
        )
        cls.env["event.lead.rule"].search([]).active = False
        cls.fair.action_make_campaign()

    def enter(self, user=None, **values):
        visitors = self.env["crm.fair.visitor"].with_user(user or self.seller)
        return visitors.create(
            {
                "event_id": self.fair.id,
                "name": "Jane Doe",
                "company_name": "Doe Paints",
                "email": "jane@doe.example",
                **values,
            }
        )

    def test_a_visitor_is_a_lead_of_the_fair_s_campaign(self):
        """Covers: MKT-07"""
        form = self.enter(interest="2", wish="visit", note="<b>Primer</b>")
        lead = form._save().sudo()
        self.assertEqual(
            (lead.type, lead.partner_name, lead.priority, lead.user_id),
            ("lead", "Doe Paints", "2", self.seller),
        )
        self.assertEqual(lead.campaign_id, self.fair.campaign_id)
        self.assertEqual(lead.source_id, self.env.ref("crm_marketing.utm_source_fair"))
        self.assertIn("A visit", lead.description)
        self.assertNotIn("<b>", lead.description)
        self.assertEqual(self.fair.visitor_count, 1)
        self.assertEqual(lead.registration_ids.state, "done")
        self.assertIn("Came to a fair", lead.marketing_score_text)
        action = form.action_save_next()
        self.assertEqual(action["res_model"], "crm.fair.visitor")

    def test_a_rule_of_the_event_makes_no_second_lead(self):
        """Covers: MKT-07"""
        self.env["event.lead.rule"].create(
            {
                "name": "Fair",
                "lead_creation_trigger": "done",
                "lead_type": "lead",
                "event_id": self.fair.id,
                "lead_user_id": self.seller.id,
            }
        )
        self.enter()._save()
        lead = self.env["crm.lead"].search([("event_id", "=", self.fair.id)])
        self.assertEqual(len(lead), 1)
        self.assertEqual(lead.campaign_id, self.fair.campaign_id)
        self.assertTrue(lead.event_lead_rule_id)

    def test_a_scanned_card_fills_the_form(self):
        """Covers: MKT-07"""
        with Form(self.env["crm.fair.visitor"]) as form:
            self.assertEqual(form.event_id, self.fair, "the fair of today")
            form.badge = "MECARD:N:Li,Wei;ORG:Li Coatings;EMAIL:wei@li.example;;"
        self.assertEqual(form.record.name, "Wei Li")
        self.assertEqual(form.record.company_name, "Li Coatings")

    def test_a_badge_of_this_fair_finds_its_registration(self):
        """Covers: MKT-07"""
        registration = self.env["event.registration"].create(
            {"event_id": self.fair.id, "name": "Max", "email": "max@x.example"}
        )
        with Form(self.env["crm.fair.visitor"].with_user(self.seller)) as form:
            form.event_id = self.fair
            form.badge = registration.barcode
        self.assertEqual(form.record.email, "max@x.example")
        lead = form.record._save().sudo()
        self.assertEqual(lead.registration_ids, registration)
        self.assertEqual(registration.state, "done")

    def test_a_known_customer_is_found_and_consent_is_kept(self):
        """Covers: MKT-05, MKT-07"""
        purpose = self.env.ref("crm_marketing.purpose_events")
        contact = self.env["res.partner"].create(
            {
                "name": "Jane",
                "email": "JANE@doe.example",
                "parent_id": self.partner_a.id,
            }
        )
        form = self.enter(
            has_agreed=True,
            purpose_id=purpose.id,
            product_ids=[Command.set(self.product_a.ids)],
        )
        lead = form._save().sudo()
        self.assertEqual(lead.partner_id, contact)
        [consent] = contact.consent_ids
        self.assertEqual((consent.state, consent.source), ("granted", "fair"))
        interest = contact.interest_ids
        self.assertEqual(
            (interest.product_id, interest.source), (self.product_a, "fair")
        )

    def test_who_cannot_be_answered_is_not_entered(self):
        """Covers: MKT-07"""
        with self.assertRaisesRegex(UserError, "answer to"):
            self.enter(email=False)._save()
        with self.assertRaisesRegex(UserError, "no email address"):
            self.enter(email="jane at home")._save()
        with self.assertRaisesRegex(UserError, "Choose what"):
            self.enter(has_agreed=True)._save()

    def test_the_fair_shows_what_it_brought_and_cost(self):
        """Covers: MKT-07"""
        lead = self.enter()._save().sudo()
        self.enter(name="John", email="john@doe.example")._save()
        lead.convert_opportunity(self.partner_a)
        self.sell(self.partner_a, opportunity_id=lead.id)
        stand = self.make_activity(
            "Stand", 500, campaign_id=self.fair.campaign_id.id, event_id=self.fair.id
        )
        self.bill(300, stand)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.fair.result_lead_count, 2)
        self.assertEqual(self.fair.result_revenue, 1000)
        self.assertEqual(self.fair.result_cost, 300)
        self.assertEqual(self.fair.result_cost_per_lead, 150)
        self.assertEqual(stand.date_from, self.fair.date_begin.date())

    def test_trainings_of_a_customer_s_people_are_counted(self):
        """Covers: MKT-07"""
        self.fair.marketing_kind = "training"
        contact = self.env["res.partner"].create(
            {"name": "Jane", "parent_id": self.partner_a.id}
        )
        self.env["event.registration"].create(
            {"event_id": self.fair.id, "partner_id": contact.id}
        )
        self.env.flush_all()
        self.assertEqual(self.partner_a.training_count, 1)
        action = self.partner_a.action_open_trainings()
        self.assertEqual(
            self.env["event.registration"].search(action["domain"]).partner_id, contact
        )
