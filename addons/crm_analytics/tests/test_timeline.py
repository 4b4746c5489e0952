from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestTimeline(ValueCommon):
    """Covers: CUS-08"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.seller = new_test_user(
            cls.env, "timeline_seller", "sales_team.group_sale_salesman", **make
        )
        cls.acme = cls.customer("Acme", user_id=cls.seller.id)
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.acme.id, "email": "b@example.com"}
        )
        cls.now = fields.Datetime.now()
        cls.orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": cls.buyer.id,
                    "company_id": cls.company.id,
                    "user_id": user.id,
                    "order_line": [
                        (0, 0, {"product_id": cls.product_a.id, "price_unit": 70})
                    ],
                }
                for user in (cls.seller, cls.env.user)
            ]
        )
        cls.orders.action_confirm()
        cls.env["sale.order"].create(
            {"partner_id": cls.acme.id, "company_id": cls.company.id}
        )  # a quotation has not happened yet
        for days in (3, -3):
            cls.env["calendar.event"].create(
                {
                    "name": f"Visit {days}",
                    "start": cls.now - timedelta(days=days),
                    "stop": cls.now - timedelta(days=days) + timedelta(hours=1),
                    "partner_ids": [(6, 0, cls.buyer.ids)],
                    "user_id": cls.seller.id,
                }
            )
        cls.mail = cls.acme.with_user(cls.seller).message_post(
            body="We thank you for the order",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        cls.acme.with_user(cls.seller).message_post(body="Internal note")
        cls.document(cls.acme, cls.day(1), 100)
        cls.refresh()

    def _timeline(self, user):
        account = self.acme.with_user(user).with_company(self.company)
        account.invalidate_recordset()
        return account.value_timeline

    def test_orders_visits_and_mails_stand_in_one_line_the_newest_first(self):
        events = self._timeline(self.env.user)
        dates = [event["date"] for event in events]
        self.assertEqual(dates, sorted(dates, reverse=True))
        by_kind = {}
        for event in events:
            by_kind.setdefault(event["kind"], []).append(event)
        self.assertEqual({e["id"] for e in by_kind["order"]}, set(self.orders.ids))
        self.assertEqual([e["name"] for e in by_kind["meeting"]], ["Visit 3"])
        [mail] = by_kind["mail"]
        self.assertEqual((mail["model"], mail["id"]), ("res.partner", self.acme.id))
        self.assertEqual(mail["text"], "We thank you for the order")

    def test_a_reported_visit_is_told_once_by_its_report(self):
        report = self.env["crm.visit.report"].create(
            {
                "name": "Paint shop",
                "partner_id": self.acme.id,
                "company_id": self.company.id,
                "date": self.now - timedelta(days=3),
                "report": "<p>They plan a second line</p>",
            }
        )
        event = self.env["calendar.event"].search([("name", "=", "Visit 3")])
        event = event.filtered(lambda event: self.buyer in event.partner_ids)
        self.assertNotIn("visit", [e["kind"] for e in self._timeline(self.env.user)])
        report.sudo().write({"event_id": event.id, "state": "done"})
        self.env.flush_all()
        events = {event["kind"]: event for event in self._timeline(self.env.user)}
        self.assertEqual(events["visit"]["text"], "They plan a second line")
        report.sudo().date = self.now - timedelta(days=1)
        value = self.value(self.acme)
        value.invalidate_recordset(["last_contact"])
        self.assertEqual(value.last_contact, report.date)
        self.assertNotIn("meeting", events)

    def test_nobody_finds_a_document_that_they_may_not_see(self):
        events = self._timeline(self.seller)
        orders = {event["id"] for event in events if event["kind"] == "order"}
        self.assertEqual(orders, set(self.orders[0].ids))

    def test_who_has_no_right_to_deals_or_orders_reads_the_rest(self):
        analyst = new_test_user(
            self.env,
            "timeline_analyst",
            "crm_analytics.group_analyst",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.assertFalse(self.env["crm.lead"].with_user(analyst).has_access("read"))
        kinds = {event["kind"] for event in self._timeline(analyst)}
        self.assertIn("mail", kinds)
        self.assertNotIn("order", kinds)

    def test_requests_and_ratings_are_in_it_with_service(self):
        if "helpdesk.ticket" not in self.env:
            self.skipTest("needs crm_service")
        ticket = (
            self.env["helpdesk.ticket"]
            .sudo()
            .create(
                {
                    "name": "Pump stands",
                    "description": "x",
                    "partner_id": self.buyer.id,
                    "company_id": self.company.id,
                }
            )
        )
        self.env["rating.rating"].sudo().create(
            {
                "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                "res_id": ticket.id,
                "partner_id": self.buyer.id,
                "rating": 4,
                "consumed": True,
                "feedback": "Quick",
            }
        )
        self.env.flush_all()
        account = self.acme.sudo().with_company(self.company)
        account.invalidate_recordset()
        events = {event["kind"]: event for event in account.value_timeline}
        self.assertIn("Pump stands", events["request"]["name"])
        self.assertEqual(events["rating"]["text"], "4 of 5 · Quick")
        self.assertEqual(events["rating"]["id"], ticket.id)

    def test_the_save_list_tells_the_last_contact_with_anybody(self):
        """Covers: ANA-02"""
        value = self.value(self.acme)
        self.assertEqual(value.last_contact.date(), self.now.date() - timedelta(3))
        self.buyer.message_post(
            body="Hello",
            message_type="email",
            author_id=self.buyer.id,
            subtype_xmlid="mail.mt_comment",
        )
        value.invalidate_recordset(["last_contact"])
        self.assertGreaterEqual(value.last_contact, self.mail.date)
