from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .visit_common import VisitCase


@tagged("post_install", "-at_install")
class TestServiceLifeTours(HttpCase, VisitCase):
    """Contract life, request to invoice, and the portal in a browser."""

    def test_a_contract_is_activated_suspended_and_resumed(self):
        """Covers: SRV-02"""
        new_test_user(
            self.env,
            "tour_manager",
            groups="crm_service.group_service_manager",
            tz="UTC",
        )
        contract = self.contract(
            state="draft",
            contract_line_ids=[
                Command.create(
                    {
                        "name": "Care",
                        "product_id": self.product("Care", is_storable=False).id,
                        "recurring_rule_type": "monthly",
                        "date_start": self.today,
                    }
                )
            ],
        )
        self.start_tour(
            f"/odoo/contract.contract/{contract.id}",
            "crm_service_contract_life",
            login="tour_manager",
        )
        self.assertEqual(contract.state, "active")

    def test_work_that_nobody_covers_becomes_a_draft_invoice(self):
        """Covers: SRV-03, SRV-08"""
        self.need_accounts()
        new_test_user(
            self.env,
            "tour_agent",
            groups="crm_service.group_service_user,account.group_account_invoice",
            tz="UTC",
        )
        ticket = self.ticket()
        line = self.work(ticket, name="Seal replaced", quantity=2)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "crm_service_request_to_invoice",
            login="tour_agent",
        )
        self.assertEqual(line.invoice_id.state, "draft")
        self.assertEqual(line.invoice_id.amount_untaxed, 200)

    def test_a_customer_sees_his_product_its_next_service_and_his_request(self):
        """Covers: SRV-13"""
        user = new_test_user(
            self.env, "tour_portal", groups="base.group_portal", email="t@x.example"
        )
        user.partner_id.parent_id = self.partner
        asset = self.asset(name="Portal pump", state="active")
        self.env["service.maintenance.plan"].create(
            {
                "name": "Yearly",
                "partner_id": self.partner.id,
                "date_start": fields.Date.today() + timedelta(days=90),
                "line_ids": [Command.create({"asset_id": asset.id})],
            }
        )
        self.ticket(name="Portal request", asset_id=asset.id)
        self.start_tour("/my/assets", "crm_service_portal", login="tour_portal")
