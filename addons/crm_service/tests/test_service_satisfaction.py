from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .desk_common import DeskCase
from .visit_common import VisitCase


class SatisfactionCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "happy_seller", groups="sales_team.group_sale_salesman"
        )
        cls.partner.user_id = cls.seller
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Ana",
                "parent_id": cls.partner.id,
                "email": "ana@customer.example",
                "lang": "zh_CN" if cls._has_chinese() else "en_US",
            }
        )

    @classmethod
    def _has_chinese(cls):
        return bool(cls.env["res.lang"]._get_data(code="zh_CN"))

    def close(self, ticket, stage=None):
        ticket.stage_id = stage or self.stage_done
        return ticket

    def to_ask(self, records):
        return records.search(
            records._get_rating_domain() & fields.Domain("id", "in", records.ids)
        )

    def follow_ups(self):
        kind = self.env.ref("crm_service.mail_activity_type_dissatisfied")
        return self.partner.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def rate(self, record, rate, feedback=""):
        token = record.sudo()._rating_get_access_token()
        return record.sudo().rating_apply(rate, token=token, feedback=feedback)


@tagged("post_install", "-at_install")
class TestRatingOfRequests(SatisfactionCase):
    def test_a_closed_request_is_asked_about_once_in_the_language_of_the_contact(self):
        """Covers: SRV-14"""
        ticket = self.close(self.ticket(partner_id=self.contact.id))
        self.assertEqual(self.to_ask(ticket), ticket)
        self.assertTrue(ticket._ask_for_rating())
        self.assertFalse(ticket._ask_for_rating(), "the second time nothing is sent")
        self.assertFalse(self.to_ask(ticket))
        mails = self.env["mail.mail"].search(
            [("model", "=", ticket._name), ("res_id", "=", ticket.id)]
        )
        mails = mails.filtered(lambda mail: "/rate/" in (mail.body_html or ""))
        self.assertEqual(mails.recipient_ids, self.contact)
        self.assertEqual(len(mails), 1)
        token = ticket.rating_ids.access_token
        for rate in (1, 3, 5):
            self.assertIn(f"/rate/{token}/{rate}", mails.body_html)
        self.assertIn("rating_5.png", mails.body_html)

    def test_asking_is_no_answer_to_the_customer(self):
        """The mail must not stop the response clock of a reopened request."""
        ticket = self.close(self.ticket(partner_id=self.contact.id))
        ticket._ask_for_rating()
        self.assertFalse(ticket.first_response_date)

    def test_internal_cancelled_old_and_unreachable_requests_are_not_asked_about(self):
        """Covers: SRV-14"""
        inside = self.agent.partner_id
        inside.email = "agent@us.example"
        loner = self.customer("No address")
        shy = self.customer("Shy", email="shy@x.example", service_no_survey=True)
        good = self.close(self.ticket(partner_id=self.contact.id))
        old = self.close(self.ticket(partner_id=self.contact.id))
        old.closed_date = fields.Datetime.now() - timedelta(days=8)
        copy = self.close(self.ticket(partner_id=self.contact.id))
        copy.duplicate_id = good
        others = (
            old
            | copy
            | self.close(self.ticket(partner_id=inside.id))
            | self.close(self.ticket(partner_id=loner.id))
            | self.close(self.ticket(partner_id=shy.id))
            | self.close(self.ticket(partner_id=False))
            | self.close(self.ticket(partner_id=self.contact.id), self.stage_cancelled)
            | self.ticket(partner_id=self.contact.id)
        )
        self.assertEqual(self.to_ask(good | others), good)
        self.company.service_rating = False
        self.assertFalse(self.to_ask(good | others))

    def test_a_low_rating_opens_one_follow_up_for_owner_and_manager(self):
        """Covers: SRV-14"""
        ticket = self.close(self.ticket(partner_id=self.contact.id))
        self.rate(ticket, 1, "Nobody called back")
        found = self.follow_ups()
        self.assertEqual(found.user_id, self.seller | self.leader)
        self.assertEqual(len(found), 2)
        self.assertIn("Nobody called back", found[0].note)
        self.assertIn(ticket.number, found[0].note)
        rating = ticket.rating_ids
        ticket.sudo().rating_apply(1, rating=rating, feedback="Still nobody")
        self.assertEqual(self.follow_ups(), found, "clicking again opens no other")

    def test_a_good_rating_opens_nothing(self):
        ticket = self.close(self.ticket(partner_id=self.contact.id))
        self.rate(ticket, 5)
        self.rate(ticket, 3)
        self.assertFalse(self.follow_ups())

    def test_the_owner_without_access_to_requests_gets_his_activity(self):
        """An activity on the request itself would fail for a seller."""
        ticket = self.close(self.ticket(partner_id=self.contact.id))
        self.assertFalse(ticket.with_user(self.seller).has_access("read"))
        self.rate(ticket, 1)
        mine = self.follow_ups().with_user(self.seller)
        self.assertTrue(
            mine.filtered(lambda a: a.user_id == self.seller).has_access("read")
        )

    def test_the_cron_asks_for_all_that_is_due(self):
        tickets = self.close(self.ticket(partner_id=self.contact.id)) | self.close(
            self.ticket(partner_id=self.contact.id)
        )
        with self.enter_registry_test_mode():
            self.env.ref("crm_service.ir_cron_rating_ticket").method_direct_trigger()
        tickets.invalidate_recordset()
        self.assertTrue(all(tickets.mapped("rating_asked_on")))
        self.assertEqual(len(tickets.sudo().rating_ids), 2)


