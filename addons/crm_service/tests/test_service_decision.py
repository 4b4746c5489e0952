from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .desk_common import DeskCase


@tagged("post_install", "-at_install")
class TestServiceDecision(DeskCase):
    def outcome(self, ticket):
        return ticket.decision_id.outcome, ticket.decision_id.rule

    def test_each_outcome_from_the_records_of_the_erp(self):
        """Covers: SRV-03"""
        today = fields.Date.today()
        self.assertEqual(self.outcome(self.ticket()), ("not_covered", "no_contract"))
        self.assertEqual(
            self.outcome(self.ticket(partner_id=False)), ("not_covered", "no_customer")
        )
        asset = self.asset(delivery_date=today)
        self.assertEqual(
            self.outcome(self.ticket(asset_id=asset.id)), ("warranty", "warranty")
        )
        contract = self.contract()
        ticket = self.ticket()
        self.assertEqual(self.outcome(ticket), ("covered", "covered"))
        self.assertEqual(ticket.decision_id.contract_id, contract)

    def test_an_ended_contract_does_not_cover_and_is_named(self):
        contract = self.contract()
        contract.date_end = fields.Date.today() - timedelta(days=1)
        ticket = self.ticket()
        self.assertEqual(self.outcome(ticket), ("not_covered", "ended"))
        self.assertIn(contract.name, ticket.decision_id.explanation)

    def test_the_contract_of_another_customer_or_company_never_pays(self):
        """Covers: SRV-03"""
        self.contract(partner=self.customer("Somebody else"))
        company = self.env["res.company"].create({"name": "Other company"})
        self.env["contract.contract"].create(
            {
                "name": "Elsewhere",
                "partner_id": self.partner.id,
                "company_id": company.id,
                "service_level_id": self.level.id,
                "state": "active",
            }
        )
        self.assertEqual(self.outcome(self.ticket()), ("not_covered", "no_contract"))

    def test_exceeded_credit_blocks_and_names_the_invoices(self):
        """Covers: SRV-05"""
        self.contract()
        invoice = self.owe(self.partner, 1000, limit=500)
        ticket = self.ticket()
        decision = ticket.decision_id
        self.assertEqual(self.outcome(ticket), ("blocked", "credit"))
        self.assertEqual((decision.credit_exposure, decision.credit_limit), (1000, 500))
        invoices = [d for d in decision.documents if d["model"] == "account.move"]
        self.assertEqual([document["id"] for document in invoices], invoice.ids)
        # a complaint is listened to all the same
        self.assertEqual(self.outcome(self.ticket(kind="complaint"))[0], "covered")

    def test_the_decision_rests_on_the_shared_credit_gate(self):
        """Covers: SRV-05"""
        self.partner.credit_hold = True
        ticket = self.ticket()
        check = ticket.decision_id.credit_check_id
        self.assertEqual(self.outcome(ticket), ("blocked", "credit"))
        self.assertRecordValues(
            check,
            [
                {
                    "stage": "service",
                    "res_model": "helpdesk.ticket",
                    "res_id": ticket.id,
                    "result": "block",
                }
            ],
        )
        documents = ticket.decision_id.documents
        self.assertIn(check.id, [d["id"] for d in documents if "credit" in d["model"]])
        self.assertIn("hold", ticket.decision_id.explanation)

    def test_a_release_by_finance_lets_the_next_check_pass(self):
        """Covers: SRV-05"""
        self.contract()
        self.partner.credit_hold = True
        ticket = self.ticket()
        self.env["crm.credit.release"].create(
            {"partner_id": self.partner.id, "reason": "Cheque seen"}
        )
        ticket.action_check_again()
        self.assertEqual(self.outcome(ticket), ("covered", "covered"))
        self.assertIn("released", ticket.decision_id.explanation)

    def test_the_pass_of_one_customer_is_not_that_of_the_next(self):
        """Covers: SRV-05"""
        ticket = self.ticket()
        self.assertEqual(ticket.decision_id.credit_result, "allow")
        ticket.partner_id = self.customer("On hold", credit_hold=True)
        self.assertEqual(ticket.decision_id.outcome, "blocked")

    def test_an_agent_who_reads_no_invoices_gets_the_same_decision(self):
        self.owe(self.partner, 1000, limit=500)
        ticket = (
            self.env["helpdesk.ticket"]
            .with_user(self.agent)
            .create({"name": "x", "description": "x", "partner_id": self.partner.id})
        )
        self.assertEqual(ticket.decision_id.outcome, "blocked")
        self.assertIn("BLOCKED".lower(), ticket.decision_panel.lower())

    def test_a_change_makes_a_new_decision_and_keeps_the_old(self):
        """Covers: SRV-03"""
        ticket = self.ticket()
        old = ticket.decision_id
        ticket.asset_id = self.asset(delivery_date=fields.Date.today())
        self.assertEqual(ticket.decision_id.outcome, "warranty")
        self.assertEqual(ticket.decision_id.previous_id, old)
        self.assertEqual(old.outcome, "not_covered")
        ticket.name = "Another title"
        self.assertEqual(len(ticket.decision_ids), 2)

    def test_a_decision_cannot_be_changed_or_deleted_not_even_by_root(self):
        decision = self.ticket().decision_id
        with self.assertRaises(UserError):
            decision.sudo().outcome = "covered"
        with self.assertRaises(UserError):
            decision.sudo().unlink()

    def test_only_a_manager_overrides_and_his_reason_is_kept(self):
        """Covers: SRV-03"""
        ticket = self.ticket()
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent)._override_decision("covered", "please")
        wizard = (
            self.env["service.decision.override"]
            .with_user(self.leader)
            .create(
                {"ticket_id": ticket.id, "outcome": "covered", "reason": "Goodwill"}
            )
        )
        wizard.action_apply()
        self.assertRecordValues(
            ticket.decision_id,
            [
                {
                    "outcome": "covered",
                    "rule": "manager",
                    "trigger": "override",
                    "override_reason": "Goodwill",
                    "user_id": self.leader.id,
                }
            ],
        )
        self.assertEqual(ticket.decision_id.previous_id.outcome, "not_covered")
        self.assertIn("Goodwill", ticket.message_ids[0].body)

    def test_mail_gateway_registers_decision_and_clocks(self):
        """Covers: SRV-01, SRV-03"""
        self.partner.email = "desk.customer@example.com"
        self.contract()
        ticket = self.env["helpdesk.ticket"].message_new(
            {
                "subject": "Pump stands",
                "from": "desk.customer@example.com",
                "to": "help@example.com",
                "author_id": self.partner.id,
                "body": "<p>Help</p>",
                "message_id": "<1@example.com>",
            },
            {"team_id": self.team.id},
        )
        self.assertEqual(ticket.decision_id.outcome, "covered")
        self.assertEqual(len(ticket.clock_ids), 2)

    def test_the_level_of_the_contract_goes_before_that_of_the_team(self):
        platinum = self.level.copy({"name": "Platinum", "calendar_id": False})
        self.contract(service_level_id=platinum.id)
        ticket = self.ticket()
        self.assertEqual(ticket.service_level_id, platinum)
        self.assertEqual(ticket.clock_ids.level_id, platinum)
        self.assertEqual(ticket.decision_id.level_id, platinum)

    def test_a_covered_request_takes_one_and_the_next_finds_nothing_left(self):
        """Covers: SRV-03"""
        entitlement = self.entitlement(quantity=1.0)
        first = self.ticket()
        self.assertEqual(self.outcome(first), ("covered", "covered"))
        self.assertEqual(first.decision_id.remainder, 1.0)
        self.assertEqual(first.decision_id.entitlement_id, entitlement)
        self.assertEqual(entitlement.remaining, 0.0)
        second = self.ticket()
        self.assertEqual(self.outcome(second), ("exhausted", "exhausted"))
        # the first keeps its own on a second look, and gives it back if cancelled
        first.action_check_again()
        self.assertEqual(self.outcome(first), ("covered", "covered"))
        self.assertEqual(entitlement.remaining, 0.0)
        first.stage_id = self.stage_cancelled
        self.assertEqual(entitlement.remaining, 1.0)
        second.action_check_again()
        self.assertEqual(self.outcome(second), ("covered", "covered"))

    def test_hours_cover_while_any_are_left_and_are_not_taken_at_registration(self):
        """Covers: SRV-03"""
        entitlement = self.entitlement(kind="hours", quantity=12.0)
        left = entitlement.remaining
        ticket = self.ticket()
        self.assertEqual(self.outcome(ticket), ("covered", "covered"))
        self.assertEqual(entitlement.remaining, left)
        entitlement._consume(left)
        self.assertEqual(self.outcome(self.ticket()), ("exhausted", "exhausted"))
        self.assertEqual(self.outcome(self.ticket(kind="visit"))[0], "exhausted")

    def test_an_entitlement_for_another_product_does_not_pay(self):
        """Covers: SRV-03"""
        entitlement = self.entitlement(quantity=5.0)
        entitlement.product_ids = self.product("Compressor")
        self.assertEqual(self.outcome(self.ticket()), ("not_covered", "no_contract"))
        asset = self.asset(product=entitlement.product_ids)
        ticket = self.ticket(asset_id=asset.id)
        self.assertEqual(self.outcome(ticket), ("covered", "covered"))

    def test_a_suspended_contract_does_not_pay_and_its_clocks_stand(self):
        """Covers: SRV-02, SRV-04"""
        contract = self.contract()
        ticket = self.ticket()
        self.assertEqual(set(ticket.clock_ids.mapped("state")), {"running"})
        contract._suspend(fields.Date.today(), "unpaid")
        self.assertEqual(contract._get_service_state(), "suspended")
        self.assertEqual(set(ticket.clock_ids.mapped("state")), {"paused"})
        self.assertEqual(self.outcome(self.ticket()), ("not_covered", "suspended"))

    def test_the_panel_says_in_words_what_the_colour_says(self):
        self.contract()
        panel = self.ticket().decision_panel
        for word in ("Covered", "Respond by", "Resolve by", "no credit limit"):
            self.assertIn(word, panel)

    def test_registering_many_requests_costs_a_constant_number_of_reads(self):
        """Covers: SRV-03"""
        self.contract()

        def register(number):
            before = self.env.cr.sql_log_count
            self.env["helpdesk.ticket"].create(
                [
                    {
                        "name": "x",
                        "description": "x",
                        "partner_id": self.partner.id,
                        "team_id": self.team.id,
                        "number": f"T{number}-{index}",
                    }
                    for index in range(number)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        register(1)
        self.assertLess(register(20) - register(2), 18 * 6)
