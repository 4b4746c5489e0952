from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestRelationshipReview(OrderToCashCommon):
    """Covers: CUS-03"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.customer.write(
            {"relationship_target": "proactive", "user_id": cls.seller.id}
        )

    def _visit(self, days_ago, **values):
        return self.env["crm.visit.report"].create(
            {
                "name": "Visit",
                "partner_id": self.customer.id,
                "attendee_ids": self.contact.ids,
                "date": fields.Datetime.now() - timedelta(days=days_ago),
                "state": "done",
                **values,
            }
        )

    def _take(self, day=None):
        return (
            self.env["crm.relationship.review"]
            .sudo()
            ._take(self.customer, self.env.company, day or self.today)
        )

    def test_nothing_but_sales_is_basic_and_the_gap_says_what_is_missing(self):
        review = self._take()
        self.assertRecordValues(
            review, [{"observed_level": "basic", "gap": 3, "contacts": 0}]
        )
        self.assertEqual(len(review.missing.splitlines()), 4)

    def test_visits_through_the_year_with_feedback_are_proactive(self):
        for number, days_ago in enumerate((5, 100, 190, 280)):
            self._visit(days_ago, feedback_asked=not number)
        review = self._take()
        self.assertRecordValues(
            review,
            [{"observed_level": "proactive", "gap": 0, "own_contacts": 4, "people": 1}],
        )
        self.assertFalse(review.missing)
        self.assertEqual(self.customer.relationship_level, "proactive")
        self.assertEqual(self.contact.relationship_level, "proactive")

    def test_messages_of_the_customer_count_as_theirs(self):
        deal = self.deal()
        for _number in range(2):
            deal.message_post(
                body="Question",
                author_id=self.contact.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        review = self._take()
        self.assertRecordValues(
            review,
            [{"observed_level": "reactive", "contacts": 2, "own_contacts": 0}],
        )

    def test_a_contact_soon_after_a_delivery_is_its_follow_up(self):
        drum = self.env["product.product"].create(
            {"name": "Drum", "type": "consu", "is_storable": True}
        )
        order = self.quote(confirm=False)
        order.order_line.product_id = drum
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 10, "picked": True})
        picking.button_validate()
        review = self._take()
        self.assertEqual((review.deliveries, review.followed), (1, 0))
        self._visit(0)
        self.env.invalidate_all()
        review = self._take()
        self.assertEqual((review.deliveries, review.followed), (1, 1))

    def test_what_is_older_than_twelve_months_does_not_count(self):
        self._visit(400)
        self.assertEqual(self._take().contacts, 0)

    def test_a_second_run_on_a_day_replaces_the_first_and_the_last_is_current(self):
        first = self._take(self.today - timedelta(days=7))
        self.assertTrue(first.current)
        second = self._take()
        self.assertEqual(self._take(), second)
        self.assertEqual((first.current, second.current), (False, True))

    def test_many_accounts_are_read_in_one_statement(self):
        accounts = self.env["res.partner"].create(
            [{"name": f"Account {n}", "is_company": True} for n in range(40)]
        )
        self.env.flush_all()
        Review = self.env["crm.relationship.review"]
        self.env.company.crm_b2b_followup_days  # noqa: B018  read it beforehand
        Review = Review.sudo()
        with self.assertQueryCount(1):
            Review._get_facts(accounts, self.env.company, self.today)

    def test_the_next_step_becomes_an_activity_of_the_salesperson(self):
        review = self._take()
        review.action_plan_contact()
        self.assertEqual(review.activity_ids.user_id, self.seller)

    def test_a_salesperson_sees_own_reviews_and_writes_none(self):
        review = self._take()
        Review = self.env["crm.relationship.review"].with_user(self.seller)
        self.assertTrue(Review.search([("id", "=", review.id)]))
        with self.assertRaises(AccessError):
            Review.create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.env.company.id,
                    "date": self.today,
                }
            )
        review.user_id = self.env.user
        self.assertFalse(Review.search([("id", "=", review.id)]))
