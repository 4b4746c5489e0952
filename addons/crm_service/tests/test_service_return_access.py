from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestServiceReturnAccess(ReturnCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.technician = new_test_user(
            cls.env,
            "return_technician",
            groups="crm_service.group_service_technician",
            **company,
        )
        cls.team_agent = new_test_user(
            cls.env,
            "return_team",
            groups="crm_service.group_service_user_team",
            **company,
        )
        cls.finance = new_test_user(
            cls.env, "return_finance", groups="account.group_account_invoice", **company
        )
        cls.storeman = new_test_user(
            cls.env, "return_store", groups="stock.group_stock_user", **company
        )
        cls.outsider = new_test_user(
            cls.env, "return_outsider", groups="base.group_user", **company
        )
        cls.case = cls.returned(cls.sell(), 4)
        cls.complaint = cls.env["service.complaint"].create(
            {"summary": "Dented", "partner_id": cls.customer.id}
        )

    def sees(self, user, record):
        found = self.env[record._name].with_user(user).search([("id", "=", record.id)])
        return bool(found)

    def test_an_agent_without_right_on_stock_and_invoices_does_it_all(self):
        """Covers: SRV-09"""
        case = self.case.with_user(self.agent)
        case.action_authorise()
        self.receive(self.case)
        case.line_ids.resolution = "credit"
        case.action_inspect()
        case.action_settle()
        self.assertEqual((case.credit_count, case.receipt_count), (1, 1))
        for model in ("stock.picking", "account.move", "repair.order"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.agent).search([]).read(["id"])
        with self.assertRaises(AccessError):
            case.read(["cost_total"])
        self.case._get_credit_notes().with_user(self.finance).action_post()
        self.assertEqual(self.case.state, "done")

    def test_the_warehouse_receives_without_right_on_returns(self):
        """Covers: SRV-09"""
        self.case.action_authorise()
        receipt = self.case._get_pickings("receipt").with_user(self.storeman)
        receipt.move_ids.picked = True
        receipt._action_done()
        self.assertEqual(self.case.state, "received")
        self.assertTrue(self.sees(self.storeman, self.case))
        with self.assertRaises(AccessError):
            self.case.with_user(self.storeman).reason = "No"

    def test_a_technician_sees_returns_of_his_requests_only(self):
        """Covers: SRV-09"""
        self.assertFalse(self.sees(self.technician, self.case))
        self.case._ensure_request()
        self.case.ticket_id.user_id = self.technician
        self.assertTrue(self.sees(self.technician, self.case))
        self.assertTrue(self.sees(self.technician, self.case.line_ids))
        self.case.line_ids.with_user(self.technician).finding = "Seal is worn"
        with self.assertRaises(AccessError):
            self.env["service.return"].with_user(self.technician).create(
                {"partner_id": self.customer.id}
            )
        self.assertFalse(self.sees(self.technician, self.complaint))
        self.complaint.step_ids[3].user_id = self.technician
        self.assertTrue(self.sees(self.technician, self.complaint))

    def test_an_agent_of_a_team_sees_those_of_his_team(self):
        """Covers: SRV-09"""
        others, mine = self.env["helpdesk.ticket.team"].create(
            [
                {"name": "Others", "company_id": self.company.id},
                {
                    "name": "Mine",
                    "company_id": self.company.id,
                    "user_ids": [Command.set(self.team_agent.ids)],
                },
            ]
        )
        self.case._ensure_request()
        tickets = self.case.ticket_id | self.complaint.ticket_id
        for team, seen in ((others, False), (mine, True)):
            tickets.team_id = team
            for record in (self.case, self.case.line_ids, self.complaint):
                self.assertEqual(self.sees(self.team_agent, record), seen, record)
                self.assertTrue(self.sees(self.agent, record))

    def test_finance_reads_and_others_do_not(self):
        """Covers: SRV-09"""
        for record in (self.case, self.case.line_ids, self.complaint):
            self.assertTrue(self.sees(self.finance, record))
            with self.assertRaises(AccessError):
                record.with_user(self.finance).write({"active": False})
            with self.assertRaises(AccessError):
                record.with_user(self.outsider).read(["display_name"])
        self.case.with_user(self.finance).read(["cost_total"])

    def test_another_company_sees_nothing(self):
        """Covers: SRV-09"""
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "return_other_company",
            groups="crm_service.group_service_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in (
            self.case,
            self.case.line_ids,
            self.complaint,
            self.complaint.step_ids[0],
        ):
            self.assertFalse(self.sees(stranger, record), record)
        report = self.env["service.complaint.report"].with_user(stranger)
        self.assertFalse(report.search([("product_id", "=", self.resin.id)]))
        select = (
            self.env["service.return.select"]
            .with_user(stranger)
            .create({"partner_id": self.customer.id, "company_id": other.id})
        )
        self.assertFalse(select.line_ids)

    def test_the_choice_does_not_show_deliveries_of_a_foreign_company(self):
        """A user who names a company of which he is no member gets nothing.

        Covers: SRV-09
        """
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "return_curious",
            groups="crm_service.group_service_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        selects = self.env["service.return.select"].with_user(stranger)
        with self.assertRaises(AccessError):
            selects.create(
                {"partner_id": self.customer.id, "company_id": self.company.id}
            ).flush_recordset()

    def test_an_invoice_opens_for_who_has_no_right_on_payments(self):
        """The form counts payments; the count must not refuse the form."""
        case = self.returned(self.sell(), 1)
        seller = new_test_user(
            self.env,
            "invoice_reader",
            groups="crm_service.group_service_user,"
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        move = self.env["account.move"].create(
            {"move_type": "out_refund", "partner_id": case.partner_id.id}
        )
        self.assertFalse(
            self.env["account.payment"].with_user(seller).has_access("read")
        )
        self.env.invalidate_all()
        move = move.with_user(seller)
        names = move.get_views([(False, "form")])["models"]["account.move"]["fields"]
        read = move.web_read({name: {} for name in names if name != "id"})
        self.assertEqual(read[0]["payment_count"], 0)