@tagged("post_install", "-at_install")
class TestRatingOfVisits(VisitCase):
    def test_a_visit_that_solved_a_request_is_asked_about_instead_of_it(self):
        """Covers: SRV-14"""
        contact = self.env["res.partner"].create(
            {"name": "Bo", "email": "bo@customer.example"}
        )
        ticket = self.ticket(partner_id=contact.id)
        visit = self.visit(ticket_id=ticket.id, partner_id=contact.id)
        visit.write({"state": "done", "confirmed_on": fields.Datetime.now()})
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        due = visit.search(
            visit._get_rating_domain() & fields.Domain("id", "=", visit.id)
        )
        self.assertEqual(due, visit)
        self.assertFalse(
            ticket.search(
                ticket._get_rating_domain() & fields.Domain("id", "=", ticket.id)
            )
        )
        self.assertTrue(visit._ask_for_rating())
        self.assertIn(
            f"/rate/{visit.sudo().rating_ids.access_token}/1",
            self.env["mail.mail"]
            .search([("model", "=", "service.visit"), ("res_id", "=", visit.id)])
            .mapped("body_html")[-1],
        )
        visit.solved = False
        self.assertEqual(
            ticket.search(
                ticket._get_rating_domain() & fields.Domain("id", "=", ticket.id)
            ),
            ticket,
            "what was not solved on site is a question of its own",
        )


