from odoo.fields import Command
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

    def test_a_single_customer_is_not_the_worst_of_all(self):
        """Covers: ANA-05"""
        good = self.customer("Good")
        for months in range(12):
            self.document(good, self.day(months), 5000)
        self.refresh("full")
        value = self.value(good)
        # Without ratings: continuity 0.35, breadth 0.20 and a fifth of tenure's 0.15,
        # of all weights but that of satisfaction.
        step = 1 + int(value.loyalty // 20)
        self.assertIn(step, (3, 4))
        self.assertEqual(value.contribution, 60_000)
        Cell = self.env["crm.tier.cell"]
        self.assertEqual(value.tier, str(Cell._get_cell(step, 5).tier))
        self.assertIn(
            "1 customers are too few for quintiles (100 are needed)", value.worth_words
        )
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"m_amount_5": 70_000})
        self.refresh()
        self.assertEqual(value.tier, str(Cell._get_cell(step, 4).tier))
        self.assertNotEqual(Cell._get_cell(step, 4).tier, 5)
        value.invalidate_recordset(["worth_words"])
        self.assertIn("and 4 of 5 by contribution", value.worth_words)

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

    def test_the_profit_of_contracts_is_told_by_tier(self):
        """Covers: SRV-15"""
        if "service.contract.report" not in self.env:
            self.skipTest("needs crm_service")
        good, plain = self.customer("Good"), self.customer("Plain")
        for customer in (good, plain):
            self.document(customer, self.day(days=3), 1000)
        self.refresh("full")
        self.value(good).sudo().tier = "1"
        self.value(plain).sudo().tier = False
        contracts = self.env["contract.contract"].sudo()
        for customer, price in ((good, 100), (plain, 30)):
            line = {
                "name": "Care",
                "product_id": self.product_a.id,
                "price_unit": price,
                "recurring_rule_type": "monthly",
                "date_start": self.day(1),
            }
            contracts |= contracts.create(
                {
                    "name": "Care",
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "contract_line_ids": [Command.create(line)],
                }
            )
        contracts.action_activate()
        contracts._bill_chunk(contracts.ids, self.as_of)
        lines = self.env["account.move.line"].search(
            [("contract_line_id.contract_id", "in", contracts.ids)]
        )
        lines.move_id.filtered(lambda move: move.state == "draft").action_post()
        self.env.flush_all()
        billed = {
            customer: -sum(
                line.balance for line in lines if line.partner_id == customer
            )
            for customer in (good, plain)
        }
        rows = (
            self.env["service.contract.report"]
            .sudo()
            ._read_group(
                [("contract_id", "in", contracts.ids)],
                ["tier"],
                ["billed:sum", "profit:sum"],
            )
        )
        self.assertGreater(billed[good], 0)
        self.assertEqual(
            {tier: amounts for tier, *amounts in rows},
            {"1": [billed[good]] * 2, False: [billed[plain]] * 2},
        )
