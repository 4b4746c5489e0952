from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestTiers(ValueCommon):
    """What others learn of the tier. Covers: ANA-05, SRV-15"""

    def test_a_tier_of_the_value_is_handed_on_in_its_company(self):
        good, unknown = self.customer("Good"), self.customer("Unknown")
        self.document(good, self.day(days=3), 1000)
        self.document(unknown, self.day(days=3), 10)
        self.refresh("full")
        values = (self.value(good) | self.value(unknown)).sudo()
        values.filtered(lambda value: value.partner_id == good).tier = "2"
        values.filtered(lambda value: value.partner_id == unknown).tier = False
        customers = (good | unknown).with_company(self.company)
        self.assertEqual(customers._get_customer_tiers(), {good.id: "2"})
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertEqual(customers.with_company(other)._get_customer_tiers(), {})

    def test_the_choices_are_shown_in_the_language_of_the_reader(self):
        options = dict(self.env["res.partner"]._get_customer_tier_options())
        self.assertEqual(list(options), ["1", "2", "3", "4", "5"])

    def test_requests_are_served_by_the_tier_where_service_is_installed(self):
        if "service.tier.rule" not in self.env:
            self.skipTest("needs crm_service")
        good = self.customer("Good")
        self.document(good, self.day(days=3), 1000)
        self.refresh("full")
        self.value(good).sudo().tier = "1"
        level = self.env["service.level"].sudo().create({"name": "For the best"})
        self.env["service.tier.rule"].sudo().create(
            {"tier": "1", "level_id": level.id, "priority": "3"}
        )
        ticket = (
            self.env["helpdesk.ticket"]
            .sudo()
            .create({"name": "Help", "description": "x", "partner_id": good.id})
        )
        self.assertEqual((ticket.service_level_id, ticket.priority), (level, "3"))