@tagged("post_install", "-at_install")
class TestYearlySurvey(SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("crm_service.survey_relationship")
        cls.company.write({"service_survey": True, "service_survey_batch": 500})
        cls.running = cls.contract()

    def asked(self, contacts, limit=100000):
        return self.company._get_survey_contacts(limit) & contacts

    def answer(self, again=10, recommend=10, comment="", contact=None):
        contact = contact or self.contact
        answer = self.company._send_survey(self.survey, contact, None)
        for xmlid, value in (("again", again), ("recommend", recommend)):
            question = self.env.ref(f"crm_service.survey_question_{xmlid}")
            answer._save_lines(question, value)
        if comment:
            question = self.env.ref("crm_service.survey_question_comment")
            answer._save_lines(question, comment)
        answer._mark_done()
        return answer

    def test_contacts_of_customers_with_contract_or_order_are_asked(self):
        """Covers: SRV-14"""
        buyer = self.customer("Buyer", email="buyer@x.example")
        self.env["sale.order"].create({"partner_id": buyer.id}).write(
            {"state": "sale", "date_order": fields.Datetime.now()}
        )
        former = self.customer("Former", email="former@x.example")
        self.env["sale.order"].create({"partner_id": former.id}).write(
            {
                "state": "sale",
                "date_order": fields.Datetime.now() - timedelta(days=500),
            }
        )
        stranger = self.customer("Stranger", email="stranger@x.example")
        shy = self.env["res.partner"].create(
            {
                "name": "Shy",
                "parent_id": self.partner.id,
                "email": "shy@customer.example",
                "service_no_survey": True,
            }
        )
        black = self.env["res.partner"].create(
            {
                "name": "Black",
                "parent_id": self.partner.id,
                "email": "black@customer.example",
            }
        )
        self.env["mail.blacklist"]._add(black.email)
        self.partner.email = "office@customer.example"
        everybody = (
            self.partner | self.contact | buyer | former | stranger | shy | black
        )
        # the customer itself is asked only where no person is known
        self.assertEqual(self.asked(everybody), self.contact | buyer)

    def test_a_contact_is_asked_once_a_year(self):
        """Covers: SRV-14"""
        first = self.company._send_survey(self.survey, self.contact, None)
        self.assertTrue(first)
        self.assertFalse(self.company._send_survey(self.survey, self.contact, None))
        self.assertFalse(self.asked(self.contact))
        self.env.cr.execute(
            "UPDATE survey_user_input SET create_date = create_date "
            "- interval '366 days' WHERE id = %s",
            [first.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.asked(self.contact), self.contact)

    def test_the_mail_goes_to_the_contact_with_his_own_link(self):
        answer = self.company._send_survey(self.survey, self.contact, None)
        mail = self.env["mail.mail"].search(
            [("model", "=", answer._name), ("res_id", "=", answer.id)]
        )
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertIn(answer.access_token, mail.body_html)
        self.assertEqual(answer.lang_id.code, self.contact.lang)

    def test_the_batch_of_the_day_is_kept(self):
        for number in range(3):
            self.env["res.partner"].create(
                {
                    "name": f"C{number}",
                    "parent_id": self.partner.id,
                    "email": f"c{number}@customer.example",
                }
            )
        today = self.company._count_surveys_today()
        self.company.service_survey_batch = today + 2
        cron = self.env.ref("crm_service.ir_cron_survey")
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        others.service_survey = False
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(self.company._count_surveys_today(), today + 2)

    def test_a_detractor_is_followed_up_once(self):
        """Covers: SRV-14"""
        answer = self.answer(again=8, recommend=3, comment="Late again")
        found = self.follow_ups()
        self.assertEqual(
            found.user_id, self.seller | self.company._get_satisfaction_manager()
        )
        self.assertIn("Late again", found[0].note)
        answer._mark_done()
        self.assertEqual(self.follow_ups(), found)

    def test_promoters_and_passives_are_not_followed_up(self):
        self.answer(again=7, recommend=9)
        self.assertFalse(self.follow_ups())

    def test_the_report_shows_the_score_by_customer_and_product_line(self):
        """Covers: SRV-14"""
        categ = self.env["product.category"].create({"name": "Test pumps"})
        second = self.env["res.partner"].create(
            {"name": "Cy", "parent_id": self.partner.id, "email": "cy@c.example"}
        )
        self.answer(again=10, recommend=9)
        self.answer(again=8, recommend=2, contact=second).service_categ_id = categ
        ticket = self.close(
            self.ticket(
                partner_id=self.contact.id,
                product_id=self.product(categ_id=categ.id).id,
            )
        )
        self.rate(ticket, 5)
        self.env.flush_all()
        report = self.env["service.satisfaction.report"]
        mine = [("partner_id", "=", self.partner.id)]
        rows = report._read_group(
            [*mine, ("kind", "=", "survey")], ["measure"], ["nps:avg", "__count"]
        )
        self.assertEqual(dict((m, (n, c)) for m, n, c in rows)["again"], (50, 2))
        self.assertEqual(dict((m, (n, c)) for m, n, c in rows)["recommend"], (0, 2))
        found = report._get_nps(mine)
        self.assertEqual((found.number, found.score), (4, 25))
        self.assertEqual(
            set(report.search([*mine, ("categ_id", "=", categ.id)]).mapped("kind")),
            {"survey", "request"},
        )
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.service_nps, 25)
        self.assertEqual(self.partner.service_csat, 100)
        self.assertEqual(self.partner.service_answer_count, 5)
        action = self.partner.action_view_satisfaction()
        self.assertEqual(report.search_count(action["domain"]), 5)
        row = report.search([*mine, ("kind", "=", "request")])
        self.assertEqual(row.action_open()["res_id"], ticket.id)

    def test_a_seller_sees_what_his_customers_think_and_no_others(self):
        """Covers: SRV-14"""
        self.answer(again=10)
        other = self.customer("Foreign", email="f@x.example")
        other.user_id = self.agent
        self.answer(again=1, contact=other)
        self.env.flush_all()
        seen = self.env["service.satisfaction.report"].with_user(self.seller)
        self.assertIn(self.partner, seen.search([]).partner_id)
        self.assertNotIn(other, seen.search([]).partner_id)
        self.assertEqual(self.partner.with_user(self.seller).service_nps_number, 2)

    def test_the_product_line_is_that_of_most_sales(self):
        categ = self.env["product.category"].create({"name": "Test mixers"})
        self.owe(self.partner, 10, 1000)
        self.env["account.move"].search(
            [("partner_id", "=", self.partner.id)]
        ).button_draft()
        move = self.env["account.move"].search([("partner_id", "=", self.partner.id)])
        move.invoice_line_ids = [
            Command.create(
                {
                    "product_id": self.product(categ_id=categ.id).id,
                    "price_unit": 900,
                    "tax_ids": [],
                }
            )
        ]
        move.action_post()
        self.assertEqual(
            self.company._get_survey_product_lines(self.contact), {self.partner: categ}
        )


@tagged("post_install", "-at_install")
class TestRatingInTheBrowser(HttpCase, SatisfactionCase):
    def test_a_click_in_the_mail_rates_the_request_and_is_followed_up(self):
        """The pages of core, without login, with our follow-up. Covers: SRV-14"""
        ticket = self.close(self.ticket(partner_id=self.contact.id))
        ticket._ask_for_rating()
        token = ticket.sudo().rating_ids.access_token
        page = self.url_open(f"/rate/{token}/1")
        self.assertEqual(page.status_code, 200)
        csrf = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        done = self.url_open(
            f"/rate/{token}/submit_feedback",
            data={"rate": 1, "feedback": "Too slow", "csrf_token": csrf},
        )
        self.assertEqual(done.status_code, 200)
        self.assertEqual(ticket.sudo().rating_ids.rating, 1)
        self.assertEqual(self.follow_ups().user_id, self.seller | self.leader)

    def test_the_two_questions_are_shown_to_who_has_the_link(self):
        self.contract()
        survey = self.env.ref("crm_service.survey_relationship")
        answer = self.company._send_survey(survey, self.contact, None)
        page = self.url_open(answer.get_start_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn(f'data-answer-token="{answer.access_token}"', page.text)
        self.assertIn("o_survey_start", page.text)
