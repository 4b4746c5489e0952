from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestServiceReturnTour(HttpCase, ReturnCase):
    """In the browser: from the first call to the credit note, and a complaint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "return_tour",
            groups="crm_service.group_service_manager,stock.group_stock_user,"
            "account.group_account_manager,sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.resin.name = "Tour resin"
        cls.order = cls.sell()

    def ticket(self, kind):
        return self.env["helpdesk.ticket"].create(
            {
                "name": "Gels too fast",
                "description": "In the drum",
                "kind": kind,
                "partner_id": self.customer.id,
                "user_id": self.manager.id,
                "company_id": self.company.id,
                "product_id": self.resin.id,
            }
        )

    def test_a_return_from_the_first_call_to_the_credit_note(self):
        """Covers: SRV-09"""
        ticket = self.ticket("return")
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "crm_service_return_open",
            login="return_tour",
        )
        case = ticket.return_ids
        self.assertEqual((case.state, case.line_ids.quantity), ("authorised", 4))
        self.receive(case)
        self.start_tour(
            f"/odoo/service-returns/{case.id}",
            "crm_service_return_settle",
            login="return_tour",
        )
        self.assertEqual((case.state, case.outcome), ("done", "credited"))
        self.assertEqual(case._get_credit_notes().amount_untaxed, 200)

    def test_a_step_of_a_complaint_is_written_and_done(self):
        """Covers: SRV-10"""
        ticket = self.ticket("complaint")
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "crm_service_complaint",
            login="return_tour",
        )
        step = ticket.complaint_ids.step_ids[0]
        self.assertTrue(step.done)
        self.assertIn("Quality and production", step.text)
        self.assertEqual(step.done_by_id, self.manager)
