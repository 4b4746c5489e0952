from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user


class DeskCase(TransactionCase):
    """A company that works in Brussels, with one service level and one team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.company.service_level_id = False
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Test hours", "tz": "Europe/Brussels"}
        )
        cls.level = cls.env["service.level"].create(
            {
                "name": "Gold",
                "calendar_id": cls.calendar.id,
                "line_ids": [
                    fields.Command.create(
                        {"response_hours": 4, "resolution_hours": 16}
                    ),
                    fields.Command.create(
                        {"priority": "3", "response_hours": 1, "resolution_hours": 4}
                    ),
                    fields.Command.create({"kind": "question", "response_hours": 8}),
                ],
                "step_ids": [
                    fields.Command.create({"percent": 75, "receiver": "leader"}),
                    fields.Command.create({"percent": 100, "action": "raise_priority"}),
                ],
            }
        )
        cls.leader = new_test_user(
            cls.env, "desk_leader", groups="crm_service.group_service_manager"
        )
        cls.agent = new_test_user(
            cls.env, "desk_agent", groups="crm_service.group_service_user"
        )
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Test desk",
                "service_level_id": cls.level.id,
                "user_id": cls.leader.id,
                "user_ids": [fields.Command.set((cls.leader | cls.agent).ids)],
            }
        )
        cls.partner = cls.customer("Desk customer")
        cls.stage_new = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        cls.stage_waiting = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_awaiting")
        cls.stage_done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.stage_cancelled = cls.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_stage_cancelled"
        )

    @classmethod
    def customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def product(cls, name="Pump", **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "tracking": "serial",
                "service_installed_base": True,
                "service_warranty_months": 12,
                **values,
            }
        )

    @classmethod
    def asset(cls, **values):
        product = values.pop("product", None) or cls.product()
        return cls.env["service.asset"].create(
            {"product_id": product.id, "partner_id": cls.partner.id, **values}
        )

    @classmethod
    def contract(cls, partner=None, **values):
        return cls.env["contract.contract"].create(
            {
                "name": "Service contract",
                "partner_id": (partner or cls.partner).id,
                "service_level_id": cls.level.id,
                "state": "active",
                **values,
            }
        )

    @classmethod
    def entitlement(cls, kind="requests", quantity=1.0, **values):
        """Return an entitlement of a running contract, granted for this year."""
        today = fields.Date.today()
        line = {
            "name": "Care",
            "product_id": cls.product("Care", is_storable=False).id,
            "recurring_rule_type": "monthly",
            "date_start": today.replace(day=1),
        }
        contract = cls.contract(contract_line_ids=[fields.Command.create(line)])
        entitlement = cls.env["service.entitlement"].create(
            {
                "name": "Care",
                "contract_line_id": contract.contract_line_ids.id,
                "kind": kind,
                "quantity": quantity,
                **values,
            }
        )
        entitlement._grant_due()
        return entitlement

    @classmethod
    def ticket(cls, **values):
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Pump stands",
                "description": "It does not turn",
                "partner_id": cls.partner.id,
                "team_id": cls.team.id,
                "user_id": cls.agent.id,
                **values,
            }
        )

    def clock(self, ticket, kind="resolution"):
        return ticket.clock_ids.filtered(lambda clock: clock.kind == kind)

    def owe(self, partner, amount, limit):
        """Let ``partner`` owe ``amount`` on a posted invoice, with a credit limit."""
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)], limit=1
        )
        if not journal:
            self.skipTest("needs a chart of accounts")
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": journal.id,
                "invoice_date": fields.Date.today(),
                "invoice_date_due": fields.Date.today() + timedelta(days=30),
                "invoice_line_ids": [
                    fields.Command.create(
                        {"name": "Goods", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        move.action_post()
        partner.write({"credit_limit": limit, "risk_invoice_open_include": True})
        # the risk fields do not depend on the state of the invoice
        self.env.flush_all()
        self.env.invalidate_all()
        return move
