from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .desk_common import DeskCase


@tagged("post_install", "-at_install")
class TestTicketMerge(DeskCase, TransactionCase):
    """Covers: SRV-01"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.third = cls.env["helpdesk.ticket"].create(
            [
                {
                    "name": name,
                    "description": name,
                    "partner_id": cls.partner.id,
                    "team_id": cls.team.id,
                }
                for name in ("Pump stops", "Pump stops again", "Still stopping")
            ]
        )

    def merge(self, tickets, user=None):
        wizard = (
            self.env["service.request.merge"]
            .with_user(user or self.agent)
            .with_context(active_model="helpdesk.ticket", active_ids=tickets.ids)
            .create({})
        )
        wizard.action_merge()
        return wizard.kept_id

    def test_the_oldest_is_kept_and_has_what_the_others_had(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "log.txt",
                "raw": b"E-14",
                "res_model": "helpdesk.ticket",
                "res_id": self.second.id,
            }
        )
        self.third.message_post(body="Said in the third", message_type="comment")
        visit = self.env["service.visit"].create(
            {"summary": "Look", "ticket_id": self.second.id}
        )
        kept = self.merge(self.first | self.second | self.third)
        self.assertEqual(kept, self.first)
        self.assertEqual(file.res_id, kept.id)
        self.assertEqual(visit.ticket_id, kept)
        self.assertIn("Said in the third", str(kept.message_ids.mapped("body")))
        for double in self.second | self.third:
            self.assertEqual(double.duplicate_id, kept)
            self.assertTrue(double.closed)
            self.assertEqual(set(double.clock_ids.mapped("state")), {"void"})
        self.assertFalse(kept.closed)

    def test_an_answer_in_one_of_them_is_the_answer(self):
        self.second.with_user(self.agent).message_post(
            body="We are on our way",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.merge(self.first | self.second)
        self.assertTrue(self.first.first_response_date)
        response = self.first.clock_ids.filtered(lambda c: c.kind == "response")
        self.assertEqual(response.state, "met")

    def test_a_reply_to_a_mail_of_the_duplicate_finds_the_kept_one(self):
        sent = self.second.message_post(
            body="Question", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.merge(self.first | self.second)
        self.assertEqual(sent.res_id, self.first.id)

    def test_requests_of_two_customers_stay_two(self):
        self.second.partner_id = self.customer("Somebody else")
        with self.assertRaisesRegex(UserError, "one customer"):
            self.merge(self.first | self.second)
        self.assertFalse(self.second.duplicate_id)

    def test_nothing_is_merged_into_a_closed_one(self):
        self.first.stage_id = self.stage_done
        wizard = self.env["service.request.merge"].create(
            {"ticket_ids": (self.first | self.second).ids}
        )
        self.assertEqual(wizard.kept_id, self.second)
        wizard.kept_id = self.first
        with self.assertRaisesRegex(UserError, "is closed"):
            wizard.action_merge()

    def test_one_alone_cannot_be_merged(self):
        with self.assertRaisesRegex(UserError, "two requests"):
            self.merge(self.first)

    def test_a_technician_merges_nothing(self):
        technician = new_test_user(
            self.env, "merge_tech", groups="crm_service.group_service_technician"
        )
        with self.assertRaises(AccessError):
            self.merge(self.first | self.second, technician)
