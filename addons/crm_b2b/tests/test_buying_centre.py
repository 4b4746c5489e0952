from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestBuyingCentre(TransactionCase):
    """Covers: SAL-03"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account, cls.ann, cls.bob = cls.env["res.partner"].create(
            [{"name": "Coatings"}, {"name": "Ann"}, {"name": "Bob"}]
        )
        cls.decider = cls.env["crm.buying.role.type"].create({"name": "Decider"})
        cls.user_role = cls.env["crm.buying.role.type"].create({"name": "Lab user"})
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Resin",
                "type": "opportunity",
                "partner_id": cls.account.id,
                "user_id": cls.env.uid,
            }
        )

    def role(self, person, role=None, **values):
        return self.env["crm.buying.role"].create(
            {
                "lead_id": self.lead.id,
                "partner_id": person.id,
                "role_id": (role or self.decider).id,
                **values,
            }
        )

    def test_a_required_role_nobody_fills_is_named(self):
        self.lead.stage_id.required_role_ids = [
            Command.set((self.decider + self.user_role).ids)
        ]
        self.assertEqual(self.lead.buying_gap, "Decider, Lab user")
        self.role(self.ann)
        self.assertEqual(self.lead.buying_gap, "Lab user")

    def test_last_contact_is_the_newest_of_mail_call_and_meeting(self):
        now = fields.Datetime.now()
        person = self.role(self.ann)
        self.assertFalse(person.last_contact)
        for days, make in (
            (9, self._receive_mail),
            (7, self._send_mail),
            (5, self._finish_call),
            (3, self._meet),
        ):
            when = now - timedelta(days=days)
            make(when)
            person.invalidate_recordset()
            with self.subTest(contact=make.__name__):
                self.assertEqual(person.last_contact, when.replace(microsecond=0))
        self._meet(now + timedelta(days=1))  # a meeting to come is no contact yet
        person.invalidate_recordset()
        self.assertLess(person.last_contact, now)

    def _receive_mail(self, when):
        self.lead.message_post(
            body="Hello", author_id=self.ann.id, message_type="email"
        ).date = when

    def _send_mail(self, when):
        self.lead.message_post(
            body="Hello", partner_ids=self.ann.ids, message_type="comment"
        ).date = when

    def _finish_call(self, when):
        activity = self.ann.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.env.uid
        )
        before = self.ann.message_ids
        activity.action_feedback("Called")
        (self.ann.message_ids - before).date = when

    def _meet(self, when):
        self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": when,
                "stop": when + timedelta(hours=1),
                "partner_ids": [Command.set(self.ann.ids)],
            }
        )

    def test_last_contact_of_eighty_people_is_one_query(self):
        people = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(80)])
        roles = self.env["crm.buying.role"].create(
            [
                {
                    "lead_id": self.lead.id,
                    "partner_id": person.id,
                    "role_id": self.decider.id,
                }
                for person in people
            ]
        )
        self.env.flush_all()
        roles.mapped("partner_id")
        roles.invalidate_recordset(["last_contact"])
        with self.assertQueryCount(1):
            roles.mapped("last_contact")

    @mute_logger("odoo.sql_db")
    def test_a_person_has_a_role_once(self):
        self.role(self.ann)
        self.role(self.ann, self.user_role)
        with self.assertRaises(IntegrityError):
            self.role(self.ann)

    def test_a_seller_sees_people_of_own_deals_only(self):
        seller = new_test_user(
            self.env, "buying_seller", "sales_team.group_sale_salesman"
        )
        person = self.role(self.ann)
        self.assertFalse(person.with_user(seller).has_access("read"))
        self.lead.user_id = seller
        self.assertTrue(person.with_user(seller).has_access("write"))
